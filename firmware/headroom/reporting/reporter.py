"""What is worth an event: changes of faults and of the chargers' reasons, once a second.

What flickers must not fill the log: 20 events, then one a minute; the next one that is written
says how many were not. Half of the 20 are kept for what protects: the voltage and wishes have the
other half.
"""

from micropython import const

from .. import records
from ..balancing.excess import NAMED_MA
from . import explain

_BURST = const(20)
_REFILL_MS = const(60_000)
KEPT_MS = const(10 * 60_000)  # credit that the voltage and wishes leave
_CALM = (
    records.STARTING,
    records.STEADY,
    records.RISING,
    records.SETTLING,
    records.LOWERED,
    records.POLLS,
)


class Reporter:
    """Compares the meter with what it was a second ago, and notes the differences in `events`.

    idle_w  the least that the house drew without a car since the start; -1 unknown, see watts.py
    """

    idle_w = -1

    def __init__(self, events, meter, health, controller, bus, supervisor):
        self._events = events
        self._reading = reading = meter.window
        self._health = health
        self._controller = controller
        self._bus = bus
        self._supervisor = supervisor
        self._faults = [0] * len(reading.faults)
        self._reasons = [records.STARTING] * len(bus.chargers)
        self._online = [None] * len(bus.chargers)
        self._disobeys = [False] * len(bus.chargers)
        self.wishes = None  # as that of status.py
        self._beyond = False
        self._stale = False
        self._tripped = ""
        self._credit_ms = _BURST * _REFILL_MS
        self._untold = 0

    def look(self, elapsed_ms):
        """Note what has changed since the last call, `elapsed_ms` ago."""
        self._credit_ms = min(self._credit_ms + elapsed_ms, _BURST * _REFILL_MS)
        if self._health.stale() != self._stale:
            self._stale = not self._stale
            self._tell("no good measurement" if self._stale else "measurement is good again")
        for channel in range(len(self._faults)):
            self._look_at_channel(channel)
        for i in range(len(self._reasons)):
            self._look_at_charger(i)
        beyond = self._controller.ev.beyond_ma > NAMED_MA
        if beyond is not self._beyond:
            self._beyond = beyond
            self._tell(
                "the EV CT shows %s than the chargers were told"
                % ("more" if beyond else "no more")
            )
        news = self.wishes and self.wishes.news()
        if news:
            self._tell(news, KEPT_MS)
        if self._supervisor.tripped != self._tripped:
            self._tripped = self._supervisor.tripped
            self._tell("supervisor: " + (self._tripped or "all well again"))

    def told(self, text):
        """Somebody has told what he would like."""
        self._tell(text, KEPT_MS)

    def _look_at_channel(self, channel):
        # Lost samples are counted in `status`, and where they last there is no good measurement.
        faults = self._reading.faults[channel] & ~records.LOST
        changed = faults ^ self._faults[channel]
        if not changed:
            return
        self._faults[channel] = faults
        name = "L%d" % (channel + 1) if channel < self._reading.legs else "EV"
        for bit, text in records.FAULT_NAMES.items():
            if changed & bit:
                self._tell("%s %s%s" % (name, "" if faults & bit else "no longer ", text))

    def _look_at_charger(self, i):
        charger = self._bus.chargers[i]
        if charger.state.online is not self._online[i]:
            before = self._online[i]
            self._online[i] = charger.state.online
            if charger.state.online:
                self._tell("%s answers" % charger.where())
            elif before:
                self._tell("%s does not answer: %s" % (charger.where(), charger.error))
        allocation = self._controller.allocations[i]
        disobeys = allocation.holds_ma > 0
        if disobeys is not self._disobeys[i]:
            self._disobeys[i] = disobeys
            told = (
                explain.disobeys(allocation, charger.state) if disobeys else "does as told again"
            )
            self._tell("%s %s" % (charger.name, told))
        before, now = self._reasons[i], allocation.reason
        if now == before:
            return
        self._reasons[i] = now
        if not (now in _CALM and before in _CALM):
            told = charger.name, allocation.allowed_ma // 1000, allocation.allowed_ma % 1000 // 100
            limit = records.LIMIT_NAMES[allocation.limit]
            if self.wishes and allocation.limit == records.BY_REQUEST:
                limit = self.wishes.why(i)
            why = records.REASON_NAMES[now], limit
            self._tell("%s %d.%d A, %s (%s)" % (told + why))

    def _tell(self, text, kept_ms=0):
        if self._credit_ms < _REFILL_MS + kept_ms:
            self._untold += 1
            return
        self._credit_ms -= _REFILL_MS
        if self._untold:
            text += " (%d more events not written)" % self._untold
            self._untold = 0
        self._events.note(text)
