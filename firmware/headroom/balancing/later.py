"""Ages that count up and saturate, so that they stay small integers: see records.WINDOW_MS."""

from micropython import const

_LONGEST_MS = const(1 << 28)


def later(ms, elapsed_ms):
    """`ms` grown by `elapsed_ms`; three days stand for anything longer."""
    ms += elapsed_ms
    return ms if ms < _LONGEST_MS else _LONGEST_MS
