"""One charger on the sun: starts late, follows, holds its minimum through clouds, stops later.

start   room for the minimum and half an ampere, and a rest since the last stop, have lasted
follow  down with the next look; up to what has lasted for some looks, by a step at the least
hold    less than the minimum is held, and what is missing is added up, also what a car that falls
        draws too much; what is there above the minimum pays it back, energy for energy. So a short
        recovery does not make all forgotten, and a sky that gives the minimum on the average never
        stops a car
stop    once as much is missing as the minimum would draw in `stop_ms` without any sun
rest    see rest.py

In mode sun+min it never stops. Without a measurement it neither starts nor rises: it is held at
the minimum for a minute, then pauses.
"""

from array import array

from micropython import const

from . import request
from .rest import Rest

_BEGIN_MA = const(500)
_FOREVER_MS = const(1 << 28)  # saturated: still a small integer
_LOOKS = const(3)  # a rise has lasted so many
_BAND_MA = const(500)  # less is not worth a write


class Sun:
    """start_ms  how long room must have lasted before a start; stop_ms: see above

    ma, reason, wait_ms  what the sun asks for, why, and the timer that runs
    starts   since the car came
    """

    def __init__(self, start_ms=120_000, stop_ms=600_000):
        self._start_ms = start_ms
        self._stop_s = stop_ms // 1000
        self._rest = Rest()
        self._room_ms = 0
        self._missing_ws = 0
        self._lasted = array("i", [0] * _LOOKS)
        self._at = 0
        self.ma = 0
        self.reason = request.SUN_WAITS
        self.wait_ms = start_ms
        self.starts = 0

    def need_ma(self, state, always):
        """What it takes part with when surplus is shared, 0 not at all."""
        if not state.car:
            return 0
        return state.min_ma if self.ma or always else state.min_ma + _BEGIN_MA

    def rest(self):
        """Not on the sun now: its car has left, or another mode holds."""
        self._rest.begin_anew()
        self._room_ms = self.starts = 0
        self._pause(request.SUN_WAITS, self._start_ms)

    def look(self, plug, power, elapsed_ms):
        """plug.share_w is its part of the surplus; plug.always: mode sun+min."""
        minimum_ma = plug.state.min_ma
        always = plug.always
        if not self.ma and not always:
            self._wait(plug, power, elapsed_ms)
            return
        self.wait_ms = 0
        if not power.good:
            self._forget_rise()
            self.ma = minimum_ma
            self.reason = request.SUN_BLIND
            if power.lost and not always:
                self._stop(request.SUN_BLIND)
            return
        self.ma = max(self.ma, minimum_ma)
        self._add_up(plug, elapsed_ms)
        if self._missing_ws > plug.power(minimum_ma) * self._stop_s and not always:
            self._stop(request.SUN_RESTS)
            return
        self._follow(plug, minimum_ma)

    def _wait(self, plug, power, elapsed_ms):
        room = power.good and plug.share_w >= plug.need_w
        self._room_ms = min(self._room_ms + elapsed_ms, _FOREVER_MS) if room else 0
        rest_ms = self._rest.left_ms(elapsed_ms)
        self.wait_ms = max(rest_ms, self._start_ms - self._room_ms)
        self.reason = request.SUN_WAITS
        if not power.good:
            self.reason = request.SUN_BLIND
        elif rest_ms:
            self.reason = request.SUN_RESTS
        elif not self.wait_ms:
            self.starts += 1
            self._missing_ws = 0
            self._forget_rise()
            self.ma = plug.state.min_ma
            self.reason = request.SUN_FOLLOWS

    def _add_up(self, plug, elapsed_ms):
        minimum_w = plug.power(plug.state.min_ma)
        bought_w = max(0, max(plug.drawn_w, minimum_w) - max(0, plug.share_w))
        missing_w = bought_w - max(0, min(minimum_w, plug.share_w - minimum_w))
        self._missing_ws = max(0, self._missing_ws + missing_w * (elapsed_ms // 100) // 10)

    def _follow(self, plug, minimum_ma):
        fits_ma = plug.current(plug.share_w)
        self.reason = request.SUN_FOLLOWS if fits_ma >= minimum_ma else request.SUN_HOLDS
        self._lasted[self._at] = fits_ma
        self._at = (self._at + 1) % _LOOKS
        if fits_ma < self.ma:
            self.ma = max(minimum_ma, plug.steps(fits_ma))
            return
        lasted_ma = fits_ma
        for ma in self._lasted:
            lasted_ma = min(lasted_ma, ma)
        lasted_ma = min(plug.steps(lasted_ma), plug.can_use_ma())
        if lasted_ma - self.ma >= max(plug.step_ma, _BAND_MA):
            self.ma = lasted_ma

    def _forget_rise(self):
        for i in range(_LOOKS):
            self._lasted[i] = 0

    def _stop(self, reason):
        self._rest.stop()
        self._room_ms = 0
        self._pause(reason, self._rest.left_ms(0))

    def _pause(self, reason, wait_ms):
        self.ma = self._missing_ws = 0
        self.reason = reason
        self.wait_ms = wait_ms
        self._forget_rise()
