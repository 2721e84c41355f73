"""One leg, and how it moved with the last steps of the cars' current.

A step is a move of the cars' current by 4 A or more from one stand to the next, at once: a rise
that takes its time is none, for a battery has followed by then. With each step the leg moves by a
share of it, in percent: 100 if its CT is right, 0 if it stands still. That is its largest move
while the step lasts. Reports come late, so there it is looked for in the four seconds before too,
but in those since the order that lowered the cars: what the house did to cause it was earlier. A
metering chip's means are whole a second later, so a report may be there first.

One share tells nothing. What is believed is one that four of the seven before agree with, while
none of the eight contradicts: is right where it is wrong. Three right ones in a row end it.

Not counted, for a right CT on a sound leg may show that too, is a step

  - with which the leg moves both ways, or by half as much again: the house does;
  - of a leg with credit (below) that carries more than three times as much;
  - of a leg whose RMS before and after make less than 3/2 of it together: it may have fed in and
    passed through nothing. But one that stands still below 2/5 of it can't be right, for two
    sides of a triangle are never shorter than the third.

The last two are for RMS values. That of a leg that feeds in may move the other way, which
contradicts too, or, beside reactive current, by less for hours: so one that moved by as much or
the other way lately has credit, and is not called low before that is used up. It may even stand
still, from 4 A fed in to 4 A drawn beside 8 A of reactive current: so where any leg moved the
other way, which only a house that feeds in makes a rule, eight of those tell nothing. Real power
moves by as much whatever else flows; but a battery that answers within half a second looks like a
CT that slipped.
"""

from array import array

from micropython import const

LOW_PCT = const(78)  # two CTs at their tolerance, beside loads of a power factor of 0.8
_NEAR_PCT = const(12)
_STEP_MA = const(4000)
_MOVES_MA = const(1000)  # in a window: less is standing still
_KEPT = const(8)
_AGREE = const(5)
_RIGHT = const(3)
_EARNS = const(4)  # a right share, of credit; a wrong one costs 1
_MOST_CREDIT = const(32)
_FED = const(8)
_NONE = const(999)
_APART = const(50)  # windows: an order that comes so long after another is one that is answered
# Windows of a stand, of the longest step, by which it is known late: of an EV CT, of reports.
_TIMES = ((2, 3, 0), (10, 8, 20))


class Watch:
    """loaded  the cars load this leg
    late    their current is known by the chargers' reports, else by an EV CT
    signed  the leg's current is that of its real power, with its sign, else an RMS value
    behind  windows by which the leg's current may be later than a report
    fed     [how many steps without a move tell nothing, for the house feeds in]: of all legs

    pct     the share that is believed; sound_pct until another is: 100, or 0 if not loaded
    """

    def __init__(self, loaded, late, signed, behind, fed):
        self.loaded = loaded
        self.pct = self.sound_pct = 100 if loaded else 0
        self._signed = signed
        self._behind = behind
        self._fed = fed
        self._shares = array("h", [_NONE] * _KEPT)
        self._at = self._right = self._credit = 0
        self._stand, self._longest, self._late = _TIMES[late]
        self._history = array("i", [0] * (self._stand + self._longest + self._late + 1))
        self._now = 0
        self._ev_ma = self._from_ma = self._to_ma = self._told_ma = 0
        self._before_ma = self._after_ma = self._up_ma = self._down_ma = 0  # see _look_back
        self._moving = self._still = self._known = 0  # windows
        self._since = self._lowered = 0  # windows since the cars were lowered; and at the step

    def look(self, leg_ma, ev_ma, told_ma):
        """Take in a window: `ev_ma` is -1 if one of the two isn't known, `told_ma` the orders."""
        if self._since < _APART:
            self._since += 1
        elif told_ma < self._told_ma:
            self._since = 0
        self._told_ma = told_ma
        if ev_ma < 0:
            self._moving = self._still = self._known = 0
            return
        history = self._history
        self._now = (self._now + 1) % len(history)
        history[self._now] = leg_ma
        if self._known < len(history):
            self._known += 1
        if self._known > 1 and abs(ev_ma - self._ev_ma) >= _MOVES_MA:
            self._move(ev_ma)
        elif self._moving or self._still < self._stand:
            self._stay()
        self._ev_ma = ev_ma

    def _move(self, ev_ma):
        if self._moving:
            self._moving += 1
        elif self._still >= self._stand:
            self._moving = 1
            self._from_ma = self._ev_ma
            self._lowered = self._since
        self._still = 0
        self._to_ma = ev_ma

    def _stay(self):
        self._still += 1
        if not self._moving:
            return
        self._moving += 1
        if self._still == self._stand:
            self._end(self._moving - self._stand)
            self._moving = 0

    def _end(self, windows):
        """A step that took so many windows, the last one a stand ago."""
        step_ma = self._to_ma - self._from_ma
        late = self._late if step_ma > 0 else min(self._late, self._lowered)
        if abs(step_ma) < _STEP_MA or windows > self._longest or self._known < len(self._history):
            return
        self._look_back(windows + late)
        share = self._share(step_ma)
        if share != _NONE:
            self._vote(share)

    def _look_back(self, windows):
        """How far the leg moved in these windows before the stand."""
        history = self._history
        at = self._now - self._stand - windows
        self._before_ma = low_ma = high_ma = history[at % len(history)]
        self._up_ma = self._down_ma = 0
        windows += self._behind
        while windows:
            windows -= 1
            at += 1
            self._after_ma = ma = history[at % len(history)]
            low_ma = min(low_ma, ma)
            high_ma = max(high_ma, ma)
            self._up_ma = max(self._up_ma, ma - low_ma)
            self._down_ma = max(self._down_ma, high_ma - ma)

    def _share(self, step_ma):
        """That in percent of the step, _NONE if it tells nothing."""
        size_ma = abs(step_ma)
        most_ma = max(self._up_ma, self._down_ma)
        if min(self._up_ma, self._down_ma) * 3 > size_ma or most_ma * 2 > size_ma * 3:
            return _NONE
        share = 0
        if most_ma * 4 > size_ma:
            share = (most_ma if self._up_ma == most_ma else -most_ma) * 100 // step_ma
        if 0 <= share < LOW_PCT and not self._signed:
            total_ma = self._before_ma + self._after_ma
            if self._credit and max(self._before_ma, self._after_ma) > size_ma * 3:
                return _NONE
            carries = total_ma > size_ma * 4 // 5
            if total_ma < size_ma * 3 // 2 and (share or carries):
                return _NONE
            if not share and carries and self._fed[0]:
                self._fed[0] -= 1
                return _NONE
        return share

    def _vote(self, share):
        self._at = (self._at + 1) % _KEPT
        self._shares[self._at] = share
        if self._contradicts(share):
            self._credit = min(self._credit + _EARNS, _MOST_CREDIT)
            if self._sound(share):
                self._right += 1
            else:
                self._right = 0
                self._fed[0] = _FED
            if self._right >= _RIGHT:
                self.pct = self.sound_pct
            return
        self._right = agree = 0
        self._credit = max(0, self._credit - 1)
        if share and self._credit and not self._signed:
            return
        for other in self._shares:
            if other != _NONE:
                if self._contradicts(other):
                    return
                agree += abs(other - share) <= _NEAR_PCT
        if agree >= _AGREE:
            self.pct = share

    def _contradicts(self, share):
        """That a wrong share is the CT's fault."""
        return self._sound(share) or (share < 0 and not self._signed)

    def _sound(self, share):
        return (share >= LOW_PCT) is self.loaded
