"""The meter emulation on real MicroPython, polled by pymodbus's client.

Over a pty, in real time and with known figures; and the whole firmware in virtual time, which is
asked for what the simulated house draws.
"""

import asyncio
import struct
import tempfile
from pathlib import Path

import pytest
from meter_poller import Poller
from pymodbus.exceptions import ModbusIOException
from served_meter import ADDRESS, Served

from headroom.app import answered, assembly
from headroom.settings import table, together
from lab.lockstep import loop as virtual
from lab.lockstep.installation import Installation
from lab.sim.chargers import Heidelberg
from lab.sim.chargers.model import SerialFormat

L1_A, L2_A, VOLTS, HZ = 12.345, 6.789, 120, 59.98  # as host_tests/vm/meter_slave.py has them
KWH = 1234.567, 7.654
FORM, OTHER_FORM = SerialFormat(19200, "N", 1), SerialFormat(9600, "N", 1)
ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 1, 2, 3


def floats(words):
    data = struct.pack(f">{len(words)}H", *words)
    return struct.unpack(f">{len(words) // 2}f", data)


def integers(words):
    """32 bits, low word first, signed."""
    swapped = [words[i + 1 - 2 * (i % 2)] for i in range(len(words))]
    return struct.unpack(f">{len(words) // 2}i", struct.pack(f">{len(words)}H", *swapped))


@pytest.mark.real_time
def test_as_an_sdm630():
    with Served("sdm630", "9600") as served:
        currents_and_powers = floats(served.inputs(0x0006, 12))  # what a SmartEVSE asks for
        assert currents_and_powers == pytest.approx(
            (L1_A, L2_A, 0, L1_A * VOLTS, L2_A * VOLTS, 0), rel=1e-6
        )
        assert floats(served.inputs(0x0000, 6)) == (VOLTS, VOLTS, 0)
        assert floats(served.inputs(0x0034, 2)) == pytest.approx([(L1_A + L2_A) * VOLTS], rel=1e-6)
        assert floats(served.inputs(0x0046, 4)) == pytest.approx([HZ, sum(KWH)], rel=1e-6)
        assert floats(served.inputs(0x015A, 4)) == pytest.approx(KWH, rel=1e-6)
        assert floats(served.inputs(0x0000, 80))[3] == pytest.approx(L1_A, rel=1e-6)
        client = served.client
        refusal = client.read_holding_registers(6, count=2, device_id=ADDRESS)
        assert refusal.exception_code == ILLEGAL_FUNCTION
        refusal = client.read_input_registers(0x0400, count=2, device_id=ADDRESS)
        assert refusal.exception_code == ILLEGAL_ADDRESS
        refusal = client.read_input_registers(0, count=81, device_id=ADDRESS)
        assert refusal.exception_code == ILLEGAL_VALUE
        with pytest.raises(ModbusIOException):
            client.read_input_registers(0, count=2, device_id=ADDRESS + 1)


@pytest.mark.real_time
@pytest.mark.parametrize("how", ["inputs", "holdings"])
def test_as_an_em112_the_leg_with_the_larger_current(how):
    with Served("em112", "9600") as served:
        read = getattr(served, how)
        volts, milliamperes, watts = integers(read(0x0000, 6))
        assert volts == VOLTS * 10
        assert milliamperes == L1_A * 1000
        assert watts == round(L1_A * VOLTS * 10)
        assert read(0x000B, 1) == [104]
        assert read(0x000E, 2) == [1000, round(HZ * 10)]
        assert integers(read(0x0010, 2)) == (round(sum(KWH) * 10),)


@pytest.mark.real_time
def test_as_an_em340():
    with Served("em340", "9600") as served:
        assert integers(served.inputs(0x000C, 6)) == (round(L1_A * 1000), round(L2_A * 1000), 0)
        assert integers(served.inputs(0x0012, 6)) == (
            round(L1_A * VOLTS * 10),
            round(L2_A * VOLTS * 10),
            0,
        )
        assert integers(served.inputs(0x0028, 2)) == (round((L1_A + L2_A) * VOLTS * 10),)
        assert served.inputs(0x000B, 1) == [341]
        assert served.inputs(0x0033, 1) == [round(HZ * 10)]
        assert integers(served.inputs(0x0034, 2)) == (round(sum(KWH) * 10),)
        assert integers(served.inputs(0x0040, 4)) == tuple(round(kwh * 10) for kwh in KWH)
        odd = served.inputs(0x000D, 2)  # a block may begin in the middle of a value
        assert odd == [round(L1_A * 1000) >> 16, round(L2_A * 1000) & 0xFFFF]


@pytest.mark.real_time
def test_a_stale_measurement_is_silence_not_zero():
    with Served("em340", "9600", "stale") as served, pytest.raises(ModbusIOException):
        served.client.read_input_registers(0x000C, count=6, device_id=ADDRESS)


class House:
    """Draws the same for ever."""

    name = "steady"

    def at(self, t_s):
        return L1_A, L2_A


async def polled(settings, form, folder):
    """What the whole firmware answers: measured, the Wh of 100 s, and when it is blind."""
    clock = asyncio.get_running_loop().time
    plant = Installation(folder, House(), [Heidelberg(1, clock)], 100.0, 80.0)
    poller = Poller(plant.firmware, ADDRESS, form)
    async with plant:
        await plant.set_up(settings)
        amperes = floats(await poller.inputs(0x0006, 4))
        assert poller.reply_s == pytest.approx([13 * form.char_s])
        poller.line.master.form = OTHER_FORM
        assert await poller.inputs(0x0006, 4) is None, "it asks at another baud"
        poller.line.master.form = form
        volts, _, _ = floats(await poller.inputs(0x0000, 6))
        (hertz,) = floats(await poller.inputs(0x0046, 2))
        begun_s, before = clock(), floats(await poller.inputs(0x015A, 4))
        await asyncio.sleep(100)
        passed_s, after = clock() - begun_s, floats(await poller.inputs(0x015A, 4))
        plant.world.samples = False
        await asyncio.sleep(2)
        silence = await poller.inputs(0x0006, 4)
    used_wh = [1000 * (new - old) for old, new in zip(before, after, strict=True)]
    return amperes, volts, hertz, (passed_s, *used_wh), silence


def test_the_whole_firmware_shows_what_the_house_draws_and_is_silent_when_blind():
    async def play():
        with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
            settings = f"emulate sdm630 emulate_address {ADDRESS} emulate_baud {FORM.baud}"
            return await polled(settings, FORM, Path(folder))

    amperes, volts, hertz, (passed_s, *used_wh), silence = virtual.run(play())
    assert amperes == pytest.approx((L1_A, L2_A), rel=0.01)
    assert volts == VOLTS
    assert hertz == pytest.approx(60, rel=1e-3)  # the simulated front end's
    for wh, amps in zip(used_wh, (L1_A, L2_A), strict=True):
        true_wh = amps * VOLTS * passed_s / 3600
        assert wh == pytest.approx(true_wh, abs=1 + 0.01 * true_wh)  # it counts in Wh
    assert silence is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"emulate_baud": 9601}, "emulate_baud is 0 or one of: 1200, 2400"),
        ({"emulate_line": "charger", "charger1.profile": "obo"}, "that line drives charger1"),
        ({"legs": 0}, "emulate sdm630 needs CTs to show"),
    ],
)
def test_an_emulation_that_cant_be_is_refused(changes, said):
    with pytest.raises(table.Refused) as caught:
        together.check(table.defaults() | {"emulate": "sdm630"} | changes)
    assert said in str(caught.value)


def test_a_board_without_a_second_line_says_so():
    values = table.defaults() | {"emulate": "sdm630"}
    board = type("Board", (), {"NAME": "small"})
    problems = []
    assert answered.slave(values, board, None, None, [], problems) is None
    assert problems == ["emulate: board small has no second line (METER_LINE)"]


@pytest.mark.parametrize("raised", [MemoryError, ImportError])
def test_where_there_is_no_memory_for_it_the_meter_works_all_the_same(monkeypatch, raised):
    """On a full board an import finds no file: that must not end the meter."""

    def full(*_):
        raise raised

    monkeypatch.setattr(answered, "slave", full)
    problems = []
    values = table.defaults() | {"emulate": "wall_connector"}
    assert assembly._slave(values, None, None, None, [], problems) is None
    assert problems == [
        "emulate: there is no memory for it: flash the firmware as one file, or drive less"
    ]
