"""A Meter with a voltage: what it does besides, so that one without has none of it in memory."""

import micropython

from .meter import Meter


class PowerMeter(Meter):
    """watts       a Wattmeter (power.py)
    watthours   a WattHours (watthours.py), which counts each window
    """

    def __init__(self, sampler, channels, ev_used, ev_legs, inputs, watts, watthours):
        self.watts = watts
        self.power = watts.power
        self.watthours = watthours
        super().__init__(sampler, channels, ev_used, ev_legs, inputs)

    def steady_mv(self, leg=0):
        """Mean RMS of the last 2 s; -1 if it moved by more than 2 % or isn't known."""
        return self.watts.voltage.channel.steady_ma()

    @micropython.native
    def _take(self, first_frame, frames):
        samples = self.sampler.samples
        stride = self.sampler.channels
        first = first_frame * stride
        self.watts.take(samples, first, frames, stride)
        self.frequency.take(samples, first + self.inputs[self._watched], frames, stride)

    def _close_window(self, at_ms):
        lost, window = self._gap, self._in_window_q8 >> 8
        self.watts.collect()
        super()._close_window(at_ms)
        self._end_watts(lost, window)

    @micropython.native
    def _end_watts(self, lost, window):
        """Whatever happens here, the currents stay what they are."""
        kept = window + self._frames + self._unread <= self.sampler.frames
        try:
            self.watts.end(self.window, lost, window, self.next_frame, kept)
            self.watthours.add(self.power, window)
        except Exception:  # noqa: BLE001  whatever it is
            self.watts.failed()

    def _resynchronise(self):
        super()._resynchronise()
        self.watts.discard()
