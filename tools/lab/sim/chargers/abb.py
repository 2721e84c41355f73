"""ABB Terra AC: everything in 32 bits of mA, high word first; on silence it stops the session.

The communication timeout is written in seconds to 0x4106 and read at 0x4020. After a stop it needs
a new limit to charge again.
"""

import time
from collections.abc import Callable

from .model import ChargerModel, SerialFormat, pair_of, words_of

USER_MAX, ERROR, LOCK, STATE, ACTIVE, CURRENTS = 0x4006, 0x4008, 0x400A, 0x400C, 0x400E, 0x4010
TIMEOUT_READ, LIMIT, TIMEOUT = 0x4020, 0x4100, 0x4106
LOCKED_WITH_EV = 0x0101


class Abb(ChargerModel):
    """A 32 A wall box."""

    name = "abb"
    serial = SerialFormat(9600, "N", 1)
    limit_register = LIMIT
    min_a = 6.0
    max_a = 32.0
    boot_s = 5.0
    holding_registers = (*range(0x4000, TIMEOUT_READ + 2), LIMIT, LIMIT + 1, 0x4105, TIMEOUT)
    read_only = frozenset(range(0x4000, TIMEOUT_READ + 2))
    flash_registers = frozenset((TIMEOUT,))

    def __init__(self, address: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(address, clock)
        self.holding = {LIMIT: 0, LIMIT + 1: 0, 0x4105: 0, TIMEOUT: 60}
        self._fed_s = self.clock()
        self._stopped = False

    def power_on(self, ago_s: float = 0.0) -> None:
        super().power_on(ago_s)
        self.holding |= {LIMIT: 0, LIMIT + 1: 0}
        self._fed_s = self.clock()

    @property
    def watchdog_s(self) -> float | None:
        return float(self.holding[TIMEOUT]) or None

    @property
    def expired(self) -> bool:
        if self.watchdog_s is not None and self.clock() - self._fed_s > self.watchdog_s:
            self._stopped = True
        return self._stopped

    @property
    def commanded_a(self) -> float:
        return (self.holding[LIMIT] << 16 | self.holding[LIMIT + 1]) / 1000

    @property
    def pilot_a(self) -> float:
        return 0.0 if not self.powered or self.expired else min(self.commanded_a, self.max_a)

    def ordered_a(self, words: dict[int, int]) -> float | None:
        ma = pair_of(words, LIMIT)
        return None if ma is None else ma / 1000

    def fed(self) -> None:
        if not self.expired:
            self._fed_s = self.clock()

    def accepts_all(self, wanted: dict[int, int]) -> bool:
        if LIMIT in wanted or LIMIT + 1 in wanted:
            if set(wanted) != {LIMIT, LIMIT + 1}:
                return False
            ma = wanted[LIMIT] << 16 | wanted[LIMIT + 1]
            return ma == 0 or 6000 <= ma <= 80000
        return super().accepts_all(wanted)

    def accepts(self, address: int, value: int) -> bool:
        return address != TIMEOUT or 30 <= value <= 90

    def written(self, wanted: dict[int, int]) -> None:
        if LIMIT in wanted:
            self._stopped = False
            self._fed_s = self.clock()

    def read(self, address: int, is_input: bool) -> int:
        if address >= LIMIT:
            return self.holding[address]
        values = {
            USER_MAX: int(self.max_a * 1000),
            LOCK: LOCKED_WITH_EV if self.plugged else 0,
            STATE: self._state() << 8,
            ACTIVE: int(self.pilot_a * 1000),
            CURRENTS: round(self.phase_a(0) * 1000),
            CURRENTS + 2: round(self.phase_a(1) * 1000),
            CURRENTS + 4: round(self.phase_a(2) * 1000),
            TIMEOUT_READ: self.holding[TIMEOUT],
        }
        first = address - address % 2
        return words_of(values.get(first, 0))[address - first]

    def _state(self) -> int:
        if self._stopped:
            return 5
        if not self.plugged:
            return 0
        return 4 if self.draw_a > 0 else 2
