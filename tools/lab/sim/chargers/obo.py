"""OBO Ion, Viridian EPC 2.0 Plus: a charger with a watchdog that is off until somebody sets it.

Register 28 is the timeout in ms (0 off), 30 the current on loss in A. This model feeds the timer
by every transaction; the document does not say which ones do.
"""

import time
from collections.abc import Callable

from .model import ChargerModel, SerialFormat

ALLOW, COMMAND, VOLTS, CT_A, POWER, STATE, ERRORS, CABLE_A, ADVERTISED_A = (
    5, 6, 7, 8, 9, 11, 14, 15, 16,
)  # fmt: skip
BAUD, PARITY, ADDRESS, TIMEOUT_MS, FALLBACK_A, MOST_A = 21, 22, 23, 28, 30, 44
LINE_V = 240


class Obo(ChargerModel):
    """A 32 A charger with a 32 A cable."""

    name = "obo"
    serial = SerialFormat(19200, "E", 1)
    limit_register = COMMAND
    min_a = 6.0
    max_a = 32.0
    boot_s = 3.0
    holding_registers = (
        *range(10),
        *range(11, 17),
        BAUD,
        PARITY,
        ADDRESS,
        TIMEOUT_MS,
        FALLBACK_A,
        MOST_A,
    )
    functions = frozenset((3, 6))
    read_only = frozenset((VOLTS, CT_A, POWER, STATE, ERRORS, CABLE_A, ADVERTISED_A))
    flash_registers = frozenset((BAUD, PARITY, ADDRESS, TIMEOUT_MS, FALLBACK_A, MOST_A))

    def __init__(self, address: int = 101, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(address, clock)
        self.holding = dict.fromkeys(self.holding_registers, 0)
        self.holding |= {
            ALLOW: 1,
            CABLE_A: 32,
            PARITY: 1,
            ADDRESS: address,
            MOST_A: 32,
            FALLBACK_A: 32,
        }
        self._fed_s = self.clock()

    def power_on(self, ago_s: float = 0.0) -> None:
        super().power_on(ago_s)
        self.holding[COMMAND] = 0
        self._fed_s = self.clock()

    @property
    def watchdog_s(self) -> float | None:
        return self.holding[TIMEOUT_MS] / 1000 or None

    @property
    def expired(self) -> bool:
        return self.watchdog_s is not None and self.clock() - self._fed_s > self.watchdog_s

    @property
    def pilot_a(self) -> float:
        if not self.powered or not self.holding[ALLOW]:
            return 0.0
        return float(
            min(self.holding[FALLBACK_A if self.expired else COMMAND], self.holding[MOST_A])
        )

    def limit_a(self, raw: int) -> float:
        return float(raw)

    def fed(self) -> None:
        self._fed_s = self.clock()

    def accepts(self, address: int, value: int) -> bool:
        if address == COMMAND:
            return value == 0 or 6 <= value <= 32
        if address == TIMEOUT_MS:
            return value == 0 or 1000 <= value <= 60000
        if address == FALLBACK_A:
            return value <= 32
        return True

    def read(self, address: int, is_input: bool) -> int:
        return {
            VOLTS: LINE_V * 10,
            CT_A: round(self.draw_a * 10),
            POWER: round(self.draw_a * LINE_V),
            STATE: (2 if self.draw_a > 0 else 1) if self.plugged else 0,
            ADVERTISED_A: int(self.pilot_a),
        }.get(address, self.holding[address])
