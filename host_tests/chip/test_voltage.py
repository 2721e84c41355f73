"""The whole meter on the chip with a voltage at its third input: with its firmware frozen in.

With the firmware copied there is no memory for one, and it must say so before anything is changed.
"""

import json

import pytest

from lab.bench.metering import on_chip
from lab.bench.power import WITH_VOLTAGE
from lab.chip.rig import SETTINGS

VOLTS, L1_A, L2_A = 120, 40, 30  # what on_chip.charging lets flow, in phase with the voltage


@pytest.fixture(scope="session")
def with_voltage(image, firmware):
    """A meter that has just told its charger 16 A, in a house at 120 V."""
    rig = on_chip.charging(image, firmware, SETTINGS | WITH_VOLTAGE)
    rig.set_voltage(VOLTS)
    rig.chip.run_ms(1000)
    return rig


def test_copied_there_is_no_memory_for_it_and_nothing_is_changed(meter):
    before = meter.ask("get voltage")
    said = meter.ask("set voltage zmpt101b ev_source register")
    assert "no memory for a voltage" in said, said
    assert "freeze" in said, "what helps"
    assert meter.ask("get voltage") == before


@pytest.mark.frozen
def test_it_shows_volts_and_watts(with_voltage):
    """L2's CT is turned round: what flows with L1's voltage flows against that of L2."""
    told = json.loads(with_voltage.ask("json status"))
    assert (told["voltage"]["good"], told["faults"]) == (True, [])
    assert told["voltage"]["mv"] == pytest.approx(VOLTS * 1000, rel=0.003)
    for leg, amperes in zip(told["legs"], (L1_A, -L2_A), strict=True):
        va = abs(amperes) * VOLTS
        assert leg["w"] == pytest.approx(amperes * VOLTS, abs=0.003 * va + 5)
        assert abs(leg["var"]) < 0.01 * va  # the skew of the inputs would make 3 %
    print("".join(with_voltage.ask("status").splitlines(keepends=True)[:9]))


@pytest.mark.frozen
def test_what_it_costs(with_voltage):
    figures = on_chip.cost(with_voltage)
    print(figures, f"heap left: {with_voltage.heap_free()} bytes")
    assert abs(figures["samples_per_s_per_channel"] - 7680) < 8
    assert figures["metering_share"] < 0.09


@pytest.mark.frozen
def test_its_steady_state_takes_nothing_from_the_heap(with_voltage):
    assert on_chip.steady_without_heap(with_voltage), with_voltage.ask("status")
