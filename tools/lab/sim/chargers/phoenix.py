"""Phoenix Contact EV-CC-AC1-M3-SER: a coil enables charging, once register 4000 lets it.

Register 4000 says what enables: 1, as sold, the EN input (here open), 3 the coil 20000. It has no
watchdog.
"""

import time
from collections.abc import Callable

from .model import FUNCTIONS, READ_COILS, WRITE_COIL, ChargerModel, SerialFormat

ENABLE_BY, ENABLE, LIMIT, STATUS, ERRORS = 4000, 20000, 22000, 24000, 24025
BY_INPUT, BY_COIL = 1, 3


class Phoenix(ChargerModel):
    """A controller with a 32 A contactor."""

    name = "phoenix"
    serial = SerialFormat(9600, "N", 1)
    limit_register = LIMIT
    min_a = 6.0
    max_a = 63.0
    boot_s = 3.0
    holding_registers = (*range(4000, 4014), LIMIT)
    input_registers = (STATUS, ERRORS)
    coils = (ENABLE,)
    functions = FUNCTIONS | {READ_COILS, WRITE_COIL}
    flash_registers = frozenset(range(4000, 4014))

    def __init__(self, address: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(address, clock)
        self.holding = dict.fromkeys(self.holding_registers, 0)
        self.holding |= {ENABLE_BY: BY_INPUT, LIMIT: 6, ENABLE: 0}

    def power_on(self, ago_s: float = 0.0) -> None:
        super().power_on(ago_s)
        self.holding |= {LIMIT: 6, ENABLE: 0}

    @property
    def pilot_a(self) -> float:
        enabled = self.holding[ENABLE_BY] == BY_COIL and self.holding[ENABLE]
        return float(self.holding[LIMIT]) if self.powered and enabled else 0.0

    def limit_a(self, raw: int) -> float:
        return float(raw)

    def ordered_a(self, words: dict[int, int]) -> float | None:
        return 0.0 if words.get(ENABLE) == 0 else super().ordered_a(words)

    def accepts(self, address: int, value: int) -> bool:
        return address != LIMIT or 6 <= value <= 63

    def read(self, address: int, is_input: bool) -> int:
        if is_input:
            letter = ("C" if self.draw_a > 0 else "B") if self.plugged else "A"
            return ord(letter) << 8 if address == STATUS else 0
        return self.holding[address]
