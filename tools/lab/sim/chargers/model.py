"""What every simulated charger has: power, registers behind pymodbus, a pilot, a draw."""

import asyncio
import struct
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from pymodbus.constants import ExcCodes
from pymodbus.exceptions import NoSuchIdException
from pymodbus.simulator import DataType, SimData, SimDevice

READ_COILS, READ_HOLDING, READ_INPUT, WRITE_COIL, WRITE_ONE, WRITE_MANY = 1, 3, 4, 5, 6, 16
FUNCTIONS = frozenset((READ_HOLDING, READ_INPUT, WRITE_ONE, WRITE_MANY))
EXCEPTION_BIT = 0x80  # what a refusal sets in the function
WRITES = frozenset((WRITE_COIL, WRITE_ONE, WRITE_MANY))


def words_of(value: int) -> tuple[int, int]:
    """A 32-bit integer as two registers, high word first."""
    return value >> 16 & 0xFFFF, value & 0xFFFF


def pair_of(words: dict[int, int], first: int) -> int | None:
    """The 32-bit integer in two registers of those written, None if they are not there."""
    return words[first] << 16 | words[first + 1] if {first, first + 1} <= set(words) else None


def float_words(value: float) -> tuple[int, int]:
    """A float as two registers, high word first."""
    high, low = struct.unpack(">HH", struct.pack(">f", value))
    return high, low


def float_of(high: int, low: int) -> float:
    """The float in two registers, high word first."""
    return struct.unpack(">f", struct.pack(">HH", high, low))[0]


@dataclass(frozen=True)
class SerialFormat:
    """How one character goes over the wire."""

    baud: int
    parity: str
    stop_bits: int

    @property
    def char_s(self) -> float:
        """Seconds for a start bit, eight data bits, parity and stop bits."""
        return (1 + 8 + (self.parity != "N") + self.stop_bits) / self.baud


class ChargerModel:
    """Base of the charger families; a subclass gives the registers and the behaviour.

    serial   None where it has no bus
    step_a   the most that it may rise at once
    """

    name: str
    serial: SerialFormat | None
    step_a = 12.05
    limit_register: int
    min_a: float
    max_a: float
    boot_s: float
    turnaround_s = 0.01
    holding_registers: tuple[int, ...]
    input_registers: tuple[int, ...] = ()
    coils: tuple[int, ...] = ()
    functions = FUNCTIONS
    broadcast: int | None = None
    exception_bit = EXCEPTION_BIT
    read_only: frozenset[int] = frozenset()
    flash_registers: frozenset[int] = frozenset()
    car_phases = 2  # how many of its conductors the car loads, from the first on
    wild = False  # nobody can lower what it signals: it lies, see lab/soak/liars.py
    unseen_a = 0.0  # what it signals, and neither its registers nor its car show

    def __init__(self, address: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        self.address = address
        self.clock = clock
        self.powered = False
        self.plugged = True
        self.draw_a = 0.0
        self.holding: dict[int, int] = {}
        self.flash_writes: Counter[int] = Counter()
        self._on_since_s = 0.0

    # -- what the world does to it

    def power_on(self, ago_s: float = 0.0) -> None:
        """Mains is back (for `ago_s` already): volatile registers are lost, the charger boots."""
        self.powered = True
        self._on_since_s = self.clock() - ago_s

    def power_off(self) -> None:
        self.powered = False
        self.draw_a = 0.0

    # -- what a family defines

    def phase_a(self, phase: int) -> float:
        """What flows in one of its three phases, 0 the first."""
        return self.draw_a if phase < self.car_phases else 0.0

    @property
    def pilot_a(self) -> float:
        """What the control pilot tells the car now, 0 for no charge."""
        raise NotImplementedError

    @property
    def held_a(self) -> float:
        """What it may be held at though there is no headroom for it."""
        return self.min_a

    @property
    def watchdog_s(self) -> float | None:
        """Seconds of silence after which it takes its failsafe current; None: it never does."""
        return None

    def limit_a(self, raw: int) -> float:
        """Amperes that a value of the limit register stands for, where it is one register."""
        raise NotImplementedError

    def ordered_a(self, words: dict[int, int]) -> float | None:
        """Amperes that a request orders by the registers it writes; None if it orders none.

        0 if it pauses, whichever register does.
        """
        raw = words.get(self.limit_register)
        return None if raw is None else self.limit_a(raw)

    def hears(self, unit: int) -> bool:
        """Whether a request to this address is (also) for this charger."""
        return unit in (self.address, self.broadcast)

    def read(self, address: int, is_input: bool) -> int:
        """Present value of a register."""
        return self.holding[address]

    def accepts(self, address: int, value: int) -> bool:
        """Whether a holding register takes this value."""
        return True

    def accepts_all(self, wanted: dict[int, int]) -> bool:
        """Whether it takes these registers together: for values of two registers."""
        return all(self.accepts(register, value) for register, value in wanted.items())

    def fed(self) -> None:
        """A transaction succeeded."""

    def written(self, wanted: dict[int, int]) -> None:
        """These registers were written and taken."""

    def settings(self, name: str, fallback_a: int) -> str:
        """What a user sets for it, as charger `name`."""
        return (
            f"{name}.profile {self.name} {name}.address {self.address}"
            f" {name}.max_a {self.max_a:.0f} {name}.fallback_a {fallback_a}"
        )

    @property
    def addressable(self) -> bool:
        """Whether it answers on the bus at all."""
        return self.powered and self.clock() - self._on_since_s > self.boot_s

    # -- pymodbus

    def device(self) -> SimDevice:
        """The register map as pymodbus serves it; `_action` fills and checks it."""
        no_bits = [SimData(0, values=[False] * 16, datatype=DataType.BITS)]
        coils = [SimData(a, values=[False] * 16, datatype=DataType.BITS) for a in self.coils]
        holding = [
            SimData(a, datatype=DataType.REGISTERS, readonly=a in self.read_only)
            for a in self.holding_registers
        ]
        inputs = [SimData(a, datatype=DataType.REGISTERS) for a in self.input_registers or (0,)]
        blocks = (coils or no_bits, list(no_bits), holding, inputs)
        return SimDevice(self.address, simdata=blocks, action=self._action)

    async def _action(
        self,
        function: int,
        block_start: int,
        address: int,
        count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        if not self.addressable:
            raise NoSuchIdException
        if values is None and function in WRITES:
            return None  # pymodbus reads back what it has written, but for function 16
        result: ExcCodes | None = None
        if function not in self.functions or (function == READ_INPUT and not self.input_registers):
            result = ExcCodes.ILLEGAL_FUNCTION
        elif values is not None:
            result = self._write(address, [int(value) for value in values])
        else:
            for offset in range(count):
                value = self.read(address + offset, function == READ_INPUT)
                registers[address + offset - block_start] = value & 0xFFFF
            self.fed()
        await asyncio.sleep(self.turnaround_s)
        return result

    def _write(self, address: int, values: list[int]) -> ExcCodes | None:
        wanted = {address + offset: value for offset, value in enumerate(values)}
        if not self.accepts_all(wanted):
            return ExcCodes.ILLEGAL_VALUE
        self.holding.update(wanted)
        self.flash_writes.update(self.flash_registers.intersection(wanted))
        self.fed()
        self.written(wanted)
        return None
