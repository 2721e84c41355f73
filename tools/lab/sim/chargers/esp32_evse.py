"""esp32-evse: the open one. Function 16 is dropped, refusals carry bit 3 instead of bit 7."""

import time
from collections.abc import Callable

from pymodbus.exceptions import NoSuchIdException

from .model import WRITE_MANY, ChargerModel, SerialFormat, words_of

STATE, ENABLED, LIMIT, CURRENTS, DEFAULT_DA = 100, 103, 106, 213, 305


class Esp32Evse(ChargerModel):
    """One with a 32 A contactor."""

    name = "esp32_evse"
    serial = SerialFormat(115200, "N", 1)
    limit_register = LIMIT
    min_a = 6.0
    max_a = 32.0
    boot_s = 2.0
    exception_bit = 0x08
    holding_registers = (*range(100, 113), *range(200, 219), *range(300, 318))
    read_only = frozenset((*range(100, 103), 104, 105, *range(200, 219)))
    flash_registers = frozenset(range(300, 318))

    def __init__(self, address: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(address, clock)
        self.holding = dict.fromkeys(self.holding_registers, 0)
        self.holding |= {ENABLED: 1, DEFAULT_DA: 320, LIMIT: 320}

    def power_on(self, ago_s: float = 0.0) -> None:
        super().power_on(ago_s)
        self.holding |= {ENABLED: 1, LIMIT: self.holding[DEFAULT_DA]}

    @property
    def pilot_a(self) -> float:
        return self.holding[LIMIT] / 10 if self.powered and self.holding[ENABLED] else 0.0

    def limit_a(self, raw: int) -> float:
        return raw / 10

    def ordered_a(self, words: dict[int, int]) -> float | None:
        return 0.0 if words.get(ENABLED) == 0 else super().ordered_a(words)

    async def _action(self, function, block_start, address, count, registers, values):  # type: ignore[no-untyped-def]
        if function == WRITE_MANY:
            raise NoSuchIdException
        return await super()._action(function, block_start, address, count, registers, values)

    def accepts(self, address: int, value: int) -> bool:
        if address == LIMIT:
            return 60 <= value <= self.max_a * 10
        return address != ENABLED or value in (0, 1)

    def read(self, address: int, is_input: bool) -> int:
        if address == STATE:
            letter = ("C" if self.draw_a > 0 else "B") if self.plugged else "A"
            mark = " " if letter == "A" else "2" if self.holding[ENABLED] else "1"
            return ord(letter) << 8 | ord(mark)
        if CURRENTS <= address < CURRENTS + 6:
            phase, word = divmod(address - CURRENTS, 2)
            return words_of(round(self.phase_a(phase) * 1000))[word]
        return self.holding[address]
