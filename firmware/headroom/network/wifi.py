"""The station of a board's Wi-Fi: it joins, and joins again, without ever waiting for it."""

import sys

from micropython import const

_TRY_MS = const(20_000)  # for an association and an address
_LONGEST_MS = const(160_000)


class Wifi:
    """wlan  the chip's station, switched on here: that may hold the loop for long, so at the start

    up     it has an address
    fault  why not, "" while there is no reason
    """

    def __init__(self, wlan, ssid, password):
        self._wlan = wlan
        self._ssid, self._password = ssid, password
        self.up = False
        self.fault = "not yet there"
        self._left_ms = 0  # until the next try
        self._next_ms = _TRY_MS
        self._tried = False  # else it may be another network that it has joined
        wlan.active(True)

    def change(self, ssid, password):
        """Another network from now on; (ssid, password) of the one before."""
        before = self._ssid, self._password
        self._ssid, self._password = ssid, password
        self.up = self._tried = False
        self._left_ms = 0
        self._next_ms = _TRY_MS
        return before

    def turn(self, elapsed_ms):
        """Look at it, and try again where it is due."""
        joined = self._wlan.isconnected()
        self.up = joined and self._tried
        if self.up:
            self.fault = ""
            self._left_ms = 0
            self._next_ms = _TRY_MS
            return
        if joined:  # another one; it may leave that in its own time
            self._wlan.disconnect()
            return
        self._left_ms -= elapsed_ms
        if self._left_ms > 0:
            return
        self._left_ms = self._next_ms
        self._next_ms = min(2 * self._next_ms, _LONGEST_MS)
        try:
            self._wlan.disconnect()
            self._tried = True
            self._wlan.connect(self._ssid, self._password)
            self.fault = "does not join: out of reach, or another password"
        except (OSError, ValueError) as error:
            self.fault = "can't be joined (%r)" % error

    def signal(self):
        """dBm, None where that is not known."""
        try:
            return self._wlan.status("rssi")
        except Exception:  # noqa: BLE001  each port has another one for what it does not know
            return None


class Wired:
    """A PC's own network, for tests."""

    up = True
    fault = ""

    def change(self, ssid, password):
        """It has no networks to choose from."""
        return ssid, password

    def turn(self, elapsed_ms):
        """Somebody else sees to it."""

    def signal(self):
        return None


def built(ssid, password):
    """The Wifi of this board, or a PC's network; ValueError if there is neither."""
    if sys.platform == "linux":
        return Wired()
    try:
        import network
    except ImportError:
        raise ValueError("this MicroPython has no radio: see the board's page")
    if not ssid:
        raise ValueError("wifi_ssid is not set")
    return Wifi(network.WLAN(network.STA_IF), ssid, password)
