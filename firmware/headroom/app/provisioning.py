"""What Improv sets up (console/improv.py): the station is tried, and kept if it joins.

In memory once somebody asks for it. Switching the radio on may hold the loop for long: that is
done once, in the presence of whoever asks for it, and only where it is not on yet. Where it is in
use it leaves its network for the one that is tried, and returns if that can't be.
"""

import binascii
import time

from micropython import const

from ..console.improv import FAILED, NOT_JOINED
from ..network import wifi
from ..settings import table

_PATIENCE_MS = const(20_000)


class Radio:
    """status  see reporting/status.py; lock: console/lock.py
    configuration  the topic of the settings (console/commands/settings.py)
    """

    def __init__(self, values, status, configuration, lock):
        self._values = values
        self._status = status
        self._configuration = configuration
        self._lock = lock

    def about(self):
        """Firmware, its version, the board, the meter's name."""
        about = self._status.about()
        return "Headroom", about["version"], about["board"], self._values["name"]

    def provisioned(self):
        """Is a network set?"""
        return bool(self._values["wifi_ssid"])

    def joining(self, ssid, password):
        """Try it, to be kept: a generator; its value is 0, or Improv's code of what is wrong."""
        if self._lock.locked:
            return FAILED
        wanted = self._configuration.wanted()
        for name, value in (("wifi_ssid", ssid), ("wifi_password", password)):
            text = "hex:" + binascii.hexlify(value).decode() if value else ""
            table.put(wanted, name, text)
        network = self._status.network
        try:
            station = network.wifi if network else wifi.built(ssid, password)
        except ValueError:
            return FAILED
        before = station.change(ssid, password)
        before_ms = begun_ms = time.ticks_ms()
        error = NOT_JOINED
        while error and time.ticks_diff(before_ms, begun_ms) < _PATIENCE_MS:
            yield
            now_ms = time.ticks_ms()
            if not network:  # else it has its turns there
                station.turn(time.ticks_diff(now_ms, before_ms))
            before_ms = now_ms
            if station.up:
                error = 0
        if not error:
            try:
                yield from self._configuration.take(wanted)
            except table.Refused:
                error = FAILED
        if error:
            station.change(*before)
        return error

    def keeping(self):
        """Save it, and restart: a generator."""
        return self._configuration.save([], "improv")
