"""Delta AC MAX, one connector: it is told watts, 230 for each ampere and active phase.

Registers 201 to 203 hold its watchdog: on, seconds, fallback power in W. Rewriting the limit feeds
it; this model lets nothing else do so, as the most careful reading of the manual.
"""

import time
from collections.abc import Callable

from .model import ChargerModel, SerialFormat, float_words, pair_of

GUARD, GUARD_S, FALLBACK_W, STATE, CURRENT, LIMIT_W, SUSPEND = (
    201,
    202,
    203,
    1001,
    1007,
    1600,
    1602,
)
OCPP_STATE = 1000
WATTS_PER_A = 230
OFF, ON = 0, 1


class Delta(ChargerModel):
    """A charger on `phases` phases."""

    name = "delta"
    serial = SerialFormat(19200, "N", 1)
    limit_register = LIMIT_W
    min_a = 6.0
    max_a = 32.0
    boot_s = 3.0
    holding_registers = (GUARD, GUARD_S, FALLBACK_W, FALLBACK_W + 1, LIMIT_W, LIMIT_W + 1, SUSPEND)
    input_registers = (OCPP_STATE, STATE, CURRENT, CURRENT + 1)
    flash_registers = frozenset((GUARD, GUARD_S, FALLBACK_W, FALLBACK_W + 1))

    def __init__(
        self,
        address: int = 1,
        clock: Callable[[], float] = time.monotonic,
        phases: int = 1,
    ) -> None:
        super().__init__(address, clock)
        self.phases = phases
        self.holding = dict.fromkeys(self.holding_registers, 0)
        self.holding[GUARD_S] = 60
        self._told_s = self.clock()

    def power_on(self, ago_s: float = 0.0) -> None:
        super().power_on(ago_s)
        self.holding |= {LIMIT_W: 0, LIMIT_W + 1: 0, SUSPEND: 0}
        self._told_s = self.clock()

    @property
    def watchdog_s(self) -> float | None:
        return float(self.holding[GUARD_S]) if self.holding[GUARD] == ON else None

    @property
    def expired(self) -> bool:
        return self.watchdog_s is not None and self.clock() - self._told_s > self.watchdog_s

    @property
    def pilot_a(self) -> float:
        if not self.powered or self.holding[SUSPEND]:
            return 0.0
        first = FALLBACK_W if self.expired else LIMIT_W
        watts = self.holding[first] << 16 | self.holding[first + 1]
        amps = watts / (WATTS_PER_A * self.phases)
        return min(amps, self.max_a) if amps > self.min_a - 0.01 else 0.0

    def ordered_a(self, words: dict[int, int]) -> float | None:
        if words.get(SUSPEND):
            return 0.0
        watts = pair_of(words, LIMIT_W)
        return None if watts is None else watts / (WATTS_PER_A * self.phases)

    def accepts_all(self, wanted: dict[int, int]) -> bool:
        for first in (FALLBACK_W, LIMIT_W):
            if (first in wanted) != (first + 1 in wanted):
                return False
        return super().accepts_all(wanted)

    def accepts(self, address: int, value: int) -> bool:
        return address != GUARD or value in (OFF, ON)

    def written(self, wanted: dict[int, int]) -> None:
        if LIMIT_W in wanted:
            self._told_s = self.clock()

    def read(self, address: int, is_input: bool) -> int:
        if not is_input:
            return self.holding[address]
        if address == STATE:
            return (3 if self.draw_a > 0 else 2) if self.plugged else 0
        if address == OCPP_STATE:
            return (4 if self.draw_a > 0 else 3) if self.plugged else 1
        return float_words(self.draw_a)[address - CURRENT]
