"""The serial console: shell edits lines, commands carries them out."""
