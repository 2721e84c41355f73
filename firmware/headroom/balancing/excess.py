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
    """One charger's.

    ma       what it has held above its allocation for longer than it may
    kept_ma  what of that nobody else gets: until the next window it is base load
    """

    def __init__(self, dead_time_ms):
        self._late_ms = dead_time_ms + SURE_MS
        self._above_ms = 0
        self._rest_ms = 0
        self._held_ma = 0  # what it held when it was named last; 0 once it has obeyed
        self._allowed_ma = self._told_ma = 0
        self.ma = self.kept_ma = 0

    def watch(self, row, elapsed_ms):
        """Look at it, and set its `holds_ma`."""
        state = row.state
        age_ms = state.reported_age_ms
        ma = row.report_ma
        if ma < 0:
            age_ms = _SILENT_AGE_MS
        most_ma = state.max_ma + (state.max_ma >> 3)  # an absurd register must not keep it all
        shown_ma = min(max(ma, row.draw_ma, state.held_ma), most_ma)
        held_ma = max(shown_ma, state.ceiling_ma)
        self._note_change(row, held_ma)
        self._rest_ms = min(self._rest_ms + elapsed_ms, _FOREVER_MS)
        excess_ma = held_ma - row.allowed_ma
        self._above_ms = min(self._above_ms + elapsed_ms, _FOREVER_MS) if excess_ma > 0 else 0
        age_ms = min(age_ms, _OLDEST_MS)
        at_rest = self._rest_ms - age_ms > self._late_ms
        late = self._above_ms - age_ms > (_AT_REST_MS if at_rest else self._late_ms)
        late = late or (row.holds_ma and excess_ma > 0)  # told its minimum for it: no rest
        named = late and shown_ma > _with_tolerance(row.allowed_ma)
        row.holds_ma = shown_ma if named else 0
        if named:
            self._held_ma = shown_ma
        elif self._held_ma - shown_ma > NAMED_MA:
            row.lag.obeyed(self._held_ma)
            self._held_ma = 0
        if not late or (self.ma and not (named or at_rest)):
            excess_ma = max(0, min(self.ma, excess_ma))  # lowered for it, it is above for that
        self.kept_ma = min(self.ma, excess_ma)
        self.ma = excess_ma

    def _note_change(self, row, held_ma):
        """It has something to follow; that it is told the same again is no change.

        Lowered from what it holds, but for what meters are off, it has been above only since then.
        """
        before_ma, told_ma = self._allowed_ma, self._told_ma
        self._allowed_ma, self._told_ma = row.allowed_ma, row.told_ma
        if row.allowed_ma != before_ma or row.told_ma != told_ma:
            self._rest_ms = 0
        if _with_tolerance(row.allowed_ma) < held_ma <= _with_tolerance(before_ma):
            self._above_ms = 0

    def stubborn(self, row):
        """Does one that holds more than it was told do as it likes?"""
        return self.ma > row.allowed_ma >> 2

    def forget(self, row):
        """It takes no part: what is reserved for it is all that it may hold."""
        self._above_ms = self._rest_ms = self._allowed_ma = self._held_ma = 0
        self.ma = self.kept_ma = row.holds_ma = 0


def _with_tolerance(ma):
    return ma + NAMED_MA + (ma >> 6)
