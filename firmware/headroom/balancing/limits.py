"""The arbiter: of all limits on a charger's current the smallest wins, and names itself."""

from .. import records


class Limits:
    """Limits of one panel: `breaker_ma` main rating, of which `derate_pct` may flow for hours."""

    def __init__(self, legs, breaker_ma, derate_pct):
        self.legs = legs
        self.breaker_ma = breaker_ma
        self.leg_limit_ma = breaker_ma * derate_pct // 100
        self.tightest_leg = 0
        self.headroom_ma = 0

    def update(self, base_ma):
        """Find the leg with the least headroom, from the base load of each leg in mA.

        headroom_ma is negative when the house alone is above the limit. A 240 V charger loads
        every leg alike, so the tightest leg decides.
        """
        self.headroom_ma = self.leg_limit_ma - base_ma[0]
        self.tightest_leg = 0
        for leg in range(1, self.legs):
            room_ma = self.leg_limit_ma - base_ma[leg]
            if room_ma < self.headroom_ma:
                self.headroom_ma = room_ma
                self.tightest_leg = leg

    def cap(self, state):
        """The most that this charger may draw, in mA, whatever the house does.

        Without a car or an answer it is the minimum, so that a car that arrives starts with that.
        """
        if not (state.online and state.car):
            return state.min_ma
        return min(state.max_ma, state.circuit_ma, state.setting_ma)

    def name_of(self, state, room_ma, alone):
        """Which limit code explains a room of `room_ma`; `alone`: no other charger shares."""
        if room_ma >= self.headroom_ma:
            return records.BY_LEG + self.tightest_leg
        if room_ma < self.cap(state):
            return records.BY_LEG + self.tightest_leg if alone else records.BY_SHARE
        if room_ma >= state.max_ma:
            return records.BY_CHARGER
        return records.BY_CIRCUIT if room_ma >= state.circuit_ma else records.BY_SETTING
