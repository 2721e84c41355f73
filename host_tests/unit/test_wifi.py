"""The station of a board's Wi-Fi, moved about by the test."""

import pytest

from headroom.network.wifi import Wifi


class Station:
    """A radio that a test moves about."""

    def __init__(self):
        self.calls = []
        self.there = False
        self.error = None

    def active(self, on):
        self.calls.append("active")

    def isconnected(self):
        return self.there

    def disconnect(self):
        self.calls.append("disconnect")

    def connect(self, ssid, password):
        if self.error:
            raise self.error
        self.calls.append((ssid, password))

    def status(self, what):
        return -55


@pytest.mark.parametrize("error", [None, OSError(5), ValueError("no such")])
def test_the_station_joins_again_by_itself_ever_less_often(error):
    station = Station()
    wifi = Wifi(station, b"Home", b"secret123")
    assert station.calls == ["active"]
    station.error = error
    tries = []
    for second in range(1800):
        before = len(station.calls)
        for _ in range(10):
            wifi.turn(100)
        if len(station.calls) > before:
            tries.append(second)
    assert tries[:5] == [0, 20, 60, 140, 300]
    assert len(tries) <= 15
    assert not wifi.up
    assert wifi.fault
    assert "secret123" not in wifi.fault
    station.there, station.error = True, None
    wifi.turn(100)
    assert (wifi.up, wifi.fault, wifi.signal()) == (True, "", -55)
    station.there = False
    wifi.turn(100)
    assert station.calls[-1] == (b"Home", b"secret123"), "at once"
