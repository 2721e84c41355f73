"""The UART sends a byte at the moment it is written, and keeps the transmit interrupt asserted for
ever, so that `machine.UART(...)` of MicroPython 1.28 never returns.
"""

from collections import deque
from collections.abc import Callable

from rp2040py.peripherals import uart
from rp2040py.rp2040 import RP2040

from lab.chip.corrections.uart_clock import ProgrammedClock

_IFLS = 0x34
_DMACR = 0x48
_RX_TIMEOUT = 1 << 6
_FLAG_BUSY = 1 << 3
_FLAG_TX_FULL = 1 << 5
_LEVELS = (4, 8, 16, 24, 28)
_DEPTH = 32

# byte, emulated ns of its start bit and of the end of its stop bit
OnByte = Callable[[int, float, float], None]


class Pl011(ProgrammedClock):
    """`on_sent(byte, start_ns, end_ns)` hears what leaves; `inject` puts bytes on the RX line.

    FIFOs of 32, a shift register at the programmed baud, interrupts when a FIFO passes its level
    and when the line has been silent for 32 bits (PL011 manual, ARM DDI 0183). Not here: break,
    parity and framing errors, DMA.
    """

    def __init__(self, chip: RP2040, stock: uart.RPUART, on_sent: OnByte) -> None:
        super().__init__(chip, stock.name, stock.irq, stock.dreq)
        self._on_sent = on_sent
        self._waiting: deque[int] = deque()
        self._shifting: tuple[int, float] | None = None
        self._incoming: deque[int] = deque()
        self._levels = 0x12
        alarm = chip.clock.create_alarm
        self._sent_alarm = alarm(self._sent)
        self._arrive_alarm = alarm(self._arrive)
        self._silence_alarm = alarm(self._silence)

    def inject(self, data: bytes, delay_ns: float = 0) -> None:
        """Bytes on the RX line, back to back, after those that are already on their way."""
        if not self._incoming:
            self._arrive_alarm.schedule(delay_ns + self.frame_ns)
        self._incoming.extend(data)

    @property
    def flags(self) -> int:
        """The flag register."""
        sending = self._shifting is not None or bool(self._waiting)
        full = self.rx_fifo.item_count >= self._depth
        return (
            (0 if self._waiting else uart.TXFE)
            | (uart.RXFF if full else 0)
            | (_FLAG_TX_FULL if len(self._waiting) >= self._depth else 0)
            | (uart.RXFE if self.rx_fifo.empty else 0)
            | (_FLAG_BUSY if sending else 0)
        )

    def check_interrupts(self) -> None:
        """Assert the interrupt as long as an enabled one is pending, and no longer."""
        self.rp2040.set_interrupt(self.irq, bool(self._interrupt_status & self._interrupt_mask))

    def reset(self) -> None:
        """The registers; what is on the wire towards us keeps coming."""
        super().reset()
        self._waiting.clear()
        self._shifting = None
        self._levels = 0x12
        self._sent_alarm.cancel()
        self._silence_alarm.cancel()

    def read_uint32(self, offset: int) -> int:
        """A register read."""
        if offset == _IFLS:
            return self._levels
        if offset != uart.UARTDR:
            return super().read_uint32(offset)
        byte = self.rx_fifo.pull()
        if self.rx_fifo.item_count < self._level(3):
            self._interrupt_status &= ~uart.UARTRXINTR
        if self.rx_fifo.empty:
            self._interrupt_status &= ~_RX_TIMEOUT
        self.check_interrupts()
        return byte

    def write_uint32(self, offset: int, value: int) -> None:
        """A register write."""
        if offset == uart.UARTDR:
            if len(self._waiting) < self._depth:
                self._waiting.append(value & 0xFF)
            if len(self._waiting) > self._level(0):
                self._interrupt_status &= ~uart.UARTTXINTR
            self._load()
        elif offset == _IFLS:
            self._levels = value & 0x3F
        elif offset != _DMACR:
            super().write_uint32(offset, value)

    @property
    def _depth(self) -> int:
        return _DEPTH if self.fifos_enabled else 1

    def _level(self, shift: int) -> int:
        return _LEVELS[min(4, (self._levels >> shift) & 7)] if self.fifos_enabled else 1

    def _load(self) -> None:
        if self._shifting is None and self._waiting and self.enabled:
            self._shifting = self._waiting.popleft(), self.rp2040.clock.nanos
            if len(self._waiting) == (self._level(0) if self.fifos_enabled else 0):
                self._interrupt_status |= uart.UARTTXINTR
            self._sent_alarm.schedule(self.frame_ns)
        self.check_interrupts()

    def _sent(self) -> None:
        assert self._shifting is not None
        byte, start_ns = self._shifting
        self._shifting = None
        self._on_sent(byte, start_ns, self.rp2040.clock.nanos)
        self._load()

    def _arrive(self) -> None:
        byte = self._incoming.popleft()
        if self.enabled and self.rx_fifo.item_count < self._depth:  # else overrun: it is lost
            self.rx_fifo.push(byte)
            if self.rx_fifo.item_count >= self._level(3):
                self._interrupt_status |= uart.UARTRXINTR
            self._silence_alarm.schedule(32 * self.bit_ns)
            self.check_interrupts()
        if self._incoming:
            self._arrive_alarm.schedule(self.frame_ns)

    def _silence(self) -> None:
        if not self.rx_fifo.empty:
            self._interrupt_status |= _RX_TIMEOUT
            self.check_interrupts()
