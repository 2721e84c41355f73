"""The RS-485 line of each chip, on a UART that only notes what it is told."""

import asyncio
import importlib
import sys
import types

import pytest

SELF_DIRECTING = {"uart": 2, "tx": 17, "rx": 16}
FRAME = bytes(range(8))


class Uart:
    def __init__(self, number, **settings):
        self.sent = b""

    def write(self, frame):
        self.sent += frame

    def txdone(self):
        return True


class NoTimer:
    def __init__(self, *args, **settings):
        raise AssertionError("nothing is to be switched off, so no timer is wanted")


@pytest.fixture(params=["rp2_line", "esp32_line"])
def make_line(request, monkeypatch):
    machine = types.SimpleNamespace(UART=Uart, Timer=NoTimer, Pin=lambda number: number)
    monkeypatch.setitem(sys.modules, "machine", machine)
    monkeypatch.setitem(sys.modules, "esp32", types.SimpleNamespace(RMT=NoTimer))
    monkeypatch.setattr(asyncio, "sleep_ms", lambda ms: asyncio.sleep(0), raising=False)
    for name in [name for name in sys.modules if name.startswith("headroom.ports")]:
        monkeypatch.delitem(sys.modules, name)
    return importlib.import_module(f"headroom.ports.{request.param}").Line


def test_a_transceiver_that_finds_the_direction_itself_needs_no_de(make_line):
    line = make_line(types.SimpleNamespace(METER_LINE=SELF_DIRECTING), "METER_LINE")
    line.open(9600, "E", 1)
    asyncio.run(line.send(FRAME))
    line.send_now(FRAME)
    assert line._uart.sent == 2 * FRAME
