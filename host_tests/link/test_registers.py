"""Our own registers of the whole firmware, in virtual time.

SunSpec's client library reads the meter, and what it finds is held against the house; what the
table of docs/modbus.md says of each register is held against `json status`.
"""

import asyncio
import json
import struct
import tempfile
from pathlib import Path

import pytest
from meter_poller import Poller
from sunspec2.modbus.client import SunSpecModbusClientDevice

from headroom import records
from headroom.answering import models
from lab.lockstep import loop as virtual
from lab.lockstep.installation import Installation
from lab.lockstep.windows import VOLTAGE_WINDOWS
from lab.sim.chargers import EvseWb, Heidelberg
from lab.sim.chargers.model import SerialFormat
from lab.sim.chargers.relay import PINS

ADDRESS = 3
FORM = SerialFormat(19200, "N", 1)
L1_A, L2_A, VOLTS = 24.5, 8.0, 120
SETTINGS = f"emulate headroom emulate_address {ADDRESS} emulate_baud {FORM.baud}"
FAILURE = 4
WIDTHS = {"h": 1, "H": 1, "i": 2, "I": 2, "L": 2}
BLOCK = 100


class House:
    name = "steady"

    def at(self, t_s):
        return L1_A, L2_A


class Found(SunSpecModbusClientDevice):
    """What was read, for the library to make sense of."""

    def __init__(self, words):
        super().__init__()
        self.words = words

    def connect(self):
        pass

    def disconnect(self):
        pass

    def is_connected(self):
        return True

    def read(self, addr, count):
        missing = [at for at in range(addr, addr + count) if at not in self.words]
        if missing:
            raise AssertionError(f"asks for {missing}")
        return struct.pack(f">{count}H", *[self.words[addr + i] for i in range(count)])


async def read_all(poller, first, last):
    words = {}
    for at in range(first, last, BLOCK):
        count = min(BLOCK, last - at)
        found = await poller.holdings(at, count)
        assert len(found) == count, at
        words |= dict(zip(range(at, at + count), found, strict=True))
    return words


async def played(folder, act, joints=None, *settings):
    clock = asyncio.get_running_loop().time
    chargers = [Heidelberg(1, clock), EvseWb(2, clock)]
    more = [joints] if joints else []
    plant = Installation(folder, House(), chargers, 100.0, 80.0, *more)
    if joints:
        plant.firmware.variables["HEADROOM_WINDOWS"] = "1"
    poller = Poller(plant.firmware, ADDRESS, FORM)
    (folder / PINS).mkdir(exist_ok=True)
    (folder / PINS / "12").write_text("0")  # the grid operator's contact, closed
    async with plant:
        await plant.set_up(SETTINGS, *settings)
        return await act(plant, poller)


def play(act, joints=None, *settings):
    async def whole():
        with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
            return await played(Path(folder), act, joints, *settings)

    return virtual.run(whole())


def sunspec_of(words):
    device = Found(words)
    device.scan()
    return device


def test_sunspecs_library_discovers_the_meter_and_reads_the_house():
    async def act(plant, poller):
        await asyncio.sleep(5)
        words = await read_all(poller, 40000, 40179) | await read_all(poller, 0, 3)
        return words, json.loads((await plant.console.ask("json status")).splitlines()[-1])

    words, status = play(act)
    device = sunspec_of(words | dict.fromkeys(range(50000, 50003), 0))
    assert sorted(key for key in device.models if isinstance(key, int)) == [1, 202]
    common, meter = device.models[1][0], device.models[202][0]
    assert (common.Mn.value, common.Md.value, common.DA.value) == ("Headroom", "unix", ADDRESS)
    assert common.SN.value == status["id"]
    shown = {name: point.cvalue for name, point in meter.points.items()}
    assert shown["A"] == pytest.approx(L1_A + L2_A, rel=0.01)
    assert shown["AphA"] == pytest.approx(L1_A, rel=0.01)
    assert shown["AphB"] == pytest.approx(L2_A, rel=0.01)
    assert shown["W"] == pytest.approx((L1_A + L2_A) * VOLTS, rel=0.01)
    assert (shown["PhV"], shown["PhVphA"], shown["PPV"]) == (VOLTS, VOLTS, 2 * VOLTS)
    assert shown["Hz"] == pytest.approx(60, rel=1e-3)
    assert shown["PF"] == 100
    assert shown["Evt"] == 0
    for absent in ("AphC", "WphC", "PhVphC", "VAR", "TotVAhImp", "TotVArhExpQ4PhC"):
        assert shown[absent] is None, absent
    energy_wh = shown["TotWhImp"]
    assert energy_wh == shown["TotWhImpPhA"] + shown["TotWhImpPhB"]
    assert meter.points["TotWhExp"].value is None, "without a voltage nobody knows what is fed in"


def test_with_a_voltage_it_tells_reactive_power_and_what_is_fed_in():
    async def act(plant, poller):
        await asyncio.sleep(30)
        return await read_all(poller, 40000, 40179) | await read_all(poller, 20, 35)

    words = play(act, VOLTAGE_WINDOWS, "voltage zmpt101b ev_source register")
    meter = sunspec_of(words | dict.fromkeys((*range(3), *range(50000, 50003)), 0)).models[202][0]
    assert meter.points["W"].cvalue == pytest.approx((L1_A + L2_A) * VOLTS, rel=0.01)
    assert meter.points["VAR"].cvalue == pytest.approx(0, abs=60)
    assert meter.points["PhVphA"].cvalue == pytest.approx(VOLTS, rel=0.01)
    assert words[20] << 16 | words[21] == pytest.approx(VOLTS * 1000, rel=0.01)


def rows():
    """(register, part, number of leg or charger, key, per, kind) of all that isn't SunSpec's."""
    meter = models.load("headroom")
    for row in meter["rows"]:
        if isinstance(row[4], str):
            yield from of_row(row, 0, 0)
    for first, distance, _, table in meter["repeats"]:
        for n in range(2):
            for row in table:
                yield from of_row(row, first + n * distance, n)


def of_row(row, base, n):
    first, _, kind, keys, part, per = row
    for place, key in enumerate([keys] if isinstance(keys, str) else keys):
        yield base + first + place * WIDTHS[kind], part, n, key, per, kind


CODES = {
    "reason": records.REASON_NAMES,
    "limited_by": records.LIMIT_NAMES,
    "ev_source": records.EV_SOURCES,
}
ABSENT = {"h": -0x8000, "H": 0xFFFF, "i": -0x80000000, "I": 0xFFFFFFFF}


def told(status, part, n, key):
    """What `json status` has for a register."""
    parts = {
        "meter": status | {
            "legs": len(status["legs"]), "chargers": len(status["chargers"]),
            "faults": len(status["faults"]),
        },
        "leg": status["legs"][n], "charger": status["chargers"][n], "energy": status["energy"][n],
        "planning": status.get("planning", {}),
        "contact": (status.get("planning") or {}).get("contact") or {},
        "voltage": status.get("voltage", {}), "house": status.get("house", {}),
        "ev": status.get("ev", {}),
        "ev_energy": status["energy"][2] if status["ev_ma"] >= 0 else {},
    }  # fmt: skip
    found = parts[part].get(key)
    if found is None:
        return None
    if key in CODES:
        return CODES[key].index(found)
    if key == "state":
        return ord(found)
    if key in ("mode", "request_by"):
        from headroom.planning.request import LIMITS, MODES

        return (MODES if key == "mode" else LIMITS).index(found)
    return int(found[7:] if key == "name" else found)


NEARLY = {
    "ma", "mah", "wh_estimate", "ev_ma", "headroom_ma", "base_ma", "mains_mhz", "cap_left_wh",
}  # fmt: skip
MOVES = {"uptime_ms", "reading_age_ms", "since_ms", "wait_ms", "ev_age_ms", "frames_ok"}


@pytest.mark.long
@pytest.mark.parametrize("wishes", [[], ["charger1.mode off contact_pin 12 cap_w 9000"]])
def test_every_register_shows_what_json_status_tells(wishes):
    async def act(plant, poller):
        for station in plant.world.stations:
            station.model.plugged = True
        await asyncio.sleep(30)
        words = await read_all(poller, 0, 75) | await read_all(poller, 100, 180)
        words |= await read_all(poller, 1000, 1200)
        return words, json.loads((await plant.console.ask("json status")).splitlines()[-1])

    words, status = play(act, None, *wishes)
    assert words[0] == 1
    seen = 0
    for register, part, n, key, per, kind in rows():
        width = WIDTHS[kind]
        raw = struct.pack(f">{width}H", *[words[register + i] for i in range(width)])
        value = struct.unpack(">" + kind, raw)[0]
        expected = told(status, part, n, key)
        if expected is None:
            assert value == ABSENT[kind], (register, part, key)
            continue
        seen += 1
        if key in MOVES:
            assert value == pytest.approx(expected / per, abs=20_000 / per), (register, key)
        elif key in NEARLY:
            assert value == pytest.approx(expected, rel=0.05, abs=100), (register, key)
        else:
            assert value == expected // per, (register, part, key)
    assert seen > 70


def test_while_blind_the_meters_registers_are_an_exception_and_the_others_tell_why():
    async def act(plant, poller):
        await asyncio.sleep(2)
        before = await poller.inputs(40072, 2)
        plant.world.samples = False
        await asyncio.sleep(2)
        codes = [await poller.inputs(*what) for what in ((40072, 2), (40000, 100), (40150, 30))]
        return before, codes, await poller.inputs(0, 10), await poller.inputs(40000, 72)

    before, codes, own, head = play(act)
    assert before[0] == pytest.approx((L1_A + L2_A) * 100, rel=0.01)
    assert codes == [FAILURE] * 3
    assert own[1] == 0, "it is not good"
    assert own[4] << 16 | own[5] > records.STALE_MS
    assert own[8] > 0, "there are faults"
    assert head[70:] == [202, 105]
