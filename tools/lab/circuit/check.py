"""Are the circuits of boards/README.md good? `lab circuit` tries them in ngspice.

Prints a table of what was measured against its limit, with the source of the limit, and ends with
status 1 if one is missed, with 2 if ngspice is not here.
"""

import sys

import numpy as np
from rich.console import Console
from rich.table import Table

from lab.circuit import ngspice
from lab.circuit.front_end import ABSENT, LEAKIEST, TOLERANCE, Ct, FrontEnd
from lab.circuit.row import COUNT_V, HEALTH, RP2040, STEADY, Row, peak, pin_rows, rms
from lab.circuit.rs485 import idle_line, resetting_de
from lab.circuit.voltage import voltage_rows
from lab.wiring import FILTER_NF

BURDEN_OHM = 18
FULL_MA = 1.25 * 200 / 4000 * 1000  # 1.25 times a 200 A breaker through 200 A : 50 mA
FAULT_MA = 10_000 / 4000 * 1000  # 10 kA, the usual interrupting rating of a house's breakers
LOST_OHM = 1e9
LOAD_OHM = 470  # on the board, where a 333 mV CT is plugged in
INSIDE_OHM = 14  # of an ACTL-1250, by what CCS says of the effect of loads
PICK_UP_PF = 20  # ours: between a lead that came off at one end and a conductor of 120 V
FULL = Ct(FULL_MA, BURDEN_OHM)
IDLE = Ct(0, BURDEN_OHM)


def check() -> list[Row]:
    """Every figure. Raises NgspiceFailed."""
    rows = _range() + _silent() + _burden_lost() + _fault()
    rows += _voltage_output() + _board_off() + _start()
    for rate_hz in sorted(FILTER_NF, reverse=True):
        rows += _filter(rate_hz)
    return rows + voltage_rows() + _line()


def _steady(front_end: FrontEnd, *names: str) -> ngspice.Curves:
    return ngspice.run(front_end.netlist(), STEADY, names)


def _range() -> list[Row]:
    """Full range: the wave stays off the rails, and no clamp bends it."""
    high = Ct(FULL_MA, BURDEN_OHM * (1 + TOLERANCE))
    worst = _steady(FrontEnd((high, FULL, FULL), 47, divider_skew=TOLERANCE), "v(p1)", "v(vref)")
    room_v = min(worst["v(p1)"].min(), (worst["v(vref)"] - worst["v(p1)"]).min())
    ideal, leaky = (
        rms(_steady(FrontEnd((FULL,) * 3, 47, clamp=clamp), "v(p1)")["v(p1)"])
        for clamp in (ABSENT, LEAKIEST)
    )
    return [
        Row(
            "250 A: left to a rail, resistors 1 % off", room_v / COUNT_V, "counts", 2, HEALTH, True
        ),
        Row("250 A: error by clamp", abs(leaky / ideal - 1) * 100, "%", 0.1, "goal of metering"),
    ]


def _silent() -> list[Row]:
    """A CT that gives nothing reads nothing, whatever its neighbours do."""
    rows = []
    for what, silent in (("unplugged CT", IDLE), ("shorted CT", Ct(0, 0.1))):
        pin = _steady(FrontEnd((silent, FULL, FULL), 47, clamp=LEAKIEST), "v(p1)")["v(p1)"]
        name = f"{what}: what two others at 250 A put on it"
        rows.append(Row(name, rms(pin) / COUNT_V, "counts", 0.5, "two thirds of 'no signal'"))
    return rows


def _voltage_output() -> list[Row]:
    """333 mV CTs: a lead that came off must not look like a current; a fault meets no TVS."""
    picked_up_ma = 2 * np.pi * 60 * PICK_UP_PF * 1e-12 * 120 * 1000
    off = FrontEnd((Ct(picked_up_ma, LOAD_OHM, tvs=False), FULL, FULL), 47, clamp=LEAKIEST)
    fault_v = 0.333 / 200 * 10_000
    loaded_ohm = INSIDE_OHM * LOAD_OHM / (INSIDE_OHM + LOAD_OHM)
    fault = FrontEnd((Ct(fault_v / INSIDE_OHM * 1000, loaded_ohm, tvs=False), FULL, FULL), 47)
    counts = rms(_steady(off, "v(p1)")["v(p1)"]) / COUNT_V
    return [
        Row("333 mV CT, lead off: picked up", counts, "counts", 0.75, "'no signal', " + HEALTH),
        *pin_rows("333 mV CT, 10 kA", _steady(fault, "v(p1)")["v(p1)"]),
    ]


def _burden_lost() -> list[Row]:
    """The burden's joint breaks under full load: the TVS carries the CT's current for good."""
    front_end = FrontEnd((Ct(FULL_MA, LOST_OHM), FULL, FULL), 47)
    curves = _steady(front_end, "v(p1)", "v(s1)", "v(bias)")
    across = curves["v(s1)"] - curves["v(bias)"]
    current_a = FULL_MA / 1000 * 2**0.5 * np.sin(2 * np.pi * 60 * curves["x"])
    tvs_w = float(np.mean(across * current_a))
    return [
        Row("burden lost: peak at the CT", peak(across), "V", 42.4, "IEC 61010-1, touchable"),
        Row("burden lost: power in the TVS", tvs_w, "W", 1.2, "P6KE: 60 to 150 °C, 75 K/W"),
        *pin_rows("burden lost", curves["v(p1)"]),
    ]


def _fault() -> list[Row]:
    """10 kA before the breaker opens, through a CT that does not saturate."""
    curves = _steady(
        FrontEnd((Ct(FAULT_MA, BURDEN_OHM), FULL, FULL), 47), "v(p1)", "v(s1)", "v(bias)"
    )
    across = curves["v(s1)"] - curves["v(bias)"]
    return [
        Row("10 kA: peak at the CT", peak(across), "V", 42.4, "IEC 61010-1, touchable"),
        *pin_rows("10 kA", curves["v(p1)"]),
    ]


def _board_off() -> list[Row]:
    """No supply, the conductors at full load: what comes through 1 kΩ must find the clamp."""
    curves = _steady(FrontEnd((FULL,) * 3, 47, supply_v=0), "v(p1)", "v(vdd)")
    above_v = float((curves["v(p1)"] - curves["v(vdd)"]).max())
    return [Row("board off: pin above its supply", above_v, "V", 0.5, RP2040)]


def _start() -> list[Row]:
    """From power-on until the bias is where the firmware wants it."""
    front_end = FrontEnd((IDLE,) * 3, 47, divider_skew=TOLERANCE)
    curves = ngspice.run(front_end.netlist(), "tran 200u 1.2 0 200u", ("v(p1)",))
    off_counts = np.abs(curves["v(p1)"] / COUNT_V - 2048)
    settled_s = curves["x"][np.flatnonzero(off_counts > 200)[-1] + 1]
    return [Row("start: bias within 200 counts", settled_s * 1000, "ms", 550, HEALTH + ", stale")]


def _filter(rate_hz: int) -> list[Row]:
    """Anti-alias filter: flat where power is, falling where a false 60 Hz would come from."""
    front_end = FrontEnd((FULL, IDLE, IDLE), FILTER_NF[rate_hz])
    curves = ngspice.run(front_end.netlist(), "ac dec 200 1 1meg", ("v(p1)", "v(s1)"))
    hz = curves["x"]
    gain = curves["v(p1)"] / (FULL_MA / 1000 * 2**0.5 * BURDEN_OHM)
    droop, alias = (float(np.interp(at, hz, gain)) for at in (60, rate_hz - 60))
    bandwidth_hz = float(np.trapezoid(gain**2, hz)) / droop**2
    name = f"{FILTER_NF[rate_hz]} nF at {rate_hz} Hz: "
    return [
        Row(name + "lost at 60 Hz", (1 - droop) * 100, "%", 0.1, "goal of metering"),
        Row(name + f"{rate_hz - 60} Hz, seen as 60", -20 * np.log10(alias), "dB", 3, "ours", True),
        Row(name + "noise bandwidth", bandwidth_hz, "Hz", rate_hz * 1.5, "ours: 3 bands of noise"),
    ]


def _line() -> list[Row]:
    """RS-485: what is read while nobody sends, and who sends while the board resets."""
    return [
        Row("RS-485 idle: A above B", idle_line() * 1000, "mV", 200, "TIA-485 receiver", True),
        Row("RP2350 in reset: DE", resetting_de(), "V", 0.8, "MAX3485, THVD1450: low"),
    ]


def show(rows: list[Row]) -> None:
    """The table."""
    table = Table(box=None, pad_edge=False)
    for title in ("what", "measured", "limit", "", "by"):
        table.add_column(title, justify="right" if title in ("measured", "limit") else "left")
    for row in rows:
        bound = ("≥ " if row.least else "≤ ") + f"{row.limit:g} {row.unit}"
        verdict = "good" if row.good else "[bold red]MISSED[/]"
        table.add_row(row.what, f"{row.measured:.4g} {row.unit}", bound, verdict, row.source)
    Console(width=None if sys.stdout.isatty() else 130).print(table)


def main() -> int:
    """Exit status: 0 all good, 1 a limit is missed, 2 no ngspice."""
    if not ngspice.installed():
        print(
            "The circuits were not tried: ngspice is not installed (Debian: apt install ngspice)."
        )
        return 2
    rows = check()
    show(rows)
    missed = sum(not row.good for row in rows)
    print(f"{len(rows) - missed} good, {missed} missed")
    return 1 if missed else 0
