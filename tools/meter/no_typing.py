"""Stands for umodbus/typing.py on a board: names for annotations, which MicroPython never reads.

The original, some thirty classes, takes 5 kB of a board's memory.
"""

List = Optional = Union = None
