"""A write of the ADC's CS register while it runs freely starts one more conversion, which moves
the phase of all that follow.
"""

from rp2040py.peripherals import adc


class RunsOn(adc.RPADC):
    """What runs freely before and after a write of CS keeps its rhythm."""

    def write_uint32(self, offset: int, value: int) -> None:
        """A register write."""
        runs_on = self.cs & value & adc.CS_START_MANY and value & adc.CS_EN
        if offset == adc.CS and runs_on and not value & adc.CS_START_ONE:
            self.cs = (self.cs & ~adc.CS_WRITE_MASK) | (value & adc.CS_WRITE_MASK)
        else:
            super().write_uint32(offset, value)
