"""The circuits of boards/README.md in ngspice: they keep the limits, and wrong parts are seen.

The simulation itself is held against formulas that need none.
"""

import math

import numpy as np
import pytest

from lab.circuit import check as circuit
from lab.circuit import front_end, ngspice, rs485, voltage
from lab.circuit.front_end import Ct, FrontEnd

needs_ngspice = pytest.mark.skipif(not ngspice.installed(), reason="ngspice is not installed")


@pytest.mark.long
@needs_ngspice
def test_the_circuits_keep_the_limits_of_their_parts(capsys):
    assert circuit.main() == 0, capsys.readouterr().out


@pytest.mark.long
@needs_ngspice
@pytest.mark.parametrize(
    ("where", "name", "value", "checks", "missed"),
    [
        (circuit, "BURDEN_OHM", 22, circuit._range, "250 A: left to a rail"),
        (front_end, "FILTER_TO", "0", circuit._silent, "unplugged CT"),
        (front_end, "SERIES_OHM", 100, circuit._burden_lost, "burden lost: pin above"),
        (circuit, "LOAD_OHM", 1000, circuit._voltage_output, "333 mV CT, lead off"),
        (front_end, "BIAS_F", 100e-6, circuit._start, "start: bias"),
        (
            circuit,
            "FILTER_NF",
            {1920: 10},
            lambda: circuit._filter(1920),
            "10 nF at 1920 Hz: 1860",
        ),
        (voltage, "SHUNT_OHM", 240, voltage._zmpt_range, "ZMPT101B at 277 V + 15 %: left"),
        (voltage, "SHUNT_OHM", 33, voltage._zmpt_range, "ZMPT101B at 120 V"),
        (voltage, "SERIES_OHM", 30_000, voltage._zmpt_range, "264 V: power in each"),
        (voltage, "TOP_OHM", 9_000, voltage._adapter, "adapter at 120 V + 15 %"),
        (voltage, "BOTTOM_OHM", 10_000, voltage._phase, "adapter: its filter's lag"),
        (rs485, "BIAS_OHM", 680, circuit._line, "RS-485 idle"),
        (rs485, "DE_OHM", 10_000, circuit._line, "RP2350 in reset"),
    ],
)
def test_a_wrong_part_is_seen(monkeypatch, where, name, value, checks, missed):
    monkeypatch.setattr(where, name, value)
    assert any(row.what.startswith(missed) and not row.good for row in checks())


@needs_ngspice
def test_the_simulation_agrees_with_formulas():
    """Full range's RMS; what a filter to ground would put on its neighbours: C over C of the bias;
    the corner of RC."""
    full = FrontEnd((Ct(50, 20),), 47, clamp=front_end.ABSENT)
    pin = ngspice.run(full.netlist(), circuit.STEADY, ("v(p1)",))["v(p1)"]
    corner_hz = 1 / (2 * math.pi * 1020 * 47e-9)
    assert np.std(pin) == pytest.approx(1.0 / math.hypot(1, 60 / corner_hz), rel=1e-3)
    curves = ngspice.run(full.netlist(), "ac dec 100 10 100k", ("v(p1)",))
    gain = np.interp(corner_hz, curves["x"], curves["v(p1)"]) / curves["v(p1)"][0]
    assert gain == pytest.approx(math.sqrt(0.5), rel=0.01)


@needs_ngspice
def test_a_filter_to_ground_would_read_a_neighbours_current(monkeypatch):
    monkeypatch.setattr(front_end, "FILTER_TO", "0")
    pair = FrontEnd((Ct(0, 20), Ct(50, 20)), 100, clamp=front_end.ABSENT)
    pin = ngspice.run(pair.netlist(), circuit.STEADY, ("v(p1)",))["v(p1)"]
    assert np.std(pin) == pytest.approx(1.0 * 100e-9 / 10e-6, rel=0.05)


@needs_ngspice
@pytest.mark.parametrize(("top", "bottom"), [(12_000, 1000), (120_000, 10_000)])
def test_a_dividers_own_resistance_makes_the_filters_lag(monkeypatch, top, bottom):
    """The second is emonTx's, which has no such filter: 9 degrees."""
    monkeypatch.setattr(voltage, "TOP_OHM", top)
    monkeypatch.setattr(voltage, "BOTTOM_OHM", bottom)
    adapter = voltage.AdapterFrontEnd(
        (Ct(0, 18),) * 2, 47, adapter_v=11.36, clamp=front_end.ABSENT
    )
    ohm = top * bottom / (top + bottom)
    expected_deg = math.degrees(math.atan(2 * math.pi * 60 * ohm * 47e-9))
    assert voltage._lag_deg(adapter, "v(p1)") == pytest.approx(expected_deg, abs=0.02)
    pin = ngspice.run(adapter.netlist(), circuit.STEADY, ("v(p1)",))["v(p1)"]
    share = bottom / (top + bottom) * math.cos(math.radians(expected_deg))
    assert np.std(pin) == pytest.approx(11.36 * share, rel=1e-3)


def test_without_ngspice_one_line_says_so(monkeypatch, capsys):
    monkeypatch.setattr(ngspice, "PROGRAM", "ngspice-that-is-not-there")
    assert circuit.main() == 2
    assert capsys.readouterr().out.count("\n") == 1


@needs_ngspice
def test_a_netlist_that_is_none_is_an_error_with_its_text():
    with pytest.raises(ngspice.NgspiceFailed, match=r"\S"):
        ngspice.run("r1 a 0 nonsense", "tran 1u 10u", ("v(a)",))
