"""Fast from a chosen time on, until so many Wh are in, whatever sun, price and schedule say.

It keeps no state: it holds from the time of day on for twelve hours, as long as the car that is
there has had less. So a power cut at that minute, a clock that comes late, an hour that is skipped
or lived twice make no difference.
"""

from micropython import const

from .week import minute_of

_DAY = const(1440)
_SPAN = const(720)
_MOST_KWH = const(200)


class Finish:
    """start  "02:30"; kwh  what shall be in; unknown  True: while the time is unknown it holds."""

    def __init__(self, start, kwh, unknown=True):
        if not 1 <= kwh <= _MOST_KWH:
            raise ValueError("finish with %s kWh: 1 to %d" % (kwh, _MOST_KWH))
        self._start = minute_of(start) % _DAY
        self._wh = kwh * 1000
        self._unknown = unknown

    def holds(self, calendar, session_wh):
        """Whether it is time; session_wh is what the car has had since it came."""
        if session_wh >= self._wh:
            return False
        if not calendar.known:
            return self._unknown
        return (calendar.second // 60 - self._start) % _DAY < _SPAN
