"""A PIO takes one step an instruction of the processor, at most, and one however long that sleeps,
so that its programs run far too slowly.
"""

from rp2040py.peripherals.pio import RPPIO
from rp2040py.rp2040 import RP2040

_FP_PER_NS = 32  # 256 to a cycle of 8 ns: the unit in which the emulator keeps a PIO's time
_NEVER_FP = 1 << 61  # a step due later than this: every state machine waits, or is off


class PacedPio(RPPIO):
    """Every step at the moment that divider and delays give it, whatever the processor does.

    An alarm of the clock makes each step; `stopped` keeps the emulator's own loop away. A state
    machine that waited for a pin goes on from its last step's time, not from the pin's.
    """

    def __init__(self, chip: RP2040, name: str, first_irq: int, index: int) -> None:
        self._clock = chip.clock
        self._alarm = chip.clock.create_alarm(self._step)

    def read_uint32(self, offset: int) -> int:
        """A register read; from a FIFO it may end a stall."""
        self._catch_up()
        value: int = super().read_uint32(offset)
        return value

    def write_uint32(self, offset: int, value: int) -> None:
        """A register write; it may start or stop a state machine."""
        self._catch_up()
        super().write_uint32(offset, value)
        self.stopped = True
        self._arm()

    def notify_due(self, due_fp: int) -> None:
        """A stall has ended."""
        super().notify_due(due_fp)
        self._arm()

    def reset(self) -> None:
        """The whole block."""
        super().reset()
        self._alarm.cancel()

    def _catch_up(self) -> None:
        self.cycle_fp = int(self._clock.nanos * _FP_PER_NS)

    def _step(self) -> None:
        self.cycle_fp = self.next_due_fp
        self.advance(0)
        self._arm()

    def _arm(self) -> None:
        if self.next_due_fp < _NEVER_FP:
            due_ns = self.next_due_fp / _FP_PER_NS
            self._alarm.schedule(max(0.0, due_ns - self._clock.nanos))
        else:
            self._alarm.cancel()
