"""EV above mains on a leg that the car loads cannot be without a source in the house."""

from types import SimpleNamespace

import numpy as np
import pytest

from headroom import records
from headroom.app import building
from headroom.metering.comparison import Comparison
from headroom.metering.meter import WINDOW
from headroom.settings import table
from lab.bench.metering.waveforms import Replay, sine
from lab.sim.digitise import FrontEnd

BOARD = SimpleNamespace(
    CHANNELS=("L1", "L2", "EV"), VREF_MV=3300, ADC_BITS=12, ADC_STEP=0, ADC_SLOPE_PPM=1_000_000
)
HOUSE = table.defaults() | {"charger1.profile": "heidelberg", "charger1.legs": "L1"}
CT_MA, EV_CT_MA = 4000 * 3300 / 4096 / 22, 2000 * 3300 / 4096 / 22  # a count, with 22 ohm


def windows(l1_ohm, seconds=14, base_a=3.0, ev_a=16.0, **changes):
    """Each window's (faults of L1, faults of L2, good, doubtful), L1's burden being `l1_ohm`."""
    house = [base_a + ev_a, base_a, ev_a]
    columns = [
        FrontEnd(ma, noise_counts=1.0).digitise(sine(amperes, 60, seconds), seed)
        for seed, (ma, amperes) in enumerate(
            zip([CT_MA * 22 / l1_ohm, CT_MA, EV_CT_MA], house, strict=True)
        )
    ]
    sampler = Replay(*columns)
    meter = building.meter(HOUSE | changes, BOARD, sampler)
    found = []
    for now_ms in range(0, seconds * 1000, 5):
        while meter.poll(now_ms) & WINDOW:
            window = meter.window
            found.append((*window.faults[:2], window.good, window.doubtful))
    return found


def test_a_ct_with_half_its_burden_is_named_after_ten_seconds_and_its_reading_doubted():
    """3 A of the house and 16 A of the car read as 9.5 A on L1; the car is not on L2."""
    found = windows(l1_ohm=11)
    assert found[52:] == [(records.BELOW_EV, 0, True, True)] * len(found[52:])
    assert found[2:48] == [(0, 0, True, False)] * 46
    assert "source in the house" in records.FAULT_NAMES[records.BELOW_EV]


@pytest.mark.parametrize(
    ("case", "changes"),
    [
        ("burdens and CTs at their tolerance", {"l1_ohm": 22 * 0.92, "base_a": 0.3}),
        ("an idle branch and noise", {"l1_ohm": 22, "base_a": 0.4, "ev_a": 0.0}),
        ("no EV CT: its input counts for nothing", {"l1_ohm": 11, "ev_source": "estimate"}),
        ("no charger", {"l1_ohm": 11, "charger1.profile": ""}),
    ],
)  # fmt: skip
def test_what_can_be_is_no_fault(case, changes):
    assert all(not (l1 or l2 or doubtful) for l1, l2, _, doubtful in windows(**changes)[2:]), case


def test_an_inrush_is_no_fault_and_what_stands_needs_as_long_to_be_made_good():
    comparison, reading = Comparison((0,)), records.Reading(1)
    reading.good = True
    told = []
    for below in (0, 49, -60, 50, -49, 3, -60, 60):
        for _ in range(abs(below)):
            reading.leg_ma[0], reading.ev_ma = (10_000, 32_000) if below > 0 else (40_000, 32_000)
            reading.faults[0] = 0
            comparison.look(reading)
            told.append(bool(reading.faults[0]))
    changes = np.flatnonzero(np.diff([False, *told]))
    named, good_again, anew = changes
    assert named == 49 + 60 + 49
    assert good_again == named + 1 + 49 + 3 + 3
    assert anew == named + 1 + 49 + 3 + 60 + 49


def test_what_is_not_good_is_not_compared():
    comparison, reading = Comparison((0,)), records.Reading(1)
    reading.leg_ma[0], reading.ev_ma = 0, 32_000
    for _ in range(100):
        comparison.look(reading)
    assert not reading.faults[0]
    assert not reading.doubtful
