"""SmartEVSE v3 as a power-sharing node: broadcasts for its current, a handshake before it charges.

It listens to address 9 as well as to its own and never answers there. Eleven seconds without a
broadcast and it stops, state C1 or B1, with the NO_COMM bit. Function 6 is not acknowledged.
"""

import time
from collections.abc import Callable

from pymodbus.exceptions import NoSuchIdException

from .model import WRITE_ONE, ChargerModel, SerialFormat

SLOTS, SLOT_COUNT = 0x0020, 8
STATE, ERRORS, CURRENT, MOST_A = 0, 1, 2, 7
A, B, C, ASKS_B, HAS_B, ASKS_C, HAS_C, B1, C1 = 0, 1, 2, 4, 5, 6, 7, 9, 10
LESS_6A, NO_COMM = 1, 2
TIMEOUT_S = 11.0


class SmartEvse(ChargerModel):
    """Node `address` - 1 with a contactor for 48 A."""

    name = "smartevse"
    serial = SerialFormat(9600, "N", 1)
    limit_register = SLOTS
    min_a = 6.0
    max_a = 48.0
    boot_s = 2.0
    broadcast = 9
    holding_registers = (*range(12), *range(SLOTS, SLOTS + 11), *range(0x0100, 0x010A))
    input_registers = tuple(range(12))
    flash_registers = frozenset(range(0x0100, 0x010A))

    def __init__(self, address: int = 2, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(address, clock)
        self.holding = dict.fromkeys(self.holding_registers, 0)
        self.state = A
        self.errors = 0
        self.current_da = 0
        self._heard_s = -1e9

    def power_on(self, ago_s: float = 0.0) -> None:
        super().power_on(ago_s)
        self.state, self.errors, self.current_da = A, 0, 0
        self._heard_s = -1e9

    @property
    def watchdog_s(self) -> float | None:
        return TIMEOUT_S

    @property
    def expired(self) -> bool:
        return self.clock() - self._heard_s > TIMEOUT_S

    def advance(self) -> None:
        """Let its state follow the car, the broadcasts and the clock."""
        if not self.plugged:
            self.state = A
        elif self.state == A:
            self.state = ASKS_B
        elif self.state == HAS_B:
            self.state = B
        elif self.state == HAS_C:
            self.state = C
        if self.expired:
            self.errors |= NO_COMM
            self.state = C1 if self.state == C else B1 if self.state != A else A
        elif (self.state in (B1, C1) and self.current_da >= 60) or (
            self.state == B and self.current_da >= 60
        ):
            self.state = ASKS_C
        elif self.state == C and self.current_da == 0:
            self.errors |= LESS_6A
            self.state = C1

    @property
    def pilot_a(self) -> float:
        self.advance()
        return min(self.current_da / 10, self.max_a) if self.powered and self.state == C else 0.0

    def ordered_a(self, words: dict[int, int]) -> float | None:
        da = words.get(SLOTS + self.address - 1)
        return None if da is None else da / 10

    async def _action(self, function, block_start, address, count, registers, values):  # type: ignore[no-untyped-def]
        if function == WRITE_ONE:
            raise NoSuchIdException
        return await super()._action(function, block_start, address, count, registers, values)

    def written(self, wanted: dict[int, int]) -> None:
        mine = SLOTS + self.address - 1
        if mine in wanted:
            self.current_da = wanted[mine]
            self._heard_s = self.clock()
            self.errors &= ~NO_COMM
        if STATE in wanted and (self.state, wanted[STATE]) in ((ASKS_B, HAS_B), (ASKS_C, HAS_C)):
            self.state = wanted[STATE]
        self.advance()

    def accepts_all(self, wanted: dict[int, int]) -> bool:
        slots = range(SLOTS, SLOTS + SLOT_COUNT)
        return not set(slots) & set(wanted) or set(slots) <= set(wanted)

    def read(self, address: int, is_input: bool) -> int:
        self.advance()
        return {
            STATE: self.state,
            ERRORS: self.errors,
            CURRENT: self.current_da,
            MOST_A: int(self.max_a),
        }.get(address, self.holding[address])
