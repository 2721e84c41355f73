"""A CT on an inverter that feeds in ahead of the mains CTs: the surplus without a voltage.

What is right are the watts of the world: what it makes in phase, less what the house draws.
"""

from array import array
from math import hypot, pi, sin
from types import SimpleNamespace

import pytest
from relay_plant import UNIX, relay
from wished_house import House

from headroom.app import inverter
from headroom.metering.channel import Channel
from headroom.settings import table, together

VOLTS = 230
MA_A_COUNT = 73.24  # 100 A : 50 mA, 22 ohm, 3.3 V
FREE_MA = 1 << 28


class Sampler:
    """300 ms of an inverter's current at the last of three inputs: in phase, and reactive."""

    def __init__(self, rate_hz=7680, hz=60):
        self.rate_hz, self.channels, self.hz = rate_hz, 3, hz
        self.samples = array("H", [2048] * (rate_hz * 3 // 10 * 3))
        self.begins = 0.0

    def makes(self, real_a, reactive_a=0.0, peak_count=4095):
        rms_counts = hypot(real_a, reactive_a) * 1000 / MA_A_COUNT
        for frame in range(len(self.samples) // 3):
            turn = 2 * pi * (self.hz * frame / self.rate_hz + self.begins)
            count = round(2052 + rms_counts * 2**0.5 * sin(turn))
            self.samples[3 * frame + 2] = min(peak_count, max(0, count))


def channel():
    return Channel(round(MA_A_COUNT * 256), 0, 4095, 0, False)


def made(sampler, legs=1):
    found = inverter.Inverter(channel(), sampler, 2, legs)
    for _ in range(5):
        found.look(200)
    return found


@pytest.mark.parametrize(("rate_hz", "hz"), [(7680, 60), (7680, 50), (1920, 60), (7680, 49.7)])
@pytest.mark.parametrize("real_a", [0.0, 1.5, 4.0, 10.0, 25.0, 50.0])
def test_never_more_than_it_makes_and_most_of_it(rate_hz, hz, real_a):
    sampler = Sampler(rate_hz, hz)
    for reactive_a in (0.0, 0.5, 1.0, 0.36 * real_a):  # a power factor of 0.94
        for sampler.begins in (0.0, 0.13, 0.4):
            sampler.makes(real_a, reactive_a)
            ma = made(sampler).ma
            assert 0 <= ma <= real_a * 1000 * 1.002 + 10
            if real_a >= 4:
                assert ma >= 0.85 * real_a * 1000


def test_what_it_takes_at_night_is_nothing_made():
    sampler = Sampler()
    for reactive_a in (0.1, 0.6, 1.0):
        sampler.makes(0.0, reactive_a)
        assert made(sampler).ma == 0


def test_a_current_beyond_the_converter_is_unknown():
    sampler = Sampler()
    sampler.makes(120.0)
    assert made(sampler).ma == -1
    sampler.makes(10.0)
    assert made(sampler, legs=2).watts(120) == 2 * made(sampler).ma * 120 // 1000


@pytest.fixture
def house(clock, monkeypatch):
    """`live(seconds, sun_a, house_a)`; its car draws what it is offered."""
    sampler = Sampler()
    built = inverter.built
    relay()
    meter = SimpleNamespace(sampler=sampler, channels=[channel()])
    monkeypatch.setattr(inverter, "built", lambda values, board, _: built(values, board, meter))
    found = House(
        clock, voltage="", inverter_legs="L1", charger1__mode="sun", charger1__profile="evse_wb"
    )
    found.car_a = 0.0

    def live(seconds, sun_a, house_a):
        sampler.makes(sun_a)
        for _ in range(seconds):
            found.meter.window.leg_ma[0] = round((house_a + found.car_a) * 1000)
            found.rows[0].draw_ma = round(found.car_a * 1000)
            found.run(1)
            found.car_a = found.states[0].offer_ma / 1000
        return found.car_a

    found.live = live
    return found


@pytest.mark.long
def test_the_car_takes_what_is_made_beside_the_house_and_never_buys(house):
    assert house.live(300, 0.0, 4.0) == 0
    assert house.live(300, 9.0, 4.0) == 0, "5 A of surplus"
    for sun_a, house_a in ((20.0, 4.0), (24.0, 9.0), (18.0, 5.0)):
        car_a = house.live(300, sun_a, house_a)
        assert 0.8 * (sun_a - house_a) - 1 <= car_a <= sun_a - house_a
    assert house.planning.surplus.watts == pytest.approx(13.0 * VOLTS, rel=0.2)
    assert house.live(900, 0.6, 4.0) == 0, "evening"


def test_where_the_inverter_is_not_known_nothing_is(house):
    house.live(300, 20.0, 4.0)
    assert house.planning.grid.watts is not None
    assert house.planning.grid.inverter_w() > 17 * VOLTS
    house.live(2, 120.0, 4.0)
    assert house.planning.grid.watts is None
    assert house.planning.grid.inverter_w() is None


SUNNY = {"inverter_legs": "L1L2", "ev_source": "register", "charger2__mode": "sun"}
MCP3208 = {"CHANNELS": ("L1", "L2", "L3", "EV", "V")}


def settings(monkeypatch, board=(), **changes):
    values = relay(charger2__profile="evse_wb", **changes)
    monkeypatch.setattr(table, "board", SimpleNamespace(**vars(UNIX) | dict(board)))
    return values


def test_with_it_the_sun_may_be_followed_without_a_voltage(monkeypatch):
    together.check(settings(monkeypatch, **SUNNY))
    three = SUNNY | {"legs": 3, "inverter_legs": "L1L2L3"}
    together.check(settings(monkeypatch, MCP3208, **three))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"inverter_legs": ""}, "or name a CT on an inverter that feeds in ahead of them"),
        ({"ev_source": "ct"}, "its CT takes the input of the EV's"),
        ({"voltage": "zmpt101b"}, "the voltage tells what is fed in"),
        ({"legs": 1}, "the panel has 1 (legs)"),
        ({"legs": 3}, "the CT of L3 has the input that it would take"),
        ({"thermometer": "EV"}, "thermometer EV can't be read"),
        ({"inverter_legs": "L4"}, "inverter_legs is one of"),
    ],
)
def test_what_cant_be(monkeypatch, changes, said):
    with pytest.raises(table.Refused) as refused:
        together.check(settings(monkeypatch, **SUNNY | changes))
    assert said in str(refused.value)


def test_beside_a_metering_chip_there_is_a_voltage(monkeypatch):
    with pytest.raises(table.Refused, match="set voltage"):
        together.check(settings(monkeypatch, {"ATM90E32": {}}, **SUNNY))
