"""What a charger holds above what it may: believed is what flows, not what it acknowledges.

Evidence is what it measures itself, the limit that its register shows, what was sent and never
acknowledged, and where an EV CT sees one charger alone, that. For as long as a change needs to
show (the dead time) more than allowed is normal; where nothing was changed lately, for as long as
it takes to be sure. What is there after that is reserved, so that nobody else gets it; well above,
it is named as a fault. Who exceeds by a quarter takes no part any
more, as one that does not answer: its minimum would be seated beside what it has anyway.
"""

from micropython import const

SURE_MS = const(500)  # on top of the dead time, and of the age of what the charger says:
_AT_REST_MS = const(3000)  # enough where no car can be on its way: a restart is mended by then
_SILENT_AGE_MS = const(1500)  # about that of its other registers, if it measures no current;
_OLDEST_MS = const(10_000)  # 25 chargers are read in 9 s
_FOREVER_MS = const(1 << 28)  # saturated: still a small integer
NAMED_MA = const(1500)  # and a 64th of what it may: meters and pilots are off by so much


class Excess:
    """One charger's: `ma` is what it has held above its allocation for longer than it may."""

    def __init__(self, dead_time_ms):
        self._late_ms = dead_time_ms + SURE_MS
        self._above_ms = 0
        self.ma = 0

    def watch(self, row, elapsed_ms):
        """Look at it, and set its `holds_ma`."""
        state = row.state
        age_ms = state.reported_age_ms
        ma = row.report_ma
        if ma < 0:
            age_ms = _SILENT_AGE_MS
        most_ma = state.max_ma + (state.max_ma >> 3)  # an absurd register must not keep it all
        shown_ma = min(max(ma, row.draw_ma, state.held_ma), most_ma)
        excess_ma = max(shown_ma, state.ceiling_ma) - row.allowed_ma
        self._above_ms = min(self._above_ms + elapsed_ms, _FOREVER_MS) if excess_ma > 0 else 0
        age_ms = min(age_ms, _OLDEST_MS)
        at_rest = row.lag.unchanged_ms - age_ms > self._late_ms
        late = self._above_ms - age_ms > (_AT_REST_MS if at_rest else self._late_ms)
        late = late or (self.ma and excess_ma > 0)  # that it is told its minimum for it is no rest
        self.ma = excess_ma if late else 0
        named = late and shown_ma - row.allowed_ma > NAMED_MA + (row.allowed_ma >> 6)
        row.holds_ma = shown_ma if named else 0

    def stubborn(self, row):
        """Does one that holds more than it was told do as it likes?"""
        return self.ma > row.allowed_ma >> 2

    def forget(self, row):
        """It takes no part: what is reserved for it is all that it may hold."""
        self._above_ms = self.ma = row.holds_ma = 0
