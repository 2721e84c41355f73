"""What a charger has been told, what it may hold at worst, and what to write next.

A charger pauses by a limit of 0, or by a register of its own (`pause` in the profile). Only what
it acknowledged counts as told; a raise that was sent and not acknowledged may have been taken.
While it does not answer nothing that it may hold is forgotten, and its failsafe comes on top.
"""

from micropython import const

from . import words
from .ages import Ages

LIMIT = const(1)
PAUSE = const(2)
RUN = const(3)
_WRITTEN = const(0)  # ages
_PAUSED = const(1)
_RAISED = const(2)


class Limit:
    """The limit and pause registers of one charger; `state` (ChargerState) is kept up to date.

    offer_ma    the last current that it acknowledged, 0 while paused, -1 if not known
    ceiling_ma  the most that it may hold by what it was told: what it acknowledged, or was sent
                since, or anything as long as nothing was ever acknowledged
    """

    def __init__(self, profile, state, now_ms):
        self._profile = profile
        self._state = state
        self._item = profile.limit
        self._limit_ma = -1
        self._runs = None  # whether its pause register lets it run; None: not known
        self._stuck_ma = 0  # it may hold that though it was told less: as its registers say
        self._most_ma = min(profile.max_ma, state.circuit_ma)
        self.offer_ma = -1
        self.ceiling_ma = self._most_ma
        self.ages = Ages(3, now_ms)
        self._settle()

    def refine(self, ma_per_count):
        """It counts in these steps, whatever its profile says."""
        self._item = dict(self._profile.limit)
        self._item["ma_per_count"] = ma_per_count

    def lost(self, failsafe_ma):
        """It does not answer: it may hold all that it did, or what its failsafe gives it.

        -1 for a failsafe that nobody knows. That it counts in finer steps is forgotten.
        """
        self._item = self._profile.limit
        if failsafe_ma < 0:
            failsafe_ma = self._most_ma
        self.ceiling_ma = max(self.ceiling_ma, self._stuck_ma, failsafe_ma)
        self._limit_ma, self._runs, self._stuck_ma = -1, None, 0
        self._state.held_ma = -1
        self._settle()

    def found(self):
        """It answers again: until it is told it may hold anything, for it may have restarted."""
        if self._limit_ma < 0 and self._runs is not False:
            self.ceiling_ma = max(self.ceiling_ma, self._most_ma)
            self._settle()

    def quantised(self, ma):
        """`ma` rounded down to what the charger can be told."""
        return words.quantised(ma, self._item)

    def counts(self, ma):
        """`ma` in its limit register's unit."""
        return words.counts(ma, self._item)

    def next(self, ma, now_ms):
        """What to write next so that it draws `ma` at most: LIMIT, PAUSE, RUN or 0 for nothing."""
        ma = self.quantised(ma)
        refresh_ms = self._profile.refresh_ms
        if self._profile.pause:
            old = self.ages.of(_PAUSED, now_ms) >= refresh_ms
            if not ma:
                return PAUSE if self._runs is not False or old else 0
            if self._limit_ma == ma and (not self._runs or old):
                return RUN
        if self._limit_ma == ma:
            return LIMIT if self.ages.of(_WRITTEN, now_ms) >= refresh_ms else 0
        if 0 <= self._limit_ma < ma:
            if self.ages.of(_RAISED, now_ms) < self._profile.raise_ms:
                return 0
        return LIMIT

    def first(self, ma):
        """What to write for `ma` to a charger of which nothing is known."""
        return PAUSE if self._profile.pause and not self.quantised(ma) else LIMIT

    def pdu(self, what, ma):
        """The request for one of the above."""
        low_first = self._profile.low_first
        if what == LIMIT:
            return words.write_pdu(self._item, self.counts(self.quantised(ma)), low_first)
        pause = self._profile.pause
        return words.write_pdu(pause, pause["run"] if what == RUN else pause["stop"], low_first)

    def sending(self, what, ma):
        """It may take this from now on, whether or not it will say so."""
        ma = self.quantised(ma) if what == LIMIT else self._limit_ma if what == RUN else 0
        if ma > self.ceiling_ma and (what == RUN or self._runs is not False):
            self.ceiling_ma = ma
        if what == LIMIT and ma > self._limit_ma:
            self._limit_ma = -1
        elif what == RUN and self._runs is False:
            self._runs = None
        self._settle()

    def done(self, what, ma, now_ms, acknowledged=True):
        """It was told; if nobody acknowledged, it may hold what it did until it is read back."""
        if not acknowledged:
            self._stuck_ma = max(self._stuck_ma, self.ceiling_ma)
        if what == LIMIT:
            ma = self.quantised(ma)
            if ma > self._limit_ma:
                self.ages.begin(_RAISED, now_ms)
            self._limit_ma = ma
            self.ages.begin(_WRITTEN, now_ms)
        else:
            self._runs = what == RUN
            self.ages.begin(_PAUSED, now_ms)
        if self._runs is False:
            self.ceiling_ma = 0
        elif self._limit_ma >= 0:
            self.ceiling_ma = self._limit_ma
        self._settle()

    def check(self, block, data):
        """Compare with what a block of its registers says; forget what is not so."""
        profile = self._profile
        pause = profile.pause
        if pause and self._runs is not None and words.kind(pause) != "coil":
            held = profile.value(pause, block, data)
            if held is not None and (held == pause["run"]) != self._runs:
                self._runs = None
                known_ma = self._limit_ma if self._limit_ma >= 0 else self._most_ma
                self.ceiling_ma = max(self.ceiling_ma, known_ma)
        readback = profile.data.get("readback")
        held = profile.value(readback, block, data) if readback else None
        if held is not None:
            self._read_back(readback, held)
        self._settle()

    def _read_back(self, readback, held):
        held_ma = words.milliamperes(held, readback if words.scaled(readback) else self._item)
        if held_ma > words.ABSURD_MA:
            held_ma = -1  # not available, or another word order
        self._state.held_ma = 0 if self._runs is False else held_ma
        if held_ma < 0:
            return
        told_ma = self._limit_ma
        higher = held_ma > (told_ma if told_ma >= 0 else self.ceiling_ma)
        self._stuck_ma = self._state.held_ma if higher else 0
        self.ceiling_ma = max(self.ceiling_ma, self._stuck_ma)
        if higher or (held_ma != told_ma and not readback.get("at_most")):
            self._limit_ma = -1  # it restarted, or somebody else wrote: tell it again

    def _settle(self):
        if not self._profile.pause or self._runs:
            self.offer_ma = self._limit_ma
        else:
            self.offer_ma = -1 if self._runs is None else 0
        self._state.offer_ma = self.offer_ma
        self._state.ceiling_ma = max(self.ceiling_ma, self._stuck_ma)
