"""Single conversions beside the sampling, with machine.ADC: in memory only where one is asked for.

.counts()  of 1 << 14 for 3.3 V. Never of the converter that a Sampler of rp2.py runs: each would
stop it. An RP2040's own is free beside an MCP3208. An ESP32's samples are single conversions as
well, so that the next one is late by 0.1 ms at most.
"""

from machine import ADC, Pin
from micropython import const

_BROKEN_UV = const(2_900_000)  # an ESP32's converter shows little beyond
_FULL = const(1 << 14)


class Input:
    """A pin of an ESP32 (ADC1)."""

    def __init__(self, gpio):
        self._adc = ADC(Pin(gpio), atten=ADC.ATTN_11DB)

    def counts(self):
        uv = self._adc.read_uv()
        return _FULL - 1 if uv >= _BROKEN_UV else uv // 25 * 2048 // 16_500


class ChipSensor:
    """The temperature sensor of an RP2040 or RP2350."""

    def __init__(self):
        self._adc = ADC(ADC.CORE_TEMP)

    def counts(self):
        return self._adc.read_u16() >> 2
