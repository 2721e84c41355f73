"""Each meter that chargers poll, in the frames and scales that were recorded of it."""

import random
import struct

import pytest
from asked_meter import WH, AskedMeter
from scripted_line import with_crc

from headroom.answering import models
from headroom.settings import table

VOLTS = 230
AMPS = 11.5, 4.25, 0.75
WATTS = [VOLTS * amps for amps in AMPS]


def swapped(kind, values):
    """Values of 32 or 64 bits with the low word first."""
    found = b""
    for value in values:
        data = struct.pack(">" + kind, value)
        found += b"".join(data[i : i + 2] for i in range(len(data) - 2, -1, -2))
    return found


# Requests of a Wall Connector as recorded, with the answers that it took.
HANDSHAKE = "01 03 9C 42 00 06 4B 8C", "00 01 00 42 47 65 6E 65 72 61 63 00"
PROBE = "01 03 00 00 00 01 84 0A", "30 78"
IDENTITY = (
    "01 03 00 01 00 37 55 D4",
    """3078 3030 3030 3034 3731 3442 3035 3638 3631 0000 312E 362E 312D 5465 736C 6100
    FFFF FFFF FFFF FFFF 3031 322E 3030 3032 3041 2E48 0000 FFFF 3930 3935 3400 5641
    4834 3831 3041 4230 3233 3100 FFFF FFFF FFFF FFFF FFFF FFFF FFFF FFFF 3034 3A37
    313A 3442 3A30 353A 3638 3A36 3100""",
)
POWERS = "01 03 00 88 00 0A 45 E7"
CURRENTS = "01 03 00 F4 00 08 05 FE"


@pytest.mark.parametrize("option", ["", "/total_fourth"])
@pytest.mark.parametrize(("request_", "answer"), [HANDSHAKE, PROBE, IDENTITY])
def test_a_wall_connectors_questions_who_we_are(option, request_, answer):
    meter = AskedMeter("wall_connector" + option, AMPS)
    data = bytes.fromhex(answer)
    expected = with_crc(bytes([1, 3, len(data)]) + data)
    assert meter.frame(bytes.fromhex(request_)) == expected
    assert meter.notes == []


@pytest.mark.parametrize(
    ("option", "powers", "currents"),
    [
        ("", (*WATTS, 0, sum(WATTS)), (*AMPS, 0)),
        ("/total_fourth", (*WATTS, sum(WATTS), 0), (*AMPS, sum(AMPS))),
    ],
)
def test_a_wall_connectors_powers_and_currents(option, powers, currents):
    meter = AskedMeter("wall_connector" + option, AMPS)
    for request, values in ((POWERS, powers), (CURRENTS, currents)):
        data = struct.pack(f">{len(values)}f", *values)
        expected = with_crc(bytes([1, 3, len(data)]) + data)
        assert meter.frame(bytes.fromhex(request)) == expected
    if not option:
        assert meter.ask(3, 0xFC, 2) == struct.pack(">f", sum(AMPS))
    rest = struct.unpack(">5f", meter.ask(3, 0x92, 10))
    assert rest == pytest.approx((0, VOLTS, VOLTS, VOLTS, 50.02))
    assert meter.ask(4, 0x88, 10) == 1  # it has function 3 only
    assert meter.notes == []


def test_of_a_panel_of_two_legs_a_wall_connector_sees_a_third_ct_with_nothing():
    meter = AskedMeter("wall_connector", (30, 24), 120)
    assert struct.unpack(">4f", meter.ask(3, 0xF4, 8)) == (30, 24, 0, 0)
    assert struct.unpack(">5f", meter.ask(3, 0x88, 10)) == (3600, 2880, 0, 0, 6480)


ECHO = bytes.fromhex("01 08 00 00 A5 37")


@pytest.mark.parametrize(
    ("name", "number", "mode"), [("em112_pfb", 104, 0), ("em330", 332, 1), ("em530", 1744, 2)]
)
def test_what_a_wallbox_asks_to_know_its_meter(name, number, mode):
    meter = AskedMeter(name, AMPS)
    for function in (3, 4):
        assert meter.ask(function, 0x000B, 1) == struct.pack(">H", number)
        assert meter.ask(function, 0x1103, 1) == struct.pack(">H", mode)
        assert meter.ask(function, 0x7777, 3) == bytes(6)  # nobody has these: 0, no exception
    assert meter.frame(with_crc(ECHO)) == with_crc(ECHO)
    assert meter.ask(6, 0x000B, 1) == 1  # it can't be written


@pytest.mark.parametrize("name", ["em330", "em530"])
def test_a_wallboxs_three_phase_meters(name):
    meter = AskedMeter(name, AMPS)
    volts = [VOLTS * 10] * 3
    between = [round(10 * VOLTS * 3**0.5)] * 3
    block = meter.ask(3, 0x0000, 0x2E)
    expected = volts + between + [1000 * a for a in AMPS] + [10 * w for w in WATTS]
    expected += [10 * w for w in WATTS] + [0] * 3 + [VOLTS * 10, between[0]]
    expected += [10 * sum(WATTS)] * 2 + [0]
    assert block == swapped("i", [int(value) for value in expected])
    assert block[22:24] == bytes(2), "0x000B in a block is the high word of L3 to L1"
    assert meter.ask(3, 0x000C, 2) == bytes.fromhex("2C EC 00 00")  # 11500 mA
    assert meter.ask(4, 0x0034, 2) == swapped("i", [round(sum(WH) / 100)])
    assert meter.ask(4, 0x004E, 2) == bytes(4)
    if name == "em530":
        assert meter.ask(3, 0x0500, 4) == swapped("q", [sum(WH)])
        assert meter.ask(3, 0x051C, 4) == bytes(8)
        middle = swapped("q", [sum(WH)])[2:6]
        assert meter.ask(3, 0x0501, 2) == middle  # a block may begin in the middle of a value


@pytest.mark.parametrize(("name", "wh_per"), [("em112", 100), ("em112_pfb", 1)])
def test_a_meter_of_one_phase_shows_the_leg_with_the_largest_current(name, wh_per):
    meter = AskedMeter(name, (3, 11.5))
    values = [2300, 11_500, 26_450, 26_450, 0]
    assert meter.ask(3, 0, 10) == swapped("i", values)
    assert meter.ask(4, 0x000E, 2) == struct.pack(">2h", 1000, 500)
    assert meter.ask(4, 0x0010, 2) == swapped("i", [(sum(WH[:2]) + wh_per // 2) // wh_per])


def test_an_inverters_wattnode():
    meter = AskedMeter("wattnode", AMPS, address=2)
    kwh = sum(WH) / 1000
    ll = VOLTS * 1.732
    block = [kwh, kwh, kwh, kwh, sum(WATTS), *WATTS, VOLTS, VOLTS, VOLTS, VOLTS, ll, ll, ll, ll]
    assert meter.ask(3, 1000, 34) == swapped("f", [*block, 50.02])
    energies = [wh / 1000 for wh in WH]
    assert meter.ask(3, 1100, 12) == swapped("f", [*energies, *energies])
    assert meter.ask(3, 1162, 6) == swapped("f", AMPS)
    assert meter.ask(3, 1600, 2) == struct.pack(">2H", 1234, 0)
    assert meter.ask(3, 1700, 2) == struct.pack(">2H", 987654 & 0xFFFF, 987654 >> 16)
    assert meter.ask(4, 1000, 2) == 1


@pytest.mark.parametrize("name", [n for n in table.row_of("emulate").choices if n != "headroom"])
def test_a_block_is_its_registers_wherever_it_begins(name):
    """Each register alone, whatever value it is a part of, gives what it has in any block."""
    data = models.load(name)
    meter, function = AskedMeter(name, AMPS), data["functions"][0]
    last, most = data.get("last", 0xFFFF), data.get("most", 125)
    firsts = [row[0] for row in data["rows"]] + [first for first, _ in data.get("fixed", ())]
    chance = random.Random(name)
    for first in firsts * 2:
        begin = max(0, min(last, first + chance.randrange(-6, 7)))
        count = min(chance.randrange(1, most + 1), last - begin + 1)
        block = meter.ask(function, begin, count)
        for at in chance.sample(range(count), min(count, 12)):
            if begin + at not in data.get("alone", {}):
                alone = meter.ask(function, begin + at, 1)
                assert block[2 * at : 2 * at + 2] == alone, hex(begin + at)
    assert meter.ask(function, last, 1) is not None
    assert meter.ask(function, last, 2) == 2, "beyond the last register"
