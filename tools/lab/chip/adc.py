"""The converter of the emulated chip, corrected, with functions of time at its inputs."""

from collections.abc import Callable

from rp2040py.rp2040 import RP2040

from lab.chip.corrections.adc_request import FreshRequest
from lab.chip.corrections.adc_round_robin import RoundRobin
from lab.chip.corrections.adc_running import RunsOn

# Emulated ns since the first power-on -> the converter's code, 0 to 4095.
Input = Callable[[float], int]


class Adc(FreshRequest, RunsOn, RoundRobin):
    """`inputs` by channel; an input without a function reads 0.

    Besides what is corrected, the emulator agrees with the datasheet: period (1 + INT + FRAC/256)
    / 48 MHz, 96 cycles a conversion, a FIFO of four, OVER when it is full, requests while the
    level is at the threshold or above.
    """

    def __init__(self, chip: RP2040, inputs: dict[int, Input], now_ns: Callable[[], float]):
        super().__init__(chip, "ADC")
        self.conversions = 0
        self._inputs = inputs
        self._now_ns = now_ns
        self.on_adc_read = self._sample

    def _sample(self, channel: int) -> None:
        self.conversions += 1
        signal = self._inputs.get(channel)
        self.current_channel = channel
        self.channel_values[channel] = signal(self._now_ns()) if signal else 0
        self.sample_alarm.schedule(self.sample_time * 1000)
