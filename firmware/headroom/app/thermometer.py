"""The thermometer from the settings: in memory only where there is one.

An NTC at a CT's input is sampled with the currents, and so is the chip's own sensor where the
chip's own converter samples them: nothing is converted besides, a look into the ring is all.
"""

from micropython import const

from ..planning.temperature import FULL, Chip, Ntc, Temperature
from ..settings import sampled

_EVERY = const(3)  # windows; by the first look the ring has been filled
_TAKEN = const(16)
_VREF_MV = const(3300)  # of the chip's own converter


class Thermometer:
    """where        the setting `thermometer`
    temperature  of planning/, which it tells
    """

    def __init__(self, where, source, scale, temperature):
        self.where = where
        self.temperature = temperature
        self._source = source
        self._scale = scale
        self._left = _EVERY

    def look(self, elapsed_ms):
        self._left -= 1
        if self._left:
            return
        self._left = _EVERY
        self.temperature.tell(self._scale.tenths(self._source.counts(), FULL))


class _Ring:
    """One of those that are sampled all the time."""

    def __init__(self, sampler, place):
        self._samples = sampler.samples
        self._first = place
        self._step = sampler.frames // _TAKEN * sampler.channels

    def counts(self):
        """The mean of 16 samples that are 19 ms apart, so that 50 and 60 Hz cancel."""
        total = 0
        at = self._first
        for _ in range(_TAKEN):
            total += self._samples[at]
            at += self._step
        return total >> 2


def built(values, board, meter):
    """The Thermometer."""
    where = values["thermometer"]
    if where == "pin":
        from ..ports import analog  # in memory only then

        source = analog.Input(board.NTC_PIN)
    elif where != "chip":
        source = _Ring(meter.sampler, sampled.place(values, board, where))
    elif hasattr(board, "ADC_PINS"):
        source = _Ring(meter.sampler, len(board.ADC_PINS))
    else:
        from ..ports import analog

        source = analog.ChipSensor()
    if where == "chip":
        scale = Chip(_VREF_MV)
    else:
        scale = Ntc(values["ntc_beta"], values["ntc_series_ohm"])
    return Thermometer(where, source, scale, Temperature(values["warm_c"], values["hot_c"]))
