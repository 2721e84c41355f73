"""What a charger holds above what it may: believed is what flows, not what it acknowledges.

Evidence is what it measures itself, the limit that its register shows, what was sent and never
acknowledged, and where an EV CT sees one charger alone, that. For as long as a change needs to
show (the dead time) more than allowed is normal. What is there after that is reserved, so that
nobody else gets it; well above, it is named as a fault.
"""

from array import array

from micropython import const

from .base_load import largest, later

SURE_MS = const(2000)  # on top of the dead time: a report may be that old
NAMED_MA = const(1500)  # and an eighth of what it may: meters and pilots are off by so much


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
        ma = largest(state.reported_ma)
        if draw_ma > ma:
            ma = draw_ma
        if state.held_ma > ma:
            ma = state.held_ma
        shown_ma = ma
        if state.ceiling_ma > ma:
            ma = state.ceiling_ma
        above_ms = later(self._above_ms[i], elapsed_ms) if ma > allocation.ma else 0
        self._above_ms[i] = above_ms
        late = above_ms > self._late_ms
        self.ma[i] = ma - allocation.ma if late else 0
        named = late and shown_ma - allocation.ma > NAMED_MA + (allocation.ma >> 3)
        allocation.holds_ma = shown_ma if named else 0

    def forget(self, i, allocation):
        """It takes no part: what is reserved for it is all that it may hold."""
        self._above_ms[i] = self.ma[i] = allocation.holds_ma = 0
