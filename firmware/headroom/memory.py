"""Keeps the allocator of a small board fast: free memory lies before the program, not behind it.

MicroPython takes the variables of any larger function from the heap, and looks for a free piece
from the first hole on. While modules load, holes of a few bytes remain everywhere between them;
each such call then walks over the whole program: 0.6 ms on an RP2040, 70 % of all its time. So the
front of the heap is kept free while they load, collecting often so that they lie close, and is
given back when the meter is built. From then on garbage is collected as soon as it fills most of
the front; no more often, because that holds the loop for some 30 ms on an RP2040.
"""

import gc

_BYTES = 16384
_kept = []
_front = 0  # its address


def reserve():
    """Before anything else is loaded."""
    global _front
    _kept.append(bytearray(_BYTES))
    _front = id(_kept[0])
    gc.threshold(_BYTES)


def built():
    """Everything is loaded and made: give the front of the heap back."""
    _kept.clear()
    gc.threshold(-1)
    gc.collect()


def tidy():
    """Collect if the next piece would come from behind the first three quarters of the front."""
    if id((0,) * 16) - _front > _BYTES * 3 // 4:
        gc.collect()
