"""Keeps the collection of garbage short on a small board, and the allocator fast.

Free memory lies before the program, not behind it. MicroPython takes the variables of any larger
function from the heap, and looks for a free piece from the first hole on. While modules load,
holes of a few bytes remain everywhere between them; each such call then walks over the whole
program: 0.6 ms on an RP2040. So the front of the heap is kept free while they load, collecting
often so that they lie close, and is given back when the meter is built. From then on garbage is
collected as soon as it fills most of the front, no more often: it holds the loop for 27 to 44 ms
on an RP2040, with what falls together with it (`make bench SECTION=metering`, `hold_ms_max`), a
seventh of what the ring of samples holds.
"""

import gc
import sys

_BYTES = 16384
_TO_SPARE = 5120  # beside the front: memory is in pieces, and more is loaded on demand
_FILE = 1280  # an open file takes 1.1 kB in one piece
_kept = []
_for_a_file = []
_front = 0  # its address once it was given back
_left = sys.maxsize  # bytes that were free at the tightest moment of the start


def reserve():
    """Before anything else is loaded."""
    gc.collect()  # boot.py has read the whole pack
    _kept.append(bytearray(_BYTES))
    gc.threshold(_BYTES)


def forget(names):
    """Modules that are needed no more, if they are loaded; who wants one imports it again.

    On a PC, where no front was reserved, memory is not scarce, and they stay.
    """
    if not (_kept or _front):
        return
    for name in names:
        package, _, module = name.rpartition(".")
        if sys.modules.pop(name, None):  # a new meter has checked no settings
            delattr(sys.modules[package], module)


def look():
    """This may be the tightest moment of the start: what is loaded for it is still there."""
    global _left
    if _kept:
        gc.collect()
        _left = min(_left, gc.mem_free())


def built(done):
    """Everything is loaded and made: give the front of the heap back.

    `done`: modules that were for that only.
    """
    global _front
    look()
    forget(done)
    gc.threshold(-1)
    if _kept:
        _kept.clear()
        gc.collect()
        _front = id((0,) * (_BYTES // 16))  # so large a piece is free nowhere before it
    gc.collect()


def tidy():
    """Collect if the next piece would come from behind the first three quarters of the front.

    Where none was reserved, as on a PC, memory is not scarce, and nothing is done.
    """
    if _front and id((0,) * 16) - _front > _BYTES * 3 // 4:
        gc.collect()


def keep_room_for_a_file():
    """Before the commands for the settings are loaded: after that no free piece is so large."""
    if _front and not _for_a_file:
        _for_a_file.append(bytearray(_FILE))


def room_for_a_file():
    """Before a save, or the end."""
    if _front:
        _for_a_file.clear()
        gc.collect()


def fits(needed):
    """Would so many more bytes be found at the next start?"""
    return _left >= _TO_SPARE + needed
