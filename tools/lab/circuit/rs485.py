"""The RS-485 line of boards/README.md at the worst of its parts, in ngspice.

Sources: TIA/EIA-485-A (a receiver may want 200 mV, and loads the line with 12 kohm a unit);
RP2350 datasheet, erratum E9 (an input between low and high gives some 120 uA up to 2.2 V).
"""

from lab.circuit import ngspice

BIAS_OHM = 390
SERIES_OHM = 10
TERMINATOR_OHM = 120
UNIT_LOAD_OHM = 12_000
DE_OHM = 4700
TOLERANCE = 0.01
CHARGERS = 4
LEAK_A = 120e-6
_SETTLED = "tran 1u 10u"


def idle_line(chargers: int = CHARGERS) -> float:
    """V between A and B at the far charger while nobody sends: both terminators, 3.3 V 3 % low."""
    low_v = 3.3 * 0.97
    bias, series = BIAS_OHM * (1 + TOLERANCE), SERIES_OHM * (1 + TOLERANCE)
    load = UNIT_LOAD_OHM / chargers
    netlist = f"""
vdd vdd 0 {low_v}
rup vdd chipa {bias}
rdown chipb 0 {bias}
rsa chipa a {series}
rsb chipb b {series}
rt a b {TERMINATOR_OHM * (1 - TOLERANCE) / 2}
rla a 0 {load}
rlb b 0 {load}"""
    curves = ngspice.run(netlist, _SETTLED, ("v(a)", "v(b)"))
    return float((curves["v(a)"] - curves["v(b)"])[-1])


def resetting_de() -> float:
    """V at DE while nothing but the pull-down holds it against the leak of an RP2350's input."""
    netlist = f"iq 0 de {LEAK_A}\nrdown de 0 {DE_OHM * (1 + TOLERANCE)}"
    return float(ngspice.run(netlist, _SETTLED, ("v(de)",))["v(de)"][-1])
