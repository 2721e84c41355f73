"""What `machine` of an ESP32 has, as far as the firmware may use it; see chip.py.

Line numbers are of MicroPython 1.28.0, ports/esp32.
"""

import chip
import wire

PWRON_RESET, HARD_RESET, WDT_RESET, DEEPSLEEP_RESET, SOFT_RESET = 1, 2, 3, 4, 5

_ADC1 = (36, 37, 38, 39, 32, 33, 34, 35)  # machine_adc.c:76
_INPUT_ONLY = (34, 35, 36, 37, 38, 39)
_INITS = (
    255  # "after exactly 255 initialisations": github.com/micropython/micropython/issues/19162
)
_CONVERSION_US = 60
_CALL_US = 5


class Pin:
    IN, OUT = 1, 3

    def __init__(self, id, mode=-1, pull=-1, *, value=None):
        if mode == Pin.OUT and id in _INPUT_ONLY:
            raise ValueError("pin can only be input: machine_pin.c:200")
        self.id = id
        if value is not None:
            self.value(value)

    def value(self, level):
        chip.hold(_CALL_US)
        wire.drive(self.id, chip.now_us, None if level else chip.now_us)

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)


class ADC:
    ATTN_0DB, ATTN_2_5DB, ATTN_6DB, ATTN_11DB = 0, 1, 2, 3
    source_mv = None  # function of a pin's number: what stands at it now

    def __init__(self, pin, *, atten=3):
        if not isinstance(pin, Pin) or pin.id not in _ADC1:
            raise ValueError("invalid pin, or of ADC2, which the radio takes: machine_adc.c:217")
        self._pin = pin.id
        self._noise = 1 + pin.id

    def read_uv(self):
        """Whole millivolts (adc.c:71), with noise of 6 counts RMS, from 54 to 3,150 mV."""
        chip.hold(_CONVERSION_US)
        noise_uv = 0
        for _ in range(3):  # three times uniform, of +-6 counts each: 6 counts RMS
            self._noise = (self._noise * 1103515245 + 12345) & 0x7FFFFFFF
            noise_uv += (self._noise >> 8) % 9670 - 4835
        mv = (ADC.source_mv(self._pin) * 1000 + noise_uv + 500) // 1000
        return min(max(mv, 54), 3150) * 1000


class Timer:
    ONE_SHOT, PERIODIC = 0, 1
    inits = 0
    _made = []

    def __init__(self, id):
        if not isinstance(id, int) or not 0 <= id < 4:
            raise ValueError("invalid Timer number: machine_timer.c:125")
        if id in Timer._made:
            chip.die("Timer(%d) twice, which is one and the same: machine_timer.c:102" % id)
        Timer._made.append(id)

    def init(
        self, *, mode=1, callback=None, period=0xFFFFFFFF, tick_hz=1000, freq=None, hard=False
    ):
        if hard:
            raise ValueError("hard Timers are not implemented: machine_timer.c:262")
        Timer.inits += 1
        if Timer.inits >= _INITS:
            chip.die("timer group 0 was reset, with clock and watchdog: machine_timer.c:178")
        ticks = 10_000_000 // freq if freq else period * 10_000_000 // tick_hz
        self.periodic = bool(mode)
        self.callback = callback
        self.period_ns = ticks * 100
        self.due_ns = chip.now_us * 1000 + self.period_ns
        if self not in chip.timers:
            chip.timers.append(self)

    def deinit(self):
        if self in chip.timers:
            chip.timers.remove(self)


class UART:
    def __init__(
        self, id, *, baudrate, bits, parity, stop, tx, rx, txbuf=256, rxbuf=256, timeout=0
    ):  # fmt: skip
        if not 0 <= id < 3:
            raise ValueError("UART(%d) does not exist: machine_uart.c:500" % id)
        if id == 0:
            raise ValueError("UART(0) is the console's")
        if timeout:
            chip.die("a read that waits holds every task")
        self._wire = wire.of(tx.id, rx.id)
        while not self._wire.silent(chip.now_us):  # uart_wait_tx_done: machine_uart.c:300
            chip.hold(_CALL_US)
        self._wire.open((9 + stop + (parity is not None)) * 1_000_000_000 // baudrate)

    def write(self, frame):
        chip.hold(_CALL_US)
        if len(frame) > 256:
            chip.die("uart_write_bytes waits until it has room: machine_uart.c:713")
        self._wire.send(bytes(frame), chip.now_us)
        return len(frame)

    def txdone(self):
        chip.hold(_CALL_US)
        return self._wire.silent(chip.now_us)

    def any(self):
        chip.hold(_CALL_US)
        return len(self._wire.received(chip.now_us))

    def readinto(self, buffer):
        chip.hold(_CALL_US)
        return self._wire.take(buffer, chip.now_us) or None


class WDT:
    def __init__(self, id=0, timeout=5000):
        if timeout <= 0:
            raise ValueError("WDT timeout too short: machine_wdt.c:48")
        chip.watchdog_ms = timeout
        self.feed()

    def feed(self):
        chip.fed_us = chip.now_us


def unique_id():
    return b"\x24\x0a\xc4\x00\x00\x01"


def reset_cause():
    return PWRON_RESET


def reset():
    chip.die("reset")
