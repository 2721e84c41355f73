"""Mennekes AMTRON Compact 2.0s, register layout 1.0.3.

It charges while the heartbeat 0x55AA comes at least every 10 s, the release is given and the
current is 6 A or more. A current of 0 means "no limit" here, 0.01 to 5.99 none. When the heartbeat
stops it takes the fallback current: 0 none at all (it goes on), 1 pause, or 6 to 32 A.
"""

import time
from collections.abc import Callable

from .model import ChargerModel, SerialFormat, float_of, float_words

LAYOUT, STATE, CURRENT = 0x0000, 0x0100, 0x0302
FALLBACK_READ, PHASE_A, FALLBACK, HEARTBEAT, RELEASE = 0x030E, 0x0500, 0x073A, 0x0D00, 0x0D05
ERROR, FALLBACK_ACTIVE = 0x0E00, 0x0E01
TOKEN = 0x55AA
HEARTBEAT_S = 10.0


class Mennekes(ChargerModel):
    """A 32 A charger; `low_first` swaps the words of its floats."""

    name = "mennekes"
    serial = SerialFormat(57600, "N", 2)
    limit_register = CURRENT
    min_a = 6.0
    max_a = 32.0
    boot_s = 5.0
    holding_registers = (
        LAYOUT, STATE, CURRENT, CURRENT + 1, FALLBACK_READ, *range(PHASE_A, PHASE_A + 6), FALLBACK,
        HEARTBEAT, RELEASE, ERROR, FALLBACK_ACTIVE,
    )  # fmt: skip
    read_only = frozenset((LAYOUT, STATE, FALLBACK_READ, *range(PHASE_A, PHASE_A + 6), ERROR))
    flash_registers = frozenset((FALLBACK,))

    def __init__(
        self,
        address: int = 50,
        clock: Callable[[], float] = time.monotonic,
        low_first: bool = False,
    ) -> None:
        super().__init__(address, clock)
        self.low_first = low_first
        self.holding = dict.fromkeys(self.holding_registers, 0)
        self.holding[LAYOUT] = 0x0103
        self._beat_s = -HEARTBEAT_S

    def power_on(self, ago_s: float = 0.0) -> None:
        super().power_on(ago_s)
        self.holding |= {CURRENT: 0, CURRENT + 1: 0, RELEASE: 0}
        self._beat_s = -1e9

    @property
    def watchdog_s(self) -> float | None:
        return HEARTBEAT_S

    @property
    def expired(self) -> bool:
        return self.clock() - self._beat_s > HEARTBEAT_S

    @property
    def commanded_a(self) -> float:
        words = (self.holding[CURRENT], self.holding[CURRENT + 1])
        amps = float_of(*(reversed(words) if self.low_first else words))
        if amps == 0:
            return self.max_a
        return min(amps, self.max_a) if amps >= self.min_a else 0.0

    @property
    def pilot_a(self) -> float:
        if not self.powered or not self.holding[RELEASE]:
            return 0.0
        fallback = self.holding[FALLBACK]
        if not self.expired or fallback == 0:
            return self.commanded_a
        return 0.0 if fallback == 1 else float(min(fallback, self.commanded_a or fallback))

    def ordered_a(self, words: dict[int, int]) -> float | None:
        if words.get(RELEASE) == 0:
            return 0.0
        if not {CURRENT, CURRENT + 1} <= set(words):
            return None
        pair = (words[CURRENT], words[CURRENT + 1])
        return float_of(*(reversed(pair) if self.low_first else pair))

    def accepts_all(self, wanted: dict[int, int]) -> bool:
        if CURRENT in wanted or CURRENT + 1 in wanted:
            return set(wanted) == {CURRENT, CURRENT + 1}
        return super().accepts_all(wanted)

    def accepts(self, address: int, value: int) -> bool:
        if address == FALLBACK:
            return value in (0, 1) or 6 <= value <= 32
        if address == RELEASE:
            return value in (0, 1)
        return True

    def written(self, wanted: dict[int, int]) -> None:
        if wanted.get(HEARTBEAT) == TOKEN:
            self._beat_s = self.clock()

    def read(self, address: int, is_input: bool) -> int:
        if PHASE_A <= address < PHASE_A + 6:
            phase, word = divmod(address - PHASE_A, 2)
            words = float_words(self.phase_a(phase))
            return words[1 - word if self.low_first else word]
        if address == STATE:
            return (5 if self.draw_a > 0 else 2) if self.plugged else 1
        if address == FALLBACK_READ:
            return self.holding[FALLBACK]
        if address == FALLBACK_ACTIVE:
            return int(self.expired)
        return self.holding[address]
