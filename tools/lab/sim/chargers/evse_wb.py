"""EVSE-WB (EVSE-DIN, SimpleEVSE): a controller board without watchdog, failsafe or meter.

Register 1000 is volatile, everything from 2000 on is kept in flash. After a boot it offers what
2000 says, 32 A from the factory, and it keeps the last command for ever when the bus dies.
"""

import time
from collections.abc import Callable

from .model import ChargerModel, SerialFormat

COMMAND, PILOT, VEHICLE, CABLE, COMMAND_BITS, REVISION, EVSE, STATUS = range(1000, 1008)
BOOT_A, ADDRESS, LEAST_A, CONFIG, CABLE_LIMIT_A = 2000, 2001, 2002, 2005, 2007
AMP_TABLE = {2010 + n: amps for n, amps in enumerate((6, 10, 16, 25, 32, 48, 63, 80))}
CENTIAMPERE_BIT = 1 << 7
DISABLED_BIT = 1 << 14
STEADY, PWM, OFF = 1, 2, 3


class EvseWb(ChargerModel):
    """A board of firmware 18 with a cable for 32 A."""

    name = "evse_wb"
    serial = SerialFormat(9600, "N", 1)
    limit_register = COMMAND
    min_a = 6.0
    max_a = 32.0
    boot_s = 3.0
    holding_registers = (
        *range(COMMAND, 1010),
        BOOT_A,
        ADDRESS,
        LEAST_A,
        CONFIG,
        CABLE_LIMIT_A,
        *AMP_TABLE,
    )
    read_only = frozenset(range(1000, 1010)) - {COMMAND, COMMAND_BITS}
    flash_registers = frozenset(a for a in holding_registers if a >= BOOT_A)

    def __init__(self, address: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(address, clock)
        self.holding = {
            **dict.fromkeys(range(COMMAND, 1010), 0),
            CABLE: int(self.max_a),
            REVISION: 18,
            BOOT_A: 32,
            ADDRESS: address,
            LEAST_A: 6,
            CONFIG: 0,
            CABLE_LIMIT_A: int(self.max_a),
            **AMP_TABLE,
        }

    def power_on(self, ago_s: float = 0.0) -> None:
        super().power_on(ago_s)
        self.holding[COMMAND_BITS] = 0
        boot_a = self.holding[BOOT_A]
        self.holding[COMMAND] = boot_a * (100 if self._centiamperes else 1)

    @property
    def _centiamperes(self) -> bool:
        return bool(self.holding[CONFIG] & CENTIAMPERE_BIT)

    @property
    def pilot_a(self) -> float:
        amps = self.limit_a(self.holding[COMMAND])
        disabled = self.holding[CONFIG] & DISABLED_BIT
        if not self.powered or disabled or amps < self.holding[LEAST_A]:
            return 0.0
        return min(amps, float(self.holding[CABLE]))

    def limit_a(self, raw: int) -> float:
        return raw * (0.01 if self._centiamperes else 1.0)

    def accepts(self, address: int, value: int) -> bool:
        if address == LEAST_A:
            return 5 <= value <= 13
        if address == BOOT_A:
            return value <= 80
        return True

    def read(self, address: int, is_input: bool) -> int:
        allowed = self.pilot_a > 0
        charging = self.draw_a > 0
        if address == PILOT:
            return int(self.pilot_a)
        if address == VEHICLE:
            return (3 if charging else 2) if self.plugged else 1
        if address == EVSE:
            return OFF if not allowed else PWM if self.plugged else STEADY
        if address == STATUS:
            return int(charging) | int(self.plugged) << 1
        return self.holding[address]
