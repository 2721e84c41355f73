"""The ADC's round robin masks the next channel with 12 where 7 is meant, so that every sample
comes from channel 0; and after the last channel, the chip's own temperature, it passes over 0.
"""

from rp2040py.peripherals import adc
from rp2040py.rp2040 import RP2040


class RoundRobin(adc.RPADC):
    """AINSEL has all three bits of the channel, and 0 comes after 4."""

    def __init__(self, chip: RP2040, name: str) -> None:
        super().__init__(chip, name)
        self.num_channels += 1  # it counts one further and then begins anew

    @property
    def _active_channel(self) -> int:
        return (self.cs >> adc.CS_AINSEL_SHIFT) & adc.CS_AINSEL_MASK

    @_active_channel.setter
    def _active_channel(self, channel: int) -> None:
        self.cs &= ~(adc.CS_AINSEL_MASK << adc.CS_AINSEL_SHIFT)
        self.cs |= (channel & adc.CS_AINSEL_MASK) << adc.CS_AINSEL_SHIFT
