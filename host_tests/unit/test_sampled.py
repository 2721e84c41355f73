"""An MCP3208 samples what is in use, no more; each figure is that of its own wire all the same."""

from types import SimpleNamespace

import pytest

from headroom.app import building, inverter, thermometer
from headroom.metering.meter import WINDOW
from headroom.settings import memory, sampled, table, together
from lab.bench.metering.waveforms import Replay, sine
from lab.sim.digitise import FrontEnd
from meter.build import board_data

BOARD = SimpleNamespace(**board_data("pico_mcp3208"))
BURDEN_OHM = 16
RMS = {"L1": 31.0, "L2": 17.0, "L3": 9.0, "EV": 6.0, "V": 118.0}  # A, V
CT_MA, EV_CT_MA = (a * 3000 / 4096 / BURDEN_OHM for a in (4000, 2000))  # a count
MV_PER_COUNT = 808 * 3000 / 4096
UNIT = {"EV": EV_CT_MA, "V": MV_PER_COUNT}
HOUSE = {"burden_mohm": 16_000, "ev_burden_mohm": 16_000, "charger1.profile": "evse_wb"}
THREE = {"legs": 3, "ev_source": "register", "charger1.legs": "L1"}
CASES = {
    "a car's CT": ({}, ("L1", "L2", "EV")),
    "a voltage": ({"ev_source": "register", "voltage": "zmpt101b"}, ("L1", "L2", "V")),
    "both": ({"voltage": "zmpt101b"}, ("L1", "L2", "EV", "V")),
    "three legs": (
        THREE | {"voltage": "zmpt101b"},
        ("L1", "L2", "L3", "V"),
    ),
    "an NTC": ({"ev_source": "register", "thermometer": "L3"}, ("L1", "L2", "L3")),
    "an inverter": ({"ev_source": "register", "inverter_legs": "L1"}, ("L1", "L2", "EV")),
}


@pytest.fixture
def settings():
    """With what differs from the factory's, on this board."""

    def made(changes):
        values = table.defaults() | HOUSE | changes
        together.check(values)
        return values

    table.fit(BOARD)
    return made


@pytest.mark.parametrize("case", CASES)
def test_each_figure_is_of_its_own_wire(settings, case):
    changes, order = CASES[case]
    values = settings(changes)
    assert sampled.names(values, BOARD) == order
    sampler = Replay(
        *(
            FrontEnd(UNIT.get(name, CT_MA), noise_counts=1.0).digitise(
                sine(RMS[name], 60, 3), seed
            )
            for seed, name in enumerate(order)
        )
    )
    meter = building.meter(values, BOARD, sampler)
    for now_ms in range(0, 3000, 5):
        while meter.poll(now_ms) & WINDOW:
            pass
    window = meter.window
    assert window.good
    for leg in range(values["legs"]):
        assert window.leg_ma[leg] == pytest.approx(RMS[f"L{leg + 1}"] * 1000, rel=0.01)
    if values["ev_source"] == "ct":
        assert window.ev_ma == pytest.approx(6000, rel=0.01)
    if values["voltage"]:
        assert meter.power.mv == pytest.approx(118_000, rel=0.01)
    if values["inverter_legs"]:
        made = inverter.built(values, BOARD, meter)
        for _ in range(5):
            made.look(200)
        assert 4500 < made.ma < 6000
    if values["thermometer"]:
        source = thermometer.built(values, BOARD, meter)._source
        sampler.samples[2::3] = type(sampler.samples)("H", [1234] * sampler.frames)
        assert source.counts() == 4 * 1234


def test_where_nothing_is_measured_the_windows_go_on(settings):
    nothing = {"legs": 0, "ev_source": "register", "group1.breaker_a": 40, "charger1.group": 1}
    values = settings(nothing)
    assert sampled.names(values, BOARD) == ("L1",)
    assert sampled.place(values, BOARD, "EV") == 0, "within the frame"


def test_another_input_takes_memory_of_its_own(settings):
    """Its part of the ring: 300 ms of 7,680 samples a second, two bytes each."""
    found = []
    before, wanted = settings(THREE | {"legs": 2}), settings(THREE)
    assert memory.missing(before, wanted, found.append) == ("another input to sample")
    assert found[0] >= 7680 * 3 // 10 * 2
