"""ESP32 and ESP32-S3. board.RATE_HZ is 1,920 there: 32 frames a cycle at 60 Hz."""

import binascii

import machine

from .esp32_line import Line  # noqa: F401  part of the interface
from .esp32_sampler import Sampler  # noqa: F401
from .service import end_service, feed_for_service
from .stdio import Terminal  # noqa: F401

_wdt = None


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


def identity():
    return binascii.hexlify(machine.unique_id()).decode()


def data_folder(board):
    return "/data"


def stay_reachable(board):
    if _wdt is not None or machine.reset_cause() == machine.SOFT_RESET:
        feed_for_service(machine.WDT(timeout=board.WATCHDOG_MS), machine.Timer(1))
