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


class Turns:
    """received_as[i]  ampere seconds that charger i's car has received, or was offered
    turn_ms[i]      how long it has been charging without a pause
    """

    def __init__(self, states):
        count = len(states)
        self._states = states
        self.received_as = array("i", [0] * count)
        self.turn_ms = array("i", [0] * count)
        self._rest_mas = array("i", [0] * count)
        self._idle_ms = array("i", [0] * count)
        self._keys = array("i", [0] * count)

    def spend(self, i, ma, elapsed_ms):
        """Charger i was allowed `ma` for `elapsed_ms`; 0 ends its turn."""
        state = self._states[i]
        if not state.car:
            self.received_as[i] = 0
        self._rest_mas[i] += min(ma, state.max_ma) * elapsed_ms // 1000  # 80 A x 10 s < 2^30
        self.received_as[i] = min(_MOST_AS, self.received_as[i] + self._rest_mas[i] // 1000)
        self._rest_mas[i] %= 1000
        self.turn_ms[i] = later(self.turn_ms[i], elapsed_ms) if ma else 0
        takes = state.charging or not state.online or ma == 0
        self._idle_ms[i] = 0 if takes else later(self._idle_ms[i], elapsed_ms)

    def idle(self, i):
        """True if its car takes nothing though it may."""
        return self._idle_ms[i] > _IDLE_MS

    def sort(self, order):
        """Bring `order` (indices of chargers) up to date; it hardly ever changes."""
        keys = self._keys
        for i in range(len(keys)):
            in_turn = 0 < self.turn_ms[i] < TURN_MS
            keys[i] = (
                (1 << 28 if self.idle(i) else 0)
                | (9 - self._states[i].priority) << 24
                | (0 if in_turn else 1 << 23)
                | self.received_as[i]
            )
        for k in range(1, len(order)):
            i = order[k]
            key = keys[i]
            while k > 0 and keys[order[k - 1]] > key:
                order[k] = order[k - 1]
                k -= 1
            order[k] = i
