"""An NTC or the chip's own sensor, and less current while it is warm: derate, then pause.

The NTC lies between input and ground, a resistor between input and the converter's reference. So
counts / full scale = R / (R + series), whatever the reference is. The table of counts by
temperature is computed once, from R = 10 k * exp(beta * (1/T - 1/298.15 K)). A chip's own sensor,
of RP2040 and RP2350, is a diode of 706 mV at 27 C that falls by 1.721 mV/K.
"""

from array import array
from math import exp

from micropython import const

from . import request

_COLDEST_C = const(-40)
_HOTTEST_C = const(125)
_STEP_C = const(5)
_BACK_DC = const(30)  # it counts as cooler once it is 3 K below the warmest
_SOUND = const(50)  # readings, of 0.6 s each: half a minute
_FULL = const(1 << 16)
_R25_OHM = const(10_000)
FULL = const(1 << 14)  # of counts that are told: 12 bits, and two of a mean's
_LEAST_STEP = const(_STEP_C * 16)  # a count of 4096 for each kelvin


class Ntc:
    """Tenths of a degree from counts of `full`; None: broken, shorted, or beyond the table."""

    def __init__(self, beta=3950, series_ohm=10_000):
        for name, value, least, most in (
            ("beta", beta, 2000, 6000),
            ("series resistor", series_ohm, 500, 500_000),
        ):
            if not least <= value <= most:
                raise ValueError("NTC: %s of %s: %d to %d" % (name, value, least, most))
        self._shares = array("i")  # of full scale, in 65536ths, falling
        for celsius in range(_COLDEST_C, _HOTTEST_C + 1, _STEP_C):
            ohm = _R25_OHM * exp(beta * (1 / (celsius + 273.15) - 1 / 298.15))
            self._shares.append(round(_FULL * ohm / (ohm + series_ohm)))

    def fine(self, celsius):
        """Does it still tell one kelvin from the next, with a converter of 12 bits?"""
        i = (celsius - _COLDEST_C) // _STEP_C
        return self._shares[i] - self._shares[i + 1] >= _LEAST_STEP

    def tenths(self, counts, full):
        """The temperature in 0.1 C, by the nearest two of the table."""
        shares = self._shares
        share = (counts << 16) // full if counts < full else _FULL
        if share > shares[0] or share < shares[-1]:
            return None
        i = 1
        while shares[i] > share:
            i += 1
        part = (shares[i - 1] - share) * _STEP_C * 10 // (shares[i - 1] - shares[i])
        return (_COLDEST_C + (i - 1) * _STEP_C) * 10 + part


class Chip:
    """The same of the chip's own sensor; vref_mv: what the converter's full scale stands for."""

    def __init__(self, vref_mv):
        self._vref_mv = vref_mv

    def tenths(self, counts, full):
        sixteenths_mv = counts * self._vref_mv // (full >> 4)
        tenths = 270 - (sixteenths_mv - 706 * 16) * 10_000 // (1721 * 16)
        return tenths if _COLDEST_C * 10 <= tenths <= _HOTTEST_C * 10 else None


class Temperature:
    """From `derate_c` on less current, evenly, down to the minimum just below `pause_c`.

    After a pause it begins again below `derate_c`. A sensor that is broken or shorted is a fault:
    the minimum, until it was sound for half a minute; a relay, whose minimum is all of its
    current, is off. `tenths` is the last temperature, None with a fault.
    """

    def __init__(self, derate_c, pause_c):
        if not 30 <= derate_c <= pause_c - 5 <= 115:
            raise ValueError(
                "derate from %s C, pause at %s C: from 30 on, the pause 5 above it, 120 at most"
                % (derate_c, pause_c)
            )
        self._derate_dc = derate_c * 10
        self._pause_dc = pause_c * 10
        self._warmest_dc = -1000
        self._paused = False
        self._faulty = 0  # so many sound readings more are wanted
        self.tenths = None

    def tell(self, tenths):
        """The temperature, or None."""
        if tenths is None:
            self._faulty = _SOUND
            self.tenths = None
            return
        self._faulty = max(0, self._faulty - 1)
        if not self._faulty:
            self.tenths = tenths
        self._warmest_dc = max(tenths, min(self._warmest_dc, tenths + _BACK_DC))
        if tenths >= self._pause_dc:
            self._paused = True
        elif tenths < self._derate_dc:
            self._paused = False

    def ask(self, plugs, elapsed_ms, grid_w, look):
        """The limit `temperature` of each plug."""
        for plug in plugs:
            self._ask(plug)

    def _ask(self, plug):
        asked = plug.request
        state = plug.state
        if self._paused:
            asked.ask(request.BY_TEMPERATURE, 0, request.TOO_HOT)
        elif self.tenths is None:
            least_ma = 0 if state.rest_ms else state.min_ma
            asked.ask(request.BY_TEMPERATURE, least_ma, request.NTC_FAULT)
        elif self._warmest_dc >= self._derate_dc:
            left_dc = max(0, self._pause_dc - self._warmest_dc)
            span_dc = self._pause_dc - self._derate_dc
            most_ma = min(state.max_ma, state.setting_ma, state.circuit_ma)
            ma = state.min_ma + (most_ma - state.min_ma) * left_dc // span_dc
            asked.ask(request.BY_TEMPERATURE, max(state.min_ma, plug.steps(ma)), request.HOT)
        else:
            asked.free(request.BY_TEMPERATURE)
