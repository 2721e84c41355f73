"""A write of the ADC's FCS register leaves the request to the DMA as it was, so that after a stop
and a drain the next transfer runs at once, on zeros.
"""

from rp2040py.peripherals import adc


class FreshRequest(adc.RPADC):
    """The request follows the level of the FIFO and the threshold after each write of FCS."""

    def write_uint32(self, offset: int, value: int) -> None:
        """A register write."""
        super().write_uint32(offset, value)
        if offset == adc.FCS:
            self._request()

    def _request(self) -> None:
        level = max(1, (self.fcs >> adc.FCS_THRESH_SHIFT) & adc.FCS_THRES_MASK)
        if self.fcs & adc.FCS_DREQ_EN and self.fifo.item_count >= level:
            self.rp2040.dma.set_dreq(self.dreq)
        else:
            self.rp2040.dma.clear_dreq(self.dreq)
