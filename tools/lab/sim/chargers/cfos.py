"""cFos Power Brain: only limit, enable register and relays are volatile; it has no watchdog."""

import time
from collections.abc import Callable

from .model import ChargerModel, SerialFormat, words_of

STATE, LIMIT, ENABLE, CURRENTS, FIXED_DA, DEFAULT_A = 8092, 8093, 8094, 8064, 8080, 8081


class Cfos(ChargerModel):
    """A wall box with its own meter, unless `metered` is False."""

    name = "cfos"
    serial = SerialFormat(9600, "N", 1)
    limit_register = LIMIT
    min_a = 6.0
    max_a = 32.0
    boot_s = 3.0
    flash_registers = frozenset((DEFAULT_A,))
    read_only = frozenset((STATE, *range(CURRENTS, CURRENTS + 6)))

    def __init__(
        self,
        address: int = 1,
        clock: Callable[[], float] = time.monotonic,
        metered: bool = True,
    ) -> None:
        super().__init__(address, clock)
        meter = tuple(range(CURRENTS, CURRENTS + 6)) if metered else ()
        self.holding_registers = (STATE, LIMIT, ENABLE, FIXED_DA, DEFAULT_A, *meter)
        self.holding = dict.fromkeys(self.holding_registers, 0)
        self.holding |= {LIMIT: 160, ENABLE: 1, DEFAULT_A: 16}

    def power_on(self, ago_s: float = 0.0) -> None:
        super().power_on(ago_s)
        self.holding |= {LIMIT: self.holding[DEFAULT_A] * 10, ENABLE: 1}

    @property
    def pilot_a(self) -> float:
        return self.holding[LIMIT] / 10 if self.powered and self.holding[ENABLE] else 0.0

    def limit_a(self, raw: int) -> float:
        return raw / 10

    def ordered_a(self, words: dict[int, int]) -> float | None:
        return 0.0 if words.get(ENABLE) == 0 else super().ordered_a(words)

    def accepts(self, address: int, value: int) -> bool:
        if address == LIMIT:
            return 60 <= value <= 320
        return address != ENABLE or value in (0, 1)

    def read(self, address: int, is_input: bool) -> int:
        if address == STATE:
            return (2 if self.draw_a > 0 else 1) if self.plugged else 0
        if CURRENTS <= address < CURRENTS + 6:
            phase, word = divmod(address - CURRENTS, 2)
            return words_of(round(self.phase_a(phase) * 10))[word]
        return self.holding[address]
