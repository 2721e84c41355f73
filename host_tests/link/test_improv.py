"""Improv on the console of the whole firmware; the PC's own network is what is joined.

Frames by the page of Improv and its SDK for browsers: see host_tests/unit/test_improv.py.
"""

import time
from contextlib import suppress

import pytest
import serial

from lab.simulate import simulation
from meter.errors import MeterError
from meter.link import Link

PATIENCE_S = 30

pytestmark = pytest.mark.real_time


def rpc(command, data=b""):
    whole = b"IMPROV\x01\x03" + bytes((2 + len(data), command, len(data))) + data
    return whole + bytes((sum(whole) & 255,)) + b"\n"


def until(line, wanted):
    """What is read until this is in it."""
    heard = b""
    end_s = time.monotonic() + PATIENCE_S
    while wanted not in heard:
        heard += line.read(max(1, line.in_waiting))
        assert time.monotonic() < end_s, heard
    return heard


def once_it_is_back(port, boot):
    """What was typed while it restarts is lost."""
    end_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < end_s:
        with suppress(MeterError), Link(port) as link:
            if link.status()["boot"] == boot:
                return
    raise AssertionError("no restart")


def test_it_is_asked_and_set_up_beside_the_console():
    with simulation() as port:
        with Link(port) as link:
            before = link.status()["boot"]
        with serial.Serial(port, 115200, timeout=0.02) as line:
            line.write(rpc(3))
            heard = until(line, b"meter")
            assert b"\nIMPROV\x01\x04" in heard
            assert b"\x08Headroom" in heard
            line.write(rpc(2))
            assert b"\nIMPROV\x01\x01\x01\x02" in until(line, b"IMPROV\x01\x01")
            line.write(rpc(1, b"\x04Home\x0cwith  spaces"))
            until(line, b"IMPROV\x01\x01\x01\x04")
        once_it_is_back(port, before + 1)
        with Link(port) as link:
            assert link.ask("get wifi") == (
                f"wifi_ssid = hex:{b'Home'.hex()}\nwifi_password = set"
            )
            assert not link.status()["unsaved"]
            assert b"with  spaces".hex() not in link.ask("dump")
