"""What a charger holds above what it may: believed is what flows, not what it acknowledges.

Evidence is what it measures itself, the limit that its register shows, what was sent and never
acknowledged, and where an EV CT sees one charger alone, that. For as long as a change needs to
show (the dead time) more than allowed is normal. What is there after that is reserved, so that
nobody else gets it; well above, it is named as a fault. Who exceeds by a quarter takes no part any
more, as one that does not answer: its minimum would be seated beside what it has anyway.
"""

from array import array

from micropython import const

from .base_load import REPORT_MS, largest, later

SURE_MS = const(500)  # on top of the dead time, and of the age of what the charger says:
_SILENT_AGE_MS = const(1500)  # about that of its other registers, if it measures no current;
_OLDEST_MS = const(10_000)  # 25 chargers are read in 9 s
NAMED_MA = const(1500)  # and a 64th of what it may: meters and pilots are off by so much


class Excess:
    """`ma[i]` is what charger i has held above its allocation for `late_ms`."""

    def __init__(self, states, late_ms):
        self._states = states
        self._late_ms = late_ms
        self._above_ms = array("i", [0] * len(states))
        self.ma = array("i", [0] * len(states))

    def watch(self, i, allocation, draw_ma, elapsed_ms):
        """Look at charger i, whose car draws `draw_ma`, -1 if unknown; sets its `holds_ma`."""
        state = self._states[i]
        age_ms = state.reported_age_ms
        ma = largest(state.reported_ma) if age_ms < REPORT_MS else -1
        if ma < 0:
            age_ms = _SILENT_AGE_MS
        if draw_ma > ma:
            ma = draw_ma
        if state.held_ma > ma:
            ma = state.held_ma
        most_ma = state.max_ma + (state.max_ma >> 3)
        if ma > most_ma:
            ma = most_ma  # an absurd register must not keep the whole panel
        shown_ma = ma
        if state.ceiling_ma > ma:
            ma = state.ceiling_ma
        above_ms = later(self._above_ms[i], elapsed_ms) if ma > allocation.ma else 0
        self._above_ms[i] = above_ms
        late = above_ms - min(age_ms, _OLDEST_MS) > self._late_ms
        self.ma[i] = ma - allocation.ma if late else 0
        named = late and shown_ma - allocation.ma > NAMED_MA + (allocation.ma >> 6)
        allocation.holds_ma = shown_ma if named else 0

    def stubborn(self, i, allocation):
        """Does charger i do as it likes?"""
        return allocation.holds_ma > 0 and self.ma[i] > allocation.ma >> 2

    def forget(self, i, allocation):
        """It takes no part: what is reserved for it is all that it may hold."""
        self._above_ms[i] = self.ma[i] = allocation.holds_ma = 0
