"""As a meter for chargers that poll one: a frame of Eastron's manual, and silence when blind."""

import struct
from types import SimpleNamespace

import pytest
from scripted_line import with_crc

from headroom.answering.readings import Readings
from headroom.answering.slave import Slave
from headroom.metering.health import Health
from headroom.records import STALE_MS

LINE = SimpleNamespace(open=lambda *form: None)
READ_VOLTS_OF_L1 = bytes.fromhex("01 04 00 00 00 02 71 CB")  # as in the SDM630's manual


@pytest.fixture
def meter():
    """One that measures 12 A of 120 V, and its `health`."""
    window = SimpleNamespace(good=True, legs=2, leg_ma=[12_000, 6_000])
    meter = SimpleNamespace(window=window, frequency=None, health=Health())
    readings = Readings(meter, meter.health, None, 120)
    meter.slave = Slave(LINE, (9600, "N", 1), "sdm630", 1, readings)
    return meter


def test_a_recorded_request_is_answered(meter):
    assert meter.slave.reply(READ_VOLTS_OF_L1) == struct.pack(">BBf", 4, 4, 120)
    amperes_of_l1 = with_crc([1, 4, 0, 6, 0, 2])
    assert meter.slave.reply(amperes_of_l1) == struct.pack(">BBf", 4, 4, 12)


def test_it_is_silent_when_its_readings_are_old_or_not_good(meter):
    meter.health.wait(STALE_MS + 1)
    assert meter.slave.reply(READ_VOLTS_OF_L1) is None
    meter.health.good(0)
    assert meter.slave.reply(READ_VOLTS_OF_L1)
    meter.window.good = False
    assert meter.slave.reply(READ_VOLTS_OF_L1) is None


@pytest.mark.parametrize(
    "heard",
    [b"", READ_VOLTS_OF_L1[:-1], READ_VOLTS_OF_L1[:-1] + b"\xca", with_crc(b"\2\4\0\0\0\2")],
)
def test_it_is_silent_to_what_is_damaged_or_anothers(meter, heard):
    assert meter.slave.reply(heard) is None
