"""ESP32: MicroPython offers no continuous ADC there, so a timer asks for each frame.

Results go through the chip's factory calibration (read_uv), which straightens its curved
converter. board.RATE_HZ is 1,920 there: 32 frames a cycle at 60 Hz.
"""

import machine

from .esp32_line import Line  # noqa: F401  part of the interface
from .service import end_service, feed_for_service
from .stdio import Terminal  # noqa: F401
from .timed import TimedSampler

_wdt = None


def Sampler(board):  # noqa: N802  stands where other ports have a class
    """Samples board.ADC_PINS (ADC1, 11 dB) as counts of 3.3 V / 4096 = 805.7 uV."""
    converters = [_Input(pin).convert for pin in board.ADC_PINS]
    return TimedSampler(converters, board.RATE_HZ, machine.Timer(0))


class _Input:
    def __init__(self, pin):
        self._adc = machine.ADC(machine.Pin(pin), atten=machine.ADC.ATTN_11DB)

    def convert(self):
        return min((self._adc.read_uv() * 10 + 4028) // 8057, 4095)


class Watchdog:
    """The task watchdog; once created it can't be stopped."""

    def __init__(self, board):
        global _wdt
        _wdt = machine.WDT(timeout=board.WATCHDOG_MS)
        end_service()

    def feed(self):
        _wdt.feed()


def reset():
    machine.reset()


def reset_cause():
    return {
        machine.PWRON_RESET: "power on",
        machine.WDT_RESET: "watchdog",
        machine.SOFT_RESET: "soft reset",
    }.get(machine.reset_cause(), "restart")


def data_folder(board):
    return "/data"


def stay_reachable(board):
    if _wdt is not None or machine.reset_cause() == machine.SOFT_RESET:
        feed_for_service(machine.WDT(timeout=board.WATCHDOG_MS), machine.Timer(1))
