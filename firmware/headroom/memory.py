"""Keeps the allocator of a small board fast: free memory lies before the program, not behind it.

MicroPython takes the variables of any larger function from the heap, and looks for a free piece
from the first hole on. While modules load, holes of a few bytes remain everywhere between them;
each such call then walks over the whole program: 0.6 ms on an RP2040, 70 % of all its time. So the
front of the heap is kept free while they load, collecting often so that they lie close, and is
given back when the meter is built. From then on app.py collects before that much garbage is made.
"""

import gc

_BYTES = 16384
_kept = []


def reserve():
    """Before anything else is loaded."""
    _kept.append(bytearray(_BYTES))
    gc.threshold(_BYTES)


def built():
    """Everything is loaded and made: give the front of the heap back."""
    _kept.clear()
    gc.threshold(-1)
    gc.collect()
