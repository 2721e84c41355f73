"""A thermometer: from what a converter samples, hum and noise with it, to less current.

What is right is the NTC's formula, and for a chip's own sensor the data sheet's: 706 mV at 27 C,
less by 1.721 mV for each kelvin.
"""

import sys
import types
from array import array
from math import exp, pi, sin
from random import Random
from types import SimpleNamespace

import pytest
from relay_plant import UNIX, relay
from wished_house import House

from headroom import ports
from headroom.app import thermometer
from headroom.console import wishes as screen
from headroom.planning.temperature import FULL
from headroom.reporting.wishes import Wishes
from headroom.settings import memory, table, together

SERIES_OHM = 10_000
PICO = {"ADC_PINS": (26, 27, 28), "CHIP_SENSOR": True}
MCP3208 = {"MCP3208": {}, "CHIP_SENSOR": True, "CHANNELS": ("L1", "L2", "L3", "EV", "V")}
ESP32 = {"ADC_PINS": (34, 35, 32), "NTC_PIN": 12}
CHIP_METER = {"ATM90E32": {}, "SPAN_MV": 2036, "NTC_PIN": 12, "CHANNELS": ("L1", "L2", "EV", "V")}
FREE_MA = 1 << 28


def of_ntc(celsius):
    """Its share of full scale."""
    ohm = 10_000 * exp(3950 * (1 / (celsius + 273.15) - 1 / 298.15))
    return ohm / (ohm + SERIES_OHM)


def of_chip(celsius):
    return (706 - 1.721 * (celsius - 27)) / 3300


class Sampler:
    """A ring of 300 ms with a level at one input and hum on it; the others show a current."""

    def __init__(self, share, place, channels=3, rate_hz=7680, hum_hz=60):
        self.channels = channels
        self.frames = rate_hz * 300 // 1000
        chance = Random(1)
        self.samples = array("H")
        for frame in range(self.frames):
            turn = 2 * pi * hum_hz * frame / rate_hz + 1
            for channel in range(channels):
                level = 2048 + 1500 * sin(turn)
                if channel == place:
                    level = share * 4096 + 40 * sin(turn) + chance.gauss(0, 2)
                self.samples.append(min(4095, max(0, round(level))))


def shown(values, board, share, place=2, channels=3, **ring):
    """What it tells after a second."""
    meter = SimpleNamespace(sampler=Sampler(share, place, channels, **ring))
    built = thermometer.built(table.defaults() | values, SimpleNamespace(**board), meter)
    for _ in range(5):
        built.look(200)
    return built.temperature.tenths


@pytest.mark.parametrize("hum_hz", [50, 60])
@pytest.mark.parametrize("rate_hz", [7680, 1920])
def test_an_ntc_in_the_place_of_a_ct_is_read_from_the_ring_through_hum_and_noise(hum_hz, rate_hz):
    board = {"CHANNELS": ("L1", "L2", "EV")}
    for celsius in (-15, 5, 25, 60, 80):
        tenths = shown(
            {"thermometer": "EV"}, board, of_ntc(celsius), hum_hz=hum_hz, rate_hz=rate_hz
        )
        assert abs(tenths - celsius * 10) < 6, celsius
    for broken in (0, 0.9999):
        assert shown({"thermometer": "EV"}, board, broken) is None


@pytest.mark.parametrize("celsius", [-10, 25, 70, 95])
def test_the_chips_own_sensor_is_the_last_of_each_frame(celsius):
    tenths = shown({"thermometer": "chip"}, PICO, of_chip(celsius), place=3, channels=4)
    assert abs(tenths - celsius * 10) < 6


class Pin:
    def __init__(self, gpio):
        self.gpio = gpio


@pytest.fixture
def converted(monkeypatch):
    """What machine.ADC shows, in V; `asked` is what it was made of."""
    now = SimpleNamespace(volts=0.0, asked=[])

    class ADC:
        ATTN_11DB, CORE_TEMP = "11 dB", 4

        def __init__(self, source, atten=None):
            now.asked.append((getattr(source, "gpio", source), atten))

        def read_uv(self):
            return round(min(now.volts, 3.15) * 1e6 / 1000) * 1000

        def read_u16(self):
            return round(now.volts / 3.3 * 4095) * 16

    monkeypatch.setitem(sys.modules, "machine", types.SimpleNamespace(ADC=ADC, Pin=Pin))
    monkeypatch.delitem(sys.modules, "headroom.ports.analog", raising=False)
    monkeypatch.delattr(ports, "analog", raising=False)
    return now


def test_a_pin_of_its_own_beside_a_metering_chip(converted):
    for celsius in (-10, 20, 75):
        converted.volts = 3.3 * of_ntc(celsius)
        assert abs(shown({"thermometer": "pin"}, CHIP_METER, 0) - celsius * 10) < 6
    assert converted.asked[0] == (12, "11 dB")
    for volts in (0, 3.3):
        converted.volts = volts
        assert shown({"thermometer": "pin"}, CHIP_METER, 0) is None


def test_beside_an_mcp3208_the_chips_own_converter_is_free(converted):
    converted.volts = 3.3 * of_chip(61)
    assert abs(shown({"thermometer": "chip"}, MCP3208, 0) - 610) < 6
    assert converted.asked == [(4, None)]


@pytest.fixture
def house(clock, monkeypatch):
    """One with an NTC at the input of the EV's CT; `heat(celsius)`: so much from now on."""
    relay()
    meter = SimpleNamespace(sampler=Sampler(of_ntc(20), 2))
    built = thermometer.built
    monkeypatch.setattr(thermometer, "built", lambda values, board, _: built(values, board, meter))
    found = House(clock, voltage="", thermometer="EV", charger1__profile="evse_wb",
                  charger1__max_a=32)  # fmt: skip

    def heat(celsius):
        share = of_ntc(celsius) if celsius else 0
        meter.sampler.samples[:] = Sampler(share, 2).samples
        return found.run(3)[0]

    found.heat = heat
    found.told = Wishes(found.planning)
    return found


def test_less_while_it_is_warm_a_pause_when_hot_and_the_minimum_without_a_sensor(house):
    assert house.heat(20) == FREE_MA
    assert house.told.now()["temperature_dc"] == pytest.approx(200, abs=6)
    assert screen.line(house.told.now()).endswith(
        "; %.1f C\n" % (house.told.now()["temperature_dc"] / 10)
    )
    assert 18_000 <= house.heat(70) <= 20_000, "half of 6 A to 32 A, not to what its family can"
    [limit] = house.told.limits(0)
    assert (limit[0], limit[2], limit[3]) == ("temperature", "less current while it is warm", True)
    assert house.heat(82) == 0
    assert house.heat(65) == 0, "until it is below warm_c"
    assert house.heat(55) == FREE_MA
    assert house.told.news() == ""
    assert house.heat(None) == 6000
    assert house.told.news().startswith("thermometer EV: broken, shorted")
    assert list(house.told.faults()) == [
        "thermometer EV: broken, shorted, or too cold to tell; no more than the minimum"
    ]
    assert house.heat(20) == 6000, "until it was sound for half a minute"
    assert house.run(30) == [FREE_MA]


def test_while_planning_fails_the_heat_is_not_forgotten(house, monkeypatch):
    house.heat(82)
    monkeypatch.setattr(house.planning._planner, "step", None)
    assert house.run(120) == [0]


def with_board(monkeypatch, data, **changes):
    """Settings on another board."""
    values = relay(**changes)
    monkeypatch.setattr(table, "board", SimpleNamespace(**vars(UNIX) | data))
    return values


@pytest.mark.parametrize(
    ("board", "changes"),
    [
        (PICO, {"thermometer": "EV", "ev_source": "register"}),
        (PICO, {"thermometer": "L2", "legs": 1}),
        (PICO, {"thermometer": "chip"}),
        (MCP3208, {"thermometer": "L3"}),
        (MCP3208, {"thermometer": "EV", "legs": 3, "ev_source": "estimate"}),
        (MCP3208, {"thermometer": "chip"}),
        (ESP32, {"thermometer": "pin"}),
        (CHIP_METER, {"thermometer": "pin"}),
    ],
)
def test_what_may_be(monkeypatch, board, changes):
    together.check(with_board(monkeypatch, board, **changes))


ALL_TAKEN = {"thermometer": "EV", "ev_source": "ct"}


@pytest.mark.parametrize(
    ("board", "changes", "said"),
    [
        ({}, ALL_TAKEN, "none, for each input has its CT or the voltage"),
        (PICO, ALL_TAKEN, "it may be: chip"),
        (PICO, {"thermometer": "L2", "ev_source": "register"}, "it may be: EV, chip"),
        (PICO, {"thermometer": "EV", "ev_source": "register", "voltage": "zmpt101b",
                "voltage_ratio": 800_000}, "it may be: chip"),
        (PICO, {"thermometer": "EV", "ev_source": "estimate", "legs": 3}, "it may be: chip"),
        (ESP32, {"thermometer": "chip"}, "it may be: pin"),
        (CHIP_METER, {"thermometer": "V"}, "it may be: pin"),
        (ESP32, {"thermometer": "pin", "contact_pin": 12}, "and contact_pin are both 12"),
        (PICO, {"thermometer": "L1"}, "thermometer is one of: L2, L3, EV, V, pin, chip, or none"),
        (PICO, {"thermometer": "chip", "hot_c": 62}, "the pause 5 above it"),
        (PICO, {"thermometer": "chip", "warm_c": 20}, "from 30 to 115 C"),
        (ESP32, {"thermometer": "pin", "ntc_beta": 100}, "from 2000 to 6000"),
        (ESP32, {"thermometer": "pin", "ntc_series_ohm": 1}, "from 500 to 500000 ohm"),
        (ESP32, {"thermometer": "pin", "ntc_series_ohm": 400_000}, "less than a count a kelvin"),
    ],
)  # fmt: skip
def test_what_cant_be(monkeypatch, board, changes, said):
    with pytest.raises(table.Refused) as refused:
        together.check(with_board(monkeypatch, board, **changes))
    assert said in str(refused.value)


def test_a_place_in_the_ring_of_samples_takes_memory_of_its_own(monkeypatch):
    def asked(board):
        before = relay()
        values = with_board(monkeypatch, board, thermometer="chip")
        found = []
        memory.missing(before, values, lambda needed: found.append(needed) or True)
        return found[0]

    ring_bytes = 7680 * 300 // 1000 * 2
    assert asked(PICO) - asked(MCP3208) >= ring_bytes
    assert FULL == 4 * 4096
