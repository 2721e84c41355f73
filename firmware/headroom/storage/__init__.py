"""Files that survive a power failure at any byte of a write."""
