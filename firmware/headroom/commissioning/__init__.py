"""Putting a meter into service: who is on the line, and are the CTs where they should be."""
