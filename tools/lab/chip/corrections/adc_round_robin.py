"""The ADC's round robin masks the next channel with 12 where 7 is meant, so that every sample
comes from channel 0.
"""

from rp2040py.peripherals import adc


class RoundRobin(adc.RPADC):
    """AINSEL has all three bits of the channel."""

    @property
    def _active_channel(self) -> int:
        return (self.cs >> adc.CS_AINSEL_SHIFT) & adc.CS_AINSEL_MASK

    @_active_channel.setter
    def _active_channel(self, channel: int) -> None:
        self.cs &= ~(adc.CS_AINSEL_MASK << adc.CS_AINSEL_SHIFT)
        self.cs |= (channel & adc.CS_AINSEL_MASK) << adc.CS_AINSEL_SHIFT
