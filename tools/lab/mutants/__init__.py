"""Faults planted in the firmware, one at a time: the tests must catch every one.

`table.py` lists them, `planting.py` puts one into a copy of the project and takes it out again,
`run.py` goes through the table.
"""
