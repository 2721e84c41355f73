"""The serial console: what is typed, the commands, what they print."""
