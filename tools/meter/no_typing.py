"""Stands for umodbus/typing.py on a board: names for annotations, at which MicroPython never looks.

The original, some thirty classes, takes 5 kB of a board's memory.
"""

List = Optional = Union = None
