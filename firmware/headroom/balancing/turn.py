"""Who is served first where not everyone's minimum fits: priority, then turns of 15 minutes.

A turn goes to whoever received least since its car came. A car that was offered a current for a
minute and takes none comes last: it is full, or asleep.
"""

from micropython import const

TURN_MS = const(900_000)
_FOREVER_MS = const(1 << 28)  # saturated: still a small integer
_ASLEEP_MS = const(60_000)
_MOST_AS = const((1 << 23) - 1)  # ampere seconds: 48 A for two days
_LONGEST_MS = const(10_000)  # times 100 A stays below 2^30
_LAST = const(1 << 28)  # in a key: priority above turn above what was received
_PRIORITY_BIT = const(24)
_NO_TURN = const(1 << 23)


class Turn:
    """One charger's.

    received_as  what its car has received since it came, or was offered
    turn_ms      how long it has been charging without a pause
    """

    def __init__(self):
        self.received_as = 0
        self.turn_ms = 0
        self._rest_mas = 0
        self._asleep_ms = 0

    def spend(self, row, elapsed_ms):
        """It drew what it drew of what it was allowed; returns its new key, small goes first."""
        state = row.state
        ma = row.draw_ma if 0 <= row.draw_ma < row.allowed_ma else row.allowed_ma
        mas = self._rest_mas + ma * min(elapsed_ms, _LONGEST_MS) // 1000
        self.received_as = min(_MOST_AS, self.received_as + mas // 1000) if state.car else 0
        self._rest_mas = mas % 1000
        self.turn_ms = min(self.turn_ms + elapsed_ms, _FOREVER_MS) if row.allowed_ma else 0
        takes = state.charging or not state.online or row.allowed_ma == 0
        self._asleep_ms = 0 if takes else min(self._asleep_ms + elapsed_ms, _FOREVER_MS)
        key = (9 - state.priority << _PRIORITY_BIT) + self.received_as
        if not 0 < self.turn_ms < TURN_MS:
            key += _NO_TURN
        return key + _LAST if self._asleep_ms > _ASLEEP_MS else key
