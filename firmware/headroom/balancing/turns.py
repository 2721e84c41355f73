"""Who is served first where not everyone's minimum fits: priority, then turns of 15 minutes.

A turn goes to whoever received least since its car came. A car that was offered a current for a
minute and takes none comes last: it is full, or asleep.
"""

from array import array

from micropython import const

from .base_load import later

TURN_MS = const(900_000)
_IDLE_MS = const(60_000)
_MOST_AS = const((1 << 23) - 1)  # ampere seconds: 48 A for two days
_LONGEST_MS = const(10_000)  # times 100 A stays below 2^30


class Turns:
    """received_as[i]  ampere seconds that charger i's car has received, or was offered
    turn_ms[i]      how long it has been charging without a pause
    """

    def __init__(self, states):
        zeros = [0] * len(states)
        self._states = states
        self.received_as = array("i", zeros)
        self.turn_ms = array("i", zeros)
        self._rest_mas = array("i", zeros)
        self._idle_ms = array("i", zeros)

    def spend(self, i, allowed_ma, draw_ma, elapsed_ms):
        """Charger i was allowed `allowed_ma` and drew `draw_ma` (-1: unknown); its new key.

        The smallest key is served first.
        """
        state = self._states[i]
        ma = draw_ma if 0 <= draw_ma < allowed_ma else allowed_ma
        self._rest_mas[i] += ma * min(elapsed_ms, _LONGEST_MS) // 1000
        received_as = self.received_as[i] + self._rest_mas[i] // 1000 if state.car else 0
        self.received_as[i] = received_as = min(_MOST_AS, received_as)
        self._rest_mas[i] %= 1000
        self.turn_ms[i] = later(self.turn_ms[i], elapsed_ms) if allowed_ma else 0
        takes = state.charging or not state.online or allowed_ma == 0
        self._idle_ms[i] = 0 if takes else later(self._idle_ms[i], elapsed_ms)
        in_turn = 0 < self.turn_ms[i] < TURN_MS
        return (
            (1 << 28 if self._idle_ms[i] > _IDLE_MS else 0)
            | (9 - state.priority) << 24
            | (0 if in_turn else 1 << 23)
            | received_as
        )
