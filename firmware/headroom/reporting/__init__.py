"""What people are told: the status, why a current is what it is, what is worth an event."""
