"""The converter, with three faults of rp2040py 0.3.6 corrected and its inputs made functions.

Round robin   The next channel is masked with 12 where 7 is meant, so that every sample comes from
              channel 0: nothing about channels could be tested.
CS            Writing CS while free-running starts one more conversion and moves the phase.
FCS           Writing FCS leaves the request to the DMA as it was. After a stop and a drain a stale
              request lets the next transfer run at once, on zeros.

The rest agrees with the datasheet: period (1 + INT + FRAC/256) / 48 MHz, 96 cycles a conversion, a
FIFO of four, OVER when it is full, requests while the level is at the threshold or above.
"""

from collections.abc import Callable

from rp2040py.peripherals import adc
from rp2040py.rp2040 import RP2040

# Emulated ns since the first power-on -> the converter's code, 0 to 4095.
Input = Callable[[float], int]


class Adc(adc.RPADC):
    """`inputs` by channel; an input without a function reads 0."""

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

    @property
    def _active_channel(self) -> int:
        return (self.cs >> adc.CS_AINSEL_SHIFT) & adc.CS_AINSEL_MASK

    @_active_channel.setter
    def _active_channel(self, channel: int) -> None:
        self.cs &= ~(adc.CS_AINSEL_MASK << adc.CS_AINSEL_SHIFT)
        self.cs |= (channel & adc.CS_AINSEL_MASK) << adc.CS_AINSEL_SHIFT

    def write_uint32(self, offset: int, value: int) -> None:
        """A register write."""
        runs_on = self.cs & value & adc.CS_START_MANY and value & adc.CS_EN
        if offset == adc.CS and runs_on and not value & adc.CS_START_ONE:
            self.cs = (self.cs & ~adc.CS_WRITE_MASK) | (value & adc.CS_WRITE_MASK)
            return
        super().write_uint32(offset, value)
        if offset == adc.FCS:
            self._request()

    def _request(self) -> None:
        level = max(1, (self.fcs >> adc.FCS_THRESH_SHIFT) & adc.FCS_THRES_MASK)
        if self.fcs & adc.FCS_DREQ_EN and self.fifo.item_count >= level:
            self.rp2040.dma.set_dreq(self.dreq)
        else:
            self.rp2040.dma.clear_dreq(self.dreq)
