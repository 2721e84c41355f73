"""What a charger has been told, what it may hold at worst, and what to write next.

A charger pauses by a limit of 0, or by a register of its own (`pause` in the profile). Only what
it acknowledged counts as told; a raise that was sent and not acknowledged may have been taken.
While it does not answer nothing that it may hold is forgotten, and its failsafe comes on top.

    limit   what its limit register was told, or NOT_KNOWN
    run     what its pause register was told: RUNS, STOPPED, or IN_DOUBT. RUNS if it has none

    event                              limit        run        it may hold
    a raise goes out                   NOT_KNOWN    -          that, or what it did
    a cut goes out                     -            -          what it did
    "run" goes out to a stopped one    -            IN_DOUBT   its limit
    it acknowledges                    as told      as told    that
    it is read to hold more            NOT_KNOWN    -          that, until it is read to hold less
    it is read to hold less            NOT_KNOWN    -          what it did
    it is read to run, or not          -            IN_DOUBT   its limit
    it does not answer                 NOT_KNOWN    IN_DOUBT   what it did, or its failsafe's
    it answers again                   -            -          anything, until it is told
"""

from micropython import const

from . import words
from .ages import Ages

LIMIT = const(1)
PAUSE = const(2)
RUN = const(3)
NOT_KNOWN = const(-1)
RUNS = const(1)
STOPPED = const(0)
IN_DOUBT = const(2)
_WRITTEN = const(0)  # ages
_PAUSED = const(1)
_RAISED = const(2)


class Limit:
    """The limit and pause registers of one charger; `state` (ChargerState) is kept up to date.

    offer_ma    the last current that it acknowledged, 0 while paused, or NOT_KNOWN
    ceiling_ma  the most that it may hold by what it was told: what it acknowledged, or was sent
                since, or anything as long as nothing was ever acknowledged
    """

    def __init__(self, profile, state, now_ms):
        self._profile = profile
        self._state = state
        self._item = profile.limit
        self._at_loss = IN_DOUBT if profile.pause else RUNS
        self._limit_ma = NOT_KNOWN
        self._run = self._at_loss
        self._stuck_ma = 0  # it may hold that though it was told less: as its registers say
        self._most_ma = min(profile.max_ma, state.circuit_ma)
        self.offer_ma = NOT_KNOWN
        self.ceiling_ma = self._most_ma
        self.ages = Ages(3, now_ms)
        self._settle()

    def refine(self, ma_per_count):
        """It counts in these steps, whatever its profile says."""
        self._item = dict(self._profile.limit)
        self._item["ma_per_count"] = ma_per_count

    def lost(self, failsafe_ma):
        """It does not answer: it may hold all that it did, or what its failsafe gives it.

        NOT_KNOWN for a failsafe that nobody proved. That it counts in finer steps is forgotten.
        """
        self._item = self._profile.limit
        if failsafe_ma == NOT_KNOWN:
            failsafe_ma = self._most_ma
        self.ceiling_ma = max(self.ceiling_ma, self._stuck_ma, failsafe_ma)
        self._limit_ma, self._run, self._stuck_ma = NOT_KNOWN, self._at_loss, 0
        self._state.held_ma = NOT_KNOWN
        self._settle()

    def found(self):
        """It answers again: until it is told it may hold anything, for it may have restarted."""
        if self._limit_ma == NOT_KNOWN and self._run != STOPPED:
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
                return PAUSE if self._run != STOPPED or old else 0
            if self._limit_ma == ma and (self._run != RUNS or old):
                return RUN
        if self._limit_ma == ma:
            return LIMIT if self.ages.of(_WRITTEN, now_ms) >= refresh_ms else 0
        if NOT_KNOWN < self._limit_ma < ma:
            if self.ages.of(_RAISED, now_ms) < self._profile.raise_ms:
                return 0
        return LIMIT

    def first(self, ma):
        """What to write for `ma` to a charger of which nothing is known."""
        return PAUSE if self._profile.pause and not self.quantised(ma) else LIMIT

    def last_words(self, ma):
        """The requests by which a stopping firmware leaves it at `ma`."""
        first = self.first(ma)
        yield self.pdu(first, ma)
        if first == LIMIT and self._profile.pause:
            yield self.pdu(RUN, ma)

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
        if ma > self.ceiling_ma and (what == RUN or self._run != STOPPED):
            self.ceiling_ma = ma
        if what == LIMIT and ma > self._limit_ma:
            self._limit_ma = NOT_KNOWN
        elif what == RUN and self._run == STOPPED:
            self._run = IN_DOUBT
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
            self._run = RUNS if what == RUN else STOPPED
            self.ages.begin(_PAUSED, now_ms)
        if self._run == STOPPED:
            self.ceiling_ma = 0
        elif self._limit_ma != NOT_KNOWN:
            self.ceiling_ma = self._limit_ma
        self._settle()

    def check(self, block, data):
        """Compare with what a block of its registers says; forget what is not so."""
        profile = self._profile
        pause = profile.pause
        if pause and self._run != IN_DOUBT and words.kind(pause) != "coil":
            held = profile.value(pause, block, data)
            if held is not None and (held == pause["run"]) != (self._run == RUNS):
                self._run = IN_DOUBT
                known_ma = self._most_ma if self._limit_ma == NOT_KNOWN else self._limit_ma
                self.ceiling_ma = max(self.ceiling_ma, known_ma)
        readback = profile.data.get("readback")
        held = profile.value(readback, block, data) if readback else None
        if held is not None:
            self._read_back(readback, held)
        self._settle()

    def _read_back(self, readback, held):
        held_ma = words.milliamperes(held, readback if words.scaled(readback) else self._item)
        if held_ma > words.ABSURD_MA:
            held_ma = NOT_KNOWN  # not available, or another word order
        self._state.held_ma = 0 if self._run == STOPPED else held_ma
        if held_ma == NOT_KNOWN:
            return
        told_ma = self._limit_ma
        higher = held_ma > (self.ceiling_ma if told_ma == NOT_KNOWN else told_ma)
        self._stuck_ma = self._state.held_ma if higher else 0
        self.ceiling_ma = max(self.ceiling_ma, self._stuck_ma)
        if higher or (held_ma != told_ma and not readback.get("at_most")):
            self._limit_ma = NOT_KNOWN  # it restarted, or somebody else wrote: tell it again

    def _settle(self):
        self.offer_ma = NOT_KNOWN
        if self._run == STOPPED:
            self.offer_ma = 0
        elif self._run == RUNS:
            self.offer_ma = self._limit_ma
        self._state.offer_ma = self.offer_ma
        self._state.ceiling_ma = max(self.ceiling_ma, self._stuck_ma)
