"""The analog front end of boards/README.md as a netlist, at the worst of what its parts may be.

A current transformer is an ideal source of current: it never saturates, so that what it does to
the rest of the circuit is worse than any real one. Figures of parts are those of their datasheets:

BAT54S     Diodes Inc. BAT54S: forward at most 0.24 V at 0.1 mA, 0.32 V at 1 mA, 0.40 V at 10 mA,
           0.50 V at 30 mA; reverse at most 2 uA (25 V, 25 C); 200 mA continuous
P6KE10CA   P6KE series: stand-off 8.55 V, breakdown 9.5 to 10.5 V at 1 mA, clamping 14.5 V at
           41.4 A, leakage at most 20 uA at stand-off; 150 C at most, 75 K/W to the air
Pico       Pico datasheet: 200 ohm and 2.2 uF between 3V3 and ADC_VREF
"""

from dataclasses import dataclass

VDD_V = 3.3
TOLERANCE = 0.01  # of every resistor
SERIES_OHM = 1000
BIAS_OHM = 10_000
BIAS_F = 10e-6
FILTER_TO = "bias"  # not "0": every channel's filter current would flow through the common bias
TVS_LEAK_OHM = 8.55 / 20e-6  # a bound: it leaks less than in proportion below its stand-off

# Two diodes of one case. Highest drop: a curve through or above each of the datasheet's maxima.
# Leakiest: so much saturation current that it leaks the datasheet's maximum, a hot part's curve.
HIGHEST_DROP = "d(is=100n n=1.343 rs=2.5)"
LEAKIEST = "d(is=2u n=1.343 rs=2.5)"
ABSENT = "d(is=1e-30)"

# Breakdown and slope of one of the two opposed junctions; the other adds its forward drop.
_TVS = ".model tvs d(is=1n n=1 bv=9.9 ibv=1m rs=0.05)"


@dataclass(frozen=True)
class Ct:
    """A CT's secondary: RMS mA, and the burden that it ends in (a huge one is a lost one).

    A 333 mV CT is one too: its burden is inside, and it has no TVS.
    """

    secondary_ma: float
    burden_ohm: float
    tvs: bool = True


@dataclass(frozen=True)
class FrontEnd:
    """Channels on one bias network.

    filter_nf     anti-alias capacitor of each
    clamp         model of the BAT54S
    supply_v      0: the board is off while the conductors carry current
    divider_skew  how far the two resistors of the bias are apart, as a share
    """

    cts: tuple[Ct, ...]
    filter_nf: float
    mains_hz: float = 60
    clamp: str = HIGHEST_DROP
    supply_v: float = VDD_V
    divider_skew: float = 0

    def netlist(self) -> str:
        """Nodes: vdd, vref, bias; of channel n s<n> (secondary) and p<n> (the chip's pin)."""
        lines = [f".model bat54s {self.clamp}", _TVS, *self._supply()]
        for number, ct in enumerate(self.cts, 1):
            lines += self._channel(number, ct)
        return "\n".join(lines)

    def _supply(self) -> list[str]:
        supply = (
            [f"vdd vdd 0 dc {self.supply_v} pwl(0 0 1m {self.supply_v})"]
            if self.supply_v
            else ["coff vdd 0 20u", "roff vdd 0 1k"]  # capacitors of the board, and what it leaks
        )
        return [
            *supply,
            "rref vdd vref 200",
            "cref vref 0 2.2u",
            f"rtop vref bias {BIAS_OHM * (1 - self.divider_skew / 2)}",
            f"rbottom bias 0 {BIAS_OHM * (1 + self.divider_skew / 2)}",
            f"cbias bias 0 {BIAS_F}",
        ]

    def _channel(self, number: int, ct: Ct) -> list[str]:
        top, pin = f"s{number}", f"p{number}"
        peak_a = ct.secondary_ma / 1000 * 2**0.5
        ac = peak_a if number == 1 else 0
        tvs = [
            f"da{number} m{number} {top} tvs",
            f"db{number} m{number} bias tvs",
            f"rl{number} {top} bias {TVS_LEAK_OHM}",
        ]
        return [
            *(tvs if ct.tvs else []),
            f"i{number} bias {top} sin(0 {peak_a} {self.mains_hz}) ac {ac}",
            f"rb{number} {top} bias {ct.burden_ohm}",
            f"rs{number} {top} {pin} {SERIES_OHM}",
            f"cf{number} {pin} {FILTER_TO} {self.filter_nf}n",
            f"dh{number} {pin} vdd bat54s",
            f"dl{number} 0 {pin} bat54s",
        ]
