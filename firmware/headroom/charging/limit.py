"""What a charger has been told, what it may hold at worst, and what to write next.

A charger pauses by a limit of 0, or by a register of its own (`pause` in the profile). Only what
it acknowledged counts as told; a raise that was sent and not acknowledged may have been taken.
"""

import time

from micropython import const

from . import words

LIMIT = const(1)
PAUSE = const(2)
RUN = const(3)


class Limit:
    """The limit and pause registers of one charger.

    offer_ma    the last current that it acknowledged, 0 while paused, -1 if not known
    ceiling_ma  the most that it may hold: what was acknowledged, or sent since, or anything
    """

    def __init__(self, profile):
        self._profile = profile
        self._item = profile.limit
        self._limit_ma = -1
        self._runs = None  # whether its pause register lets it run; None: not known
        self.offer_ma = -1
        self.ceiling_ma = profile.max_ma
        self._written_ms = self._paused_ms = self._raised_ms = time.ticks_ms()

    def refine(self, ma_per_count):
        """It counts in these steps, whatever its profile says."""
        self._item = dict(self._profile.limit)
        self._item["ma_per_count"] = ma_per_count

    def forget(self):
        """Nothing is known of it any more, nor that it counts in finer steps."""
        self._item = self._profile.limit
        self._limit_ma, self._runs, self.offer_ma = -1, None, -1
        self.ceiling_ma = self._profile.max_ma

    def quantised(self, ma):
        """`ma` rounded down to what the charger can be told."""
        ma -= ma % self._item.get("step_ma", 1)
        if words.kind(self._item) == "f32":
            return ma
        return words.milliamperes(words.counts(ma, self._item), self._item)

    def counts(self, ma):
        """`ma` in its limit register's unit."""
        return words.counts(ma, self._item)

    def next(self, ma, now_ms):
        """What to write next so that it draws `ma` at most: LIMIT, PAUSE, RUN or 0 for nothing."""
        ma = self.quantised(ma)
        refresh_ms = self._profile.refresh_ms
        if self._profile.pause:
            old = time.ticks_diff(now_ms, self._paused_ms) >= refresh_ms
            if not ma:
                return PAUSE if self._runs is not False or old else 0
            if self._limit_ma == ma and (not self._runs or old):
                return RUN
        if self._limit_ma == ma:
            return LIMIT if time.ticks_diff(now_ms, self._written_ms) >= refresh_ms else 0
        if 0 <= self._limit_ma < ma:
            if time.ticks_diff(now_ms, self._raised_ms) < self._profile.raise_ms:
                return 0
        return LIMIT

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
        if ma > self.ceiling_ma:
            self.ceiling_ma = ma
        if what == LIMIT and ma > self._limit_ma:
            self._limit_ma = -1
            self._settle()
        elif what != LIMIT and self._runs is not None and self._runs != (what == RUN):
            if what == RUN:
                self._runs = None
                self._settle()

    def done(self, what, ma, now_ms):
        """It acknowledged."""
        if what == LIMIT:
            ma = self.quantised(ma)
            if ma > self._limit_ma:
                self._raised_ms = now_ms
            self._limit_ma = ma
            self._written_ms = now_ms
        else:
            self._runs = what == RUN
            self._paused_ms = now_ms
        self._settle()
        if self.offer_ma >= 0:
            self.ceiling_ma = self.offer_ma

    def check(self, block, data):
        """Compare with what a block of its registers says; forget what is not so."""
        profile = self._profile
        readback = profile.data.get("readback")
        held = profile.value(readback, block, data) if readback else None
        if held is not None and self._limit_ma >= 0:
            held_ma = words.milliamperes(
                held, readback if "ma_per_count" in readback else self._item
            )
            higher = held_ma > self._limit_ma
            if higher or (held_ma != self._limit_ma and not readback.get("at_most")):
                self._limit_ma = -1  # it restarted, or somebody else wrote: tell it again
                self.ceiling_ma = max(self.ceiling_ma, held_ma)
                self._settle()
        pause = profile.pause
        if pause and self._runs is not None and words.kind(pause) != "coil":
            held = profile.value(pause, block, data)
            if held is not None and (held == pause["run"]) != self._runs:
                self._runs = None
                self.ceiling_ma = max(self.ceiling_ma, self._limit_ma)
                self._settle()

    def _settle(self):
        if not self._profile.pause or self._runs:
            self.offer_ma = self._limit_ma
        else:
            self.offer_ma = -1 if self._runs is None else 0
