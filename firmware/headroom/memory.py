"""Keeps the collection of garbage short on a small board, and the allocator fast.

Free memory lies before the program, not behind it. MicroPython takes the variables of any larger
function from the heap, and looks for a free piece from the first hole on. While modules load,
holes of a few bytes remain everywhere between them; each such call then walks over the whole
program: 0.6 ms on an RP2040. So the front of the heap is kept free while they load, collecting
often so that they lie close, and is given back when the meter is built. From then on garbage is
collected as soon as it fills most of the front, no more often: it holds the loop for 16 ms on an
RP2040, for 7 ms where the program is frozen into the image.

It would hold it twice as long. The collector goes from object to object; what it has seen and not
yet gone into waits on a stack of 64, and what finds no place there costs another walk over the
whole heap. It begins with the globals of whoever calls it. So in the globals of `tidy` a chain
leads it through the modules one after the other, leaves first, and it never has many to remember.
Last come those from which asyncio and so the tasks, and all that they work with, can be reached.
"""

import gc
import sys

_BYTES = 16384
_LONG = 16
_A_CHARGER = 2048  # bytes; on an RP2040 about 1900
_TO_SPARE = 24576  # for garbage and what is loaded on demand: the self-test, the scan
_kept = []
_front = 0  # its address
_left = 0  # bytes that were free when all was built
_chain = None  # (the rest of the chain, a module or an item of a long list)


def reserve():
    """Before anything else is loaded."""
    global _front
    _kept.append(bytearray(_BYTES))
    _front = id(_kept[0])
    gc.threshold(_BYTES)


def built():
    """Everything is loaded and made: lay the chain, give the front of the heap back."""
    global _left
    names = [name for name in sys.modules if name.startswith("headroom.")]
    late = [name for name in names if _late(name)]
    _lay([sys.modules[name] for name in late])
    _lay([sys.modules[name] for name in names if name not in late])
    _kept.clear()
    gc.threshold(-1)
    gc.collect()
    _left = gc.mem_free()


def tidy():
    """Collect if the next piece would come from behind the first three quarters of the front.

    Where none was reserved, as on a PC, memory is not scarce, and nothing is done.
    """
    if _front and id((0,) * 16) - _front > _BYTES * 3 // 4:
        gc.collect()


def room(chargers):
    """Would so many more chargers find memory at the next start?"""
    return _left >= _TO_SPARE + chargers * _A_CHARGER


def _late(name):
    """Packages lead to all their modules, app and ports to asyncio."""
    return hasattr(sys.modules[name], "__path__") or name.split(".")[1] in ("app", "ports")


def _lay(modules):
    """Put modules before the chain, the smallest foremost, and before them long lists' items."""
    global _chain
    for module in sorted(modules, key=_size, reverse=True):
        _chain = _chain, module
    for module in modules:
        for value in module.__dict__.values():
            if isinstance(value, (list, tuple)) and len(value) > _LONG:
                for item in value:
                    _chain = _chain, item


def _size(module):
    return len(module.__dict__)
