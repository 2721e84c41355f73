"""Free2Move eProWallbox: mA in 32 bits, functions 3 and 16, a watchdog fed by a token.

As sold its watchdog is off, at 600 s, and its fallback 32 A.
"""

import time
from collections.abc import Callable

from .model import READ_HOLDING, WRITE_MANY, ChargerModel, SerialFormat, float_words, pair_of

STATE, ON, LIMIT, FALLBACK, GUARD, GUARD_S, FEED, CURRENTS = (
    40101, 40406, 40407, 40409, 40412, 40413, 40502, 40620,
)  # fmt: skip
TOKEN = 0x5555


class EProWallbox(ChargerModel):
    """A 32 A wall box."""

    name = "eprowallbox"
    serial = SerialFormat(115200, "N", 1)
    limit_register = LIMIT
    min_a = 6.0
    max_a = 32.0
    boot_s = 5.0
    holding_registers = (
        STATE, ON, LIMIT, LIMIT + 1, FALLBACK, FALLBACK + 1, GUARD, GUARD_S, FEED,
        *range(CURRENTS, CURRENTS + 6),
    )  # fmt: skip
    functions = frozenset((READ_HOLDING, WRITE_MANY))
    read_only = frozenset((STATE, *range(CURRENTS, CURRENTS + 6)))
    flash_registers = frozenset((FALLBACK, FALLBACK + 1, GUARD, GUARD_S))

    def __init__(self, address: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(address, clock)
        self.holding = dict.fromkeys(self.holding_registers, 0)
        self.holding |= {FALLBACK: 0, FALLBACK + 1: 32000, GUARD_S: 600}
        self._fed_s = self.clock()

    def power_on(self, ago_s: float = 0.0) -> None:
        super().power_on(ago_s)
        self.holding |= {ON: 0, LIMIT: 0, LIMIT + 1: 6000}
        self._fed_s = self.clock()

    @property
    def watchdog_s(self) -> float | None:
        return float(self.holding[GUARD_S]) if self.holding[GUARD] else None

    @property
    def expired(self) -> bool:
        return self.watchdog_s is not None and self.clock() - self._fed_s > self.watchdog_s

    @property
    def pilot_a(self) -> float:
        if not self.powered or not self.holding[ON]:
            return 0.0
        first = FALLBACK if self.expired else LIMIT
        return min((self.holding[first] << 16 | self.holding[first + 1]) / 1000, self.max_a)

    def ordered_a(self, words: dict[int, int]) -> float | None:
        if words.get(ON) == 0:
            return 0.0
        ma = pair_of(words, LIMIT)
        return None if ma is None else ma / 1000

    def accepts_all(self, wanted: dict[int, int]) -> bool:
        for first in (LIMIT, FALLBACK):
            if first in wanted or first + 1 in wanted:
                if not {first, first + 1} <= set(wanted):
                    return False
                ma = wanted[first] << 16 | wanted[first + 1]
                least = 6000 if first == LIMIT else 0
                if not least <= ma <= 32000:
                    return False
        return super().accepts_all(wanted)

    def accepts(self, address: int, value: int) -> bool:
        if address in (ON, GUARD):
            return value in (0, 1)
        return address != FEED or value == TOKEN

    def written(self, wanted: dict[int, int]) -> None:
        if wanted.get(FEED) == TOKEN:
            self._fed_s = self.clock()

    def read(self, address: int, is_input: bool) -> int:
        if address == STATE:
            allowed = self.pilot_a > 0
            return (5 if self.draw_a > 0 else 2 + allowed) if self.plugged else int(allowed)
        if address >= CURRENTS:
            phase, word = divmod(address - CURRENTS, 2)
            return float_words(self.phase_a(phase))[word]
        return self.holding[address]
