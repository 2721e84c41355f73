"""How long does this car need to follow, and what may it be drawing until then?

The dead time of the settings is the longest that a change needs to show. Where a car is seen to
follow sooner, what it needed and a second more counts instead. Each change is watched:

    _CHANGED     what it may draw has changed; its car has not been looked at yet
    _ON_ITS_WAY  its car drew something else than it may: it has something to follow
    _DONE        it got there, or its time is over

A car that is there when it is first looked at had nothing to follow, and teaches nothing. One
that is on its way has all of the longest dead time, whatever it needed before.
"""

from micropython import const

from .reach import Reach
from .rise import REGRET_MS, RISE_MA

_DONE = const(0)
_CHANGED = const(1)
_ON_ITS_WAY = const(2)
_FOREVER_MS = const(1 << 28)  # saturated: still a small integer
_SHORTEST_MS = const(2000)
_MARGIN_MS = const(1000)
_USUAL_MS = const(3900)  # most cars have followed by then
_STANDARD_MS = const(5400)  # IEC 61851-1 and SAE J1772 give a car 5 s to follow


class Lag:
    """One car's.

    dead_ms       how long a change may need to show
    unchanged_ms  for how long it has known what it may draw; risen_ms: how long ago that rose
    before_ma     what it might draw before that change
    reach         the most that it was allowed while most cars could still draw it: that much of
                  the EV current counts as the car's
    told          the most that it held by what it was told, while any car could still draw it:
                  others don't get that yet
    """

    def __init__(self, dead_time_ms):
        self._longest_ms = dead_time_ms
        self.dead_ms = dead_time_ms
        self.unchanged_ms = 0
        self.risen_ms = REGRET_MS
        self.before_ma = 0
        self.reach = Reach(_USUAL_MS)
        self.told = Reach(_STANDARD_MS)
        self._state = _DONE

    def pass_time(self, allowed_ma, holds_ma, elapsed_ms):
        """It was allowed so much for the last `elapsed_ms`, and may have held so much."""
        self.unchanged_ms = min(self.unchanged_ms + elapsed_ms, _FOREVER_MS)
        self.risen_ms = min(self.risen_ms + elapsed_ms, _FOREVER_MS)
        self.reach.add(allowed_ma, elapsed_ms)
        self.told.add(holds_ma, elapsed_ms)

    def begin(self):
        """It is told something for the first time."""
        self.unchanged_ms = self.risen_ms = 0

    def heard(self):
        """It has been told only now, or can't be: the last change counts from here."""
        self.unchanged_ms = 0

    def changed(self, before_ma, ma):
        """What it may draw goes from `before_ma` to `ma`."""
        self.before_ma = before_ma
        self.unchanged_ms = 0
        self._state = _CHANGED
        if ma > before_ma:
            self.risen_ms = 0

    def obeyed(self, held_ma):
        """It held so much for longer than it may, and obeys only now: that teaches no lag."""
        self.before_ma = held_ma
        self.unchanged_ms = 0
        self._state = _DONE

    def watch(self, allowed_ma, draw_ma):
        """Its car draws `draw_ma` of what is allowed, -1 if nobody knows."""
        if self._state == _DONE or draw_ma < 0:
            return
        if self.before_ma < allowed_ma:
            there = draw_ma + RISE_MA >= allowed_ma - (allowed_ma >> 3)
        else:
            there = draw_ma <= allowed_ma + RISE_MA
        if not there and self.unchanged_ms < self._longest_ms:
            self._state = _ON_ITS_WAY
        elif self._state == _ON_ITS_WAY:
            self._learn()
            self._state = _DONE
        elif there:
            self._state = _DONE

    def _learn(self):
        """It took `unchanged_ms`; what is learned goes down by an eighth at a time at most."""
        lag_ms = max(self.unchanged_ms + _MARGIN_MS, _SHORTEST_MS)
        lag_ms = max(lag_ms, self.dead_ms - (self.dead_ms >> 3))
        self.dead_ms = min(lag_ms, self._longest_ms)

    def settling_ms(self):
        """How long until the last change has shown, or has had time to."""
        dead_ms = self._longest_ms if self._state == _ON_ITS_WAY else self.dead_ms
        return max(0, dead_ms - self.unchanged_ms)

    def follows(self):
        """Whether its car may still be on the way up to what it was last raised to."""
        return self.risen_ms < self.dead_ms
