"""One file for a board: MicroPython as released, and behind it the firmware's files."""
