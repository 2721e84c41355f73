"""Heidelberg Energy Control, register layout 1.0.8.

Addressable 10 s after power-on, silent in standby. The watchdog (257, ms) is fed by any
successful transaction; when it expires the failsafe current (262) replaces the command (261)
until somebody talks again. 257, 258, 259 and 262 are retained, 261 is 0 after power-on.
"""

import time
from collections.abc import Callable

from .model import ChargerModel, SerialFormat

LAYOUT = 0x0108
WATCHDOG_MS, STANDBY, REMOTE_LOCK, COMMAND, FAILSAFE = 257, 258, 259, 261, 262
STANDBY_ENABLED = 0
TENTH_A = 0.1
LINE_V = 240
A1, A2, B1, B2, C1, C2, F, ERROR = 2, 3, 4, 5, 6, 7, 10, 11


class Heidelberg(ChargerModel):
    """A 16 A wall box. `standby_after_s` is this model's own figure: no document gives one."""

    name = "heidelberg"
    serial = SerialFormat(19200, "E", 1)
    limit_register = COMMAND
    min_a = 6.0
    max_a = 16.0
    boot_s = 10.0
    standby_after_s = 720.0
    holding_registers = (WATCHDOG_MS, STANDBY, REMOTE_LOCK, COMMAND, FAILSAFE)
    input_registers = (*range(4, 19), 100, 101, 200, 203)
    flash_registers = frozenset((WATCHDOG_MS, STANDBY, REMOTE_LOCK, FAILSAFE))

    def __init__(self, address: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(address, clock)
        self.holding = {
            WATCHDOG_MS: 15000,
            STANDBY: STANDBY_ENABLED,
            REMOTE_LOCK: 1,
            COMMAND: 0,
            FAILSAFE: 0,
        }
        self._fed_s = self.clock()
        self._session_wh = 0.0
        self._total_wh = 0.0
        self._counted_s = self.clock()

    def power_on(self, ago_s: float = 0.0) -> None:
        super().power_on(ago_s)
        self.holding[COMMAND] = 0
        self._session_wh = 0.0
        self._fed_s = self._counted_s = self.clock()

    @property
    def watchdog_s(self) -> float | None:
        timeout_ms = self.holding[WATCHDOG_MS]
        return timeout_ms / 1000 if timeout_ms else None

    @property
    def expired(self) -> bool:
        """Whether the watchdog has run out."""
        timeout_s = self.watchdog_s
        return timeout_s is not None and self.clock() - self._fed_s > timeout_s

    @property
    def pilot_a(self) -> float:
        if not self.powered or self.holding[REMOTE_LOCK] == 0:
            return 0.0
        return self.holding[FAILSAFE if self.expired else COMMAND] * TENTH_A

    @property
    def addressable(self) -> bool:
        idle_s = self.clock() - self._fed_s
        asleep = (
            self.holding[STANDBY] == STANDBY_ENABLED
            and not self.plugged
            and idle_s > self.standby_after_s
        )
        return super().addressable and not asleep

    def limit_a(self, raw: int) -> float:
        return raw * TENTH_A

    def fed(self) -> None:
        self._fed_s = self.clock()

    def accepts(self, address: int, value: int) -> bool:
        if address in (COMMAND, FAILSAFE):
            return value == 0 or 60 <= value <= 160
        if address == STANDBY:
            return value in (0, 4)
        if address == REMOTE_LOCK:
            return value in (0, 1)
        return True

    def read(self, address: int, is_input: bool) -> int:
        if not is_input:
            return self.holding[address]
        self._count_energy()
        session, total = int(self._session_wh), int(self._total_wh)
        drawing = self.draw_a > 0
        return {
            4: LAYOUT,
            5: self._state(),
            6: round(self.phase_a(0) / TENTH_A),
            7: round(self.phase_a(1) / TENTH_A),
            8: round(self.phase_a(2) / TENTH_A),
            9: 281,
            10: LINE_V,
            13: 1,
            14: round(self.draw_a * LINE_V) if drawing else 0,
            15: session >> 16,
            16: session,
            17: total >> 16,
            18: total,
            100: int(self.max_a),
            101: int(self.min_a),
            203: LAYOUT,
        }.get(address, 0)

    def _state(self) -> int:
        allowed = self.pilot_a > 0
        if self.holding[REMOTE_LOCK] == 0:
            return F
        if self.expired and not allowed:
            return ERROR
        if not self.plugged:
            return A2 if allowed else A1
        if self.draw_a > 0:
            return C2 if allowed else C1
        return B2 if allowed else B1

    def _count_energy(self) -> None:
        now_s = self.clock()
        used_wh = self.draw_a * LINE_V * (now_s - self._counted_s) / 3600
        self._counted_s = now_s
        self._session_wh += used_wh
        self._total_wh += used_wh
