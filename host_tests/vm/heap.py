"""The heap locked, so that whatever allocates raises. CPython has no such lock: nothing there."""

import micropython


def lock():
    if hasattr(micropython, "heap_lock"):
        micropython.heap_lock()


def unlock():
    if hasattr(micropython, "heap_unlock"):
        micropython.heap_unlock()
