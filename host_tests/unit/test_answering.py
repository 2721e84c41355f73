"""As a meter for chargers that poll one: whole frames, and what is told when we are blind."""

import asyncio
import struct
import time
from types import SimpleNamespace

import pytest
from asked_meter import AskedMeter
from scripted_line import with_crc

from headroom.answering import models
from headroom.answering.slave import Slave
from headroom.records import STALE_MS
from headroom.settings import table

READ_VOLTS_OF_L1 = bytes.fromhex("01 04 00 00 00 02 71 CB")  # as in the SDM630's manual
NAMES = [name for name in table.row_of("emulate").choices if name != "headroom"]
POWERS = 0x0088, 10  # what a Wall Connector asks for


@pytest.fixture
def meter():
    """One that measures 12 A of 120 V."""
    return AskedMeter("sdm630", (12, 6), 120)


def test_a_recorded_request_is_answered(meter):
    assert meter.frame(READ_VOLTS_OF_L1) == with_crc(struct.pack(">BBBf", 1, 4, 4, 120))
    assert meter.ask(4, 6, 2) == struct.pack(">f", 12)


@pytest.mark.parametrize("name", NAMES)
def test_every_model_has_a_default_that_the_setting_may_name(name):
    assert models.load(name)["when_bad"] in table.row_of("emulate_when_bad").choices


@pytest.mark.parametrize("name", NAMES)
def test_old_and_bad_readings_are_never_shown(name):
    """Silence is silence for whatever is asked: a meter that is half there is there."""
    meter = AskedMeter(name, (12, 6), 120, when_bad="silence")
    function = models.load(name)["functions"][0]
    assert meter.ask(function, 0, 2) is not None
    meter.health.wait(STALE_MS + 1)
    assert meter.ask(function, 0, 2) is None
    meter.health.good(0)
    assert meter.ask(function, 0, 2) is not None
    meter.window.good = False
    assert meter.ask(function, 0, 2) is None


def test_a_window_that_nobody_judges_any_more_is_old(meter):
    """Should whoever counts the age hang, the window's own time tells."""
    assert meter.ask(4, 6, 2)
    meter.window.at_ms = time.ticks_add(time.ticks_ms(), -1001)
    assert not meter.slave.reply(memoryview(READ_VOLTS_OF_L1))


W = 63 * 120  # at full load, a leg
SHOWN_W = {  # where the watts of all legs are, or of the worst; floats or tenths of a watt
    "sdm630": (4, 0x0034, struct.pack(">f", 2 * W)),
    "em112": (3, 0x0004, struct.pack(">2H", 10 * W & 0xFFFF, 10 * W >> 16)),
    "em112_pfb": (3, 0x0004, struct.pack(">2H", 10 * W & 0xFFFF, 10 * W >> 16)),
    "wall_connector": (3, 0x0090, struct.pack(">f", 2 * W)),
    "wall_connector/total_fourth": (3, 0x008E, struct.pack(">f", 2 * W)),
    "wattnode": (3, 1008, struct.pack(">f", 2 * W)[2:] + struct.pack(">f", 2 * W)[:2]),
}
OF_THREE = (3, 0x0028, struct.pack(">2H", 20 * W & 0xFFFF, 20 * W >> 16))


@pytest.mark.parametrize("name", NAMES)
def test_full_load_is_the_rating_of_the_main_breaker_and_ends_with_the_fault(name):
    meter = AskedMeter(name, (12, 6), 120, when_bad="full")
    function, register, full = SHOWN_W.get(name, OF_THREE)
    before = meter.ask(function, register, 2)
    meter.window.good = False
    assert meter.ask(function, register, 2) == full != before
    meter.window.good = True
    assert meter.ask(function, register, 2) == before


def test_an_exception_says_that_it_cant_tell():
    meter = AskedMeter("em340", (12, 6, 0), when_bad="exception")
    assert len(meter.ask(3, 0x000C, 6)) == 12
    meter.window.good = False
    assert meter.ask(3, 0x000C, 6) == 4  # server device failure


def test_what_it_does_not_have_is_noted_once_for_whoever_adds_a_model():
    meter = AskedMeter("wall_connector", (12, 6), 120)
    for _ in range(3):
        assert meter.ask(3, 0x0130, 4) == bytes(8)
    assert meter.ask(3, *POWERS)
    assert meter.notes == [
        "asked as wall_connector for 4 registers from 0x0130: 0x0130 is not known"
    ]
    for register in range(0x2000, 0x2100):
        meter.ask(3, register, 1)
    assert len(meter.notes) == 8, "a charger that asks for all of them does not fill the log"


class Line:
    """Hands over `arrives` piece by piece, one a look, and keeps what is sent."""

    def __init__(self, *arrives):
        self.arrives = list(arrives)
        self.sent = []

    def open(self, *form):
        self.form = form

    def read_into(self, buffer):
        piece = self.arrives.pop(0) if self.arrives else b""
        count = min(len(piece), len(buffer))
        if piece[count:]:
            self.arrives.insert(0, piece[count:])
        buffer[:count] = piece[:count]
        return count

    async def send(self, frame):
        self.sent.append(bytes(frame))

    async def serve(self, slave, name="sdm630", note=None):
        served = Slave(self, (0, "N", 1), name, 1, slave._source, "", note)
        task = asyncio.create_task(served.serve())
        while self.arrives:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.05)
        task.cancel()
        return self.sent


def heard(meter, *arrives, name="sdm630"):
    return asyncio.run(Line(*arrives).serve(meter.slave, name))


ANSWER = with_crc(struct.pack(">BBBf", 1, 4, 4, 120))
NOISE = b"\x55\x00\x41"


@pytest.mark.parametrize(
    ("arrives", "answers"),
    [
        ([READ_VOLTS_OF_L1], 1),
        ([READ_VOLTS_OF_L1[:3], READ_VOLTS_OF_L1[3:]], 1),
        ([NOISE + READ_VOLTS_OF_L1], 1),
        ([2 * READ_VOLTS_OF_L1], 1),  # asked again while another task held the loop
        ([READ_VOLTS_OF_L1, b"", b"", b"", READ_VOLTS_OF_L1], 2),
        ([READ_VOLTS_OF_L1[:-1]], 0),
        ([READ_VOLTS_OF_L1[:-1] + b"\xca"], 0),
        ([with_crc(b"\2\4\0\0\0\2")], 0),  # another's
        ([bytes(500), b"", b"", b"", b"", READ_VOLTS_OF_L1], 1),  # babble
        ([READ_VOLTS_OF_L1, NOISE], 0),  # the beginning of something else
    ],
)
def test_requests_to_us_are_found_and_nothing_else_is_answered(meter, arrives, answers):
    assert heard(meter, *arrives) == [ANSWER] * answers


def test_an_echo_of_our_own_answer_is_no_request_and_hides_none(meter):
    """Of function 8 the answer is the request itself."""
    assert heard(meter, READ_VOLTS_OF_L1, b"", ANSWER + READ_VOLTS_OF_L1) == [ANSWER] * 2
    ask = with_crc(bytes.fromhex("01 08 00 00 A5 37"))
    assert heard(meter, ask, b"", ask, name="em330") == [ask]


def test_what_is_asked_while_the_answer_goes_out_is_not_taken_for_its_echo(meter):
    assert heard(meter, READ_VOLTS_OF_L1, b"", READ_VOLTS_OF_L1) == [ANSWER] * 2


def test_what_raises_is_silence_and_noted_once_and_the_next_one_is_answered(meter):
    """What is asked on this line ends nothing: the meter of the drivers' line is the same one."""
    raises = [True, True, False]
    begin = meter.slave._source.begin

    def begin_or_raise(full):
        if raises.pop(0):
            raise OverflowError("no such power")
        begin(full)

    meter.slave._source.begin = begin_or_raise
    line = Line(*3 * (READ_VOLTS_OF_L1, b"", b""))
    notes = []
    assert asyncio.run(line.serve(meter.slave, note=notes.append)) == [ANSWER]
    assert notes == ["no answer as sdm630: OverflowError('no such power')"]


@pytest.mark.parametrize(("name", "baud"), [("wall_connector", 115200), ("em330", 9600)])
def test_a_line_is_opened_as_its_meter_has_it_unless_set(name, baud):
    line = Line()
    source = SimpleNamespace(fixed=())
    Slave(line, (0, "N", 1), name, 1, source)
    assert line.form == (baud, "N", 1)
    Slave(line, (19200, "E", 1), name, 1, source)
    assert line.form == (19200, "E", 1)
