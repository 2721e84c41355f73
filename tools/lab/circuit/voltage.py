"""The voltage sensors of boards/README.md in ngspice, beside two CTs at full range.

ZMPT101B   2 mA : 2 mA, 10 mA at most, isolates 4 kV (its data sheet). Like a CT: an ideal source
           of current that never saturates, so that what it does is worse than the real one
adapter    9 V AC; open 11.36 V at 240 V (OpenEnergyMonitor's report on the Ideal Power's), and
           12 V at 120 V, by the ratio of 130 that emonLibCM has for it
surge      4 kV: a house's fixed installation at 230 V (IEC 60664-1, overvoltage category III)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.circuit import ngspice
from lab.circuit.front_end import TOLERANCE, Ct, FrontEnd
from lab.circuit.row import COUNT_V, HEALTH, RP2040, STEADY, Row, pin_rows, rms

SERIES_OHM = 60_000  # six of 10 kohm
SHUNT_OHM = 75
TOP_OHM = 12_000  # of the adapter's divider, which takes the place of the 1 kohm
BOTTOM_OHM = 1000
FILTER_NF = 47
CAPACITOR = 0.05
HIGH = 1.15  # of the nominal voltage: above it is the fault
OPEN_V = {240: 11.36, 120: 12.0}  # of the adapter
SURGE_V = 4000
CT = Ct(62.5, 18)
LOST_OHM = 1e9
OPEN = "half of 100: 'open'"


@dataclass(frozen=True)
class AdapterFrontEnd(FrontEnd):
    """A FrontEnd whose first channel is an adapter's divider; its Ct is not there."""

    adapter_v: float = 0
    bottom_ohm: float = 0  # else BOTTOM_OHM

    def _channel(self, number: int, ct: Ct) -> list[str]:
        if number > 1:
            return super()._channel(number, ct)
        peak_v = self.adapter_v * 2**0.5
        return [
            f"v1 s1 bias sin(0 {peak_v} {self.mains_hz})",
            f"rt1 s1 p1 {TOP_OHM}",
            f"rb1 p1 bias {self.bottom_ohm or BOTTOM_OHM}",
            f"cf1 p1 bias {self.filter_nf}n",
            "dh1 p1 vdd bat54s",
            "dl1 0 p1 bat54s",
        ]


def zmpt(volts: float, ohm: float = 0) -> Ct:
    """The sensor at that mains voltage; `ohm` in the place of SHUNT_OHM."""
    return Ct(volts / SERIES_OHM * 1000, ohm or SHUNT_OHM, tvs=False)


def voltage_rows() -> list[Row]:
    """Every figure of both."""
    return _zmpt_range() + _zmpt_faults() + _adapter() + _phase() + _start()


def _with(sensor: Ct, **changes: float) -> FrontEnd:
    return FrontEnd((sensor, CT, CT), FILTER_NF, **changes)  # type: ignore[arg-type]


def _pin(front_end: FrontEnd) -> NDArray[np.float64]:
    return ngspice.run(front_end.netlist(), STEADY, ("v(p1)",))["v(p1)"]


def _room(what: str, front_end: FrontEnd) -> Row:
    curves = ngspice.run(front_end.netlist(), STEADY, ("v(p1)", "v(vref)"))
    pin, vref = curves["v(p1)"], curves["v(vref)"]
    room_v = min(pin.min(), (vref - pin).min())
    return Row(what + ": left to a rail", room_v / COUNT_V, "counts", 2, HEALTH, least=True)


def _zmpt_range() -> list[Row]:
    most_v = 240 * 1.1
    high = _with(zmpt(277 * HIGH, SHUNT_OHM * (1 + TOLERANCE)), divider_skew=TOLERANCE)
    low = rms(_pin(_with(zmpt(120)))) / COUNT_V
    resistor_w = (most_v / SERIES_OHM) ** 2 * SERIES_OHM / 6
    return [
        _room("ZMPT101B at 277 V + 15 %", high),
        Row("ZMPT101B at 120 V", low, "counts", 100, "fewer are too coarse", least=True),
        Row("ZMPT101B at 277 V + 15 %", 277 * HIGH / SERIES_OHM * 1000, "mA", 10, "ZMPT101B"),
        Row("264 V: power in each 10 kΩ", resistor_w, "W", 0.25, "resistor of 0.25 W"),
    ]


def _zmpt_faults() -> list[Row]:
    off = rms(_pin(_with(zmpt(0)))) / COUNT_V
    lost = _pin(_with(zmpt(264, LOST_OHM)))
    surge = _pin(_with(zmpt(SURGE_V / 2**0.5)))
    unpowered = ngspice.run(_with(zmpt(264), supply_v=0).netlist(), STEADY, ("v(p1)", "v(vdd)"))
    above_v = float((unpowered["v(p1)"] - unpowered["v(vdd)"]).max())
    return [
        Row("ZMPT101B off: what two CTs at 250 A put on it", off, "counts", 50, OPEN),
        *pin_rows("ZMPT101B, its 75 Ω lost", lost),
        *pin_rows("ZMPT101B, 4 kV at the mains", surge),
        Row("board off, ZMPT101B: pin above its supply", above_v, "V", 0.5, RP2040),
    ]


def _adapter() -> list[Row]:
    rows = []
    for nominal_v, open_v in OPEN_V.items():
        cts = (CT, CT, CT)
        full = AdapterFrontEnd(
            cts, FILTER_NF, adapter_v=open_v * HIGH, divider_skew=TOLERANCE,
            bottom_ohm=BOTTOM_OHM * (1 + 2 * TOLERANCE),
        )  # fmt: skip
        rows.append(_room(f"adapter at {nominal_v} V + 15 %", full))
    off = AdapterFrontEnd((CT, CT, CT), FILTER_NF, adapter_v=0)
    lost = AdapterFrontEnd((CT, CT, CT), FILTER_NF, adapter_v=12 * 1.15, bottom_ohm=LOST_OHM)
    surge_v = SURGE_V / 240 * OPEN_V[240] / 2**0.5
    surge = AdapterFrontEnd((CT, CT, CT), FILTER_NF, adapter_v=surge_v)
    return [
        *rows,
        Row("adapter unplugged", rms(_pin(off)) / COUNT_V, "counts", 50, OPEN),
        *pin_rows("adapter, its 1 kΩ lost", _pin(lost)),
        *pin_rows("adapter, 4 kV at the mains", _pin(surge)),
    ]


def _lag_deg(front_end: FrontEnd, node: str) -> float:
    """Behind its source, whose phase is 0 at t = 0, at the mains frequency."""
    curves = ngspice.run(front_end.netlist(), STEADY, (node,))
    angle = 2 * np.pi * front_end.mains_hz * curves["x"]
    curve = curves[node] - curves[node].mean()
    sine, cosine = np.trapezoid(curve * np.sin(angle)), np.trapezoid(curve * np.cos(angle))
    return float(-np.degrees(np.arctan2(cosine, sine)))


def _phase() -> list[Row]:
    """The filters' lag must be that of the CTs: capacitors 5 % off, one high, one low."""
    furthest = {"ZMPT101B": 0.0, "adapter": 0.0}
    for off in (CAPACITOR, -CAPACITOR):
        ct_deg = _lag_deg(FrontEnd((CT, CT, CT), FILTER_NF * (1 - off)), "v(p2)")
        late = FILTER_NF * (1 + off)
        for name, front_end in (
            ("ZMPT101B", FrontEnd((zmpt(240), CT, CT), late)),
            ("adapter", AdapterFrontEnd((CT, CT, CT), late, adapter_v=OPEN_V[240])),
        ):
            apart = abs(_lag_deg(front_end, "v(p1)") - ct_deg)
            furthest[name] = max(furthest[name], apart)
    said = "0.3 % of VA at power factor 0.9"
    return [
        Row(f"{name}: its filter's lag less a CT's, 47 nF 5 % off", apart, "°", 0.33, said)
        for name, apart in furthest.items()
    ]


def _start() -> list[Row]:
    """From power-on, the mains being there, until the bias is where the firmware wants it."""
    rows = []
    for name, front_end in (
        ("ZMPT101B", _with(zmpt(264), divider_skew=TOLERANCE)),
        ("adapter", AdapterFrontEnd((CT,) * 3, FILTER_NF, adapter_v=13, divider_skew=TOLERANCE)),
    ):
        curves = ngspice.run(front_end.netlist(), "tran 200u 1.2 0 200u", ("v(bias)",))
        off_counts = np.abs(curves["v(bias)"] / COUNT_V - 2048)
        settled_s = curves["x"][np.flatnonzero(off_counts > 200)[-1] + 1]
        what = f"start with {name}: bias within 200 counts"
        rows.append(Row(what, settled_s * 1000, "ms", 550, HEALTH + ", stale"))
    return rows
