"""When may a charger begin: after a restart, after a pause, or before a car comes?"""

from micropython import const

from .. import records
from .limits import tightest

RESUME_MARGIN_MA = const(1000)
IDLE_MARGIN_MA = const(4000)


class Start:
    """Nothing starts before `delay_ms`: after a power cut not all houses at the same moment."""

    def __init__(self, limits, rows, delay_ms):
        self._limits = limits
        self._rows = rows
        self.delay_ms = delay_ms

    def pass_time(self, elapsed_ms):
        self.delay_ms = max(0, self.delay_ms - elapsed_ms)

    def first_ma(self, row):
        """What one gets that is told for the first time: the minimum, unless its fallback is 0.

        One that charges has that already; others begin with it where it fits beside all others.
        """
        min_ma = row.state.min_ma
        if self.delay_ms or row.allowed_ma < min_ma:
            return 0
        return min_ma if row.state.charging or self._fits_now(row) else 0

    def _fits_now(self, row):
        """Does its minimum fit into what is there now, beside what others are allowed?"""
        for circuit in row.circuits:
            left_ma = self._limits.headroom_ma[circuit] - row.state.min_ma
            for other in self._rows:
                if other is not row and circuit in other.circuits:
                    left_ma -= other.allowed_ma
            if left_ma < 0:
                return False
        return True

    def wait_ms(self, row):
        """How long until it may start, if the headroom lasts; what it was told last has shown."""
        pause_ms, settling_ms = row.hold.pause_left_ms, row.lag.settling_ms()
        return max(pause_ms, self.delay_ms, self._limits.missing_ms, settling_ms)

    def may_start(self, row):
        """Would its minimum have fitted for long enough, beside the house?

        That is the rise window, and two minutes once it was paused.
        """
        if self.wait_ms(row):
            return False
        limits = self._limits
        horizon_ma = limits.lasting_ma if row.hold.pauses else limits.proven_ma
        circuit = tightest(row, horizon_ma)
        margin_ma = RESUME_MARGIN_MA if circuit < limits.legs else 0
        return horizon_ma[circuit] >= row.state.min_ma + margin_ma

    def may_idle(self, row):
        """Has there been headroom for two minutes? It saves a car that comes the wait, no more."""
        if self._limits.missing_ms:
            return False
        lasting_ma = self._limits.lasting_ma
        return lasting_ma[tightest(row, lasting_ma)] >= row.state.min_ma + IDLE_MARGIN_MA

    def reason(self, row, free_ma):
        """Why a charger with a car has no current; `free_ma` is what the circuits have now."""
        if self.delay_ms:
            return records.DELAYED
        fits = free_ma[tightest(row, free_ma)] >= row.state.min_ma + RESUME_MARGIN_MA
        if row.hold.pause_left_ms:
            return records.RESTING if row.state.rest_ms and fits else records.PAUSED
        if row.minimum_ma and not row.share_ma:
            return records.WAITING_TURN
        if fits:
            return records.SETTLING
        return records.PAUSED
