"""Mean import of each window of the clock never above the cap: what is left of it, evenly.

`credit` is what the cap allowed since the window began, less what was imported. The cars may have

    cap + (credit - reserve) / time left - house

where the reserve is what they draw in the ten seconds that they may need to fall: so the house may
surprise them at the window's end. In its last seconds they are told no more than the cap, for what
they draw then the next window begins with. One surprise is left, of what they draw in these
seconds: by a house that jumps in a window's first minute and takes the cap from there to its end.

The minimum is held while the credit lasts, so a house that draws more for a while costs no pause.
Else a car pauses, until room for its minimum in every window, not only in the rest of this one,
has lasted for a minute, and its rest (rest.py).

With an unknown clock the window may be any. The cars may have 15/16 of the cap less the house at
every moment; what is not used is credit, 1/16 of a window's energy at the most, for the
reserve and for holding the minimum only. Who lives on that has no more than the cap in any window
so long, but for what the house alone draws above 15/16 of it.

A clock that is found, jumps or is put back is in the midst of a window: what was imported in that
is known minute by minute. It leaves a debt, but no credit.

What is fed in counts as nothing: meters don't take it off. Power that is not known counts as the
cap; after a minute of it the cars pause.
"""

from array import array

from micropython import const

from . import request, sharing
from .power import LOOK_MS
from .rest import Rest

MINUTES = (15, 30, 60)
_LEAST_W = const(1000)
_MOST_W = const(100_000)
_FALL_S = const(10)
_LAST_S = const(15)  # told now, it is drawn in the next window too
_JUMP_S = const(5)
_BAND_W = const(120)  # less is not worth a write
_ROOM_MS = const(60_000)
_BEGIN_MA = const(500)
_MINUTE_TENTHS = const(600)


class Capped:
    """One charger under the cap: it runs until its minimum no longer fits (plug.capped)."""

    def __init__(self):
        self.runs = True
        self.room_ms = 0
        self.rest = Rest()


class DemandCap:
    """cap_w for the mean import over each window of so many `minutes`; power: see power.py.

    total_w    what all cars together may draw; reason: why
    credit_ws  watt-seconds that were allowed and not imported since the window began
    """

    def __init__(self, power, calendar, cap_w, minutes):
        if minutes not in MINUTES:
            raise ValueError("a window of %s minutes: 15, 30 or 60" % minutes)
        if not _LEAST_W <= cap_w <= _MOST_W:
            raise ValueError("a cap of %s W: %d to %d" % (cap_w, _LEAST_W, _MOST_W))
        self._power = power
        self._calendar = calendar
        self._cap_w = cap_w
        self._window_s = minutes * 60
        self._at_s = -1  # where in its window the clock is, -1 unknown
        self._ms = self._part_ws = 0
        self._minutes = array("i", [0] * minutes)  # of each: see _spared_ws; the cap until now
        self._minute = self._minute_tenths = self._minute_ws = 0
        self._looked = False
        self.total_w = 0
        self.reason = request.CAP_SHARES
        self.credit_ws = 0

    def ask(self, plugs, elapsed_ms, grid_w, look):
        """The limit `demand cap` of each plug: with each look."""
        self._place()
        self._count(self._cap_w if grid_w is None else max(0, grid_w), elapsed_ms)
        if not look:
            if not self._looked:  # nothing is known yet
                for plug in plugs:
                    plug.request.ask(request.BY_CAP, 0, request.CAP_BLIND)
            return
        self._looked = True
        sharing.take_part(plugs, request.BY_CAP)
        minimum_w = 0
        for plug in plugs:
            plug.runs = plug.capped.runs
            if plug.runs:
                minimum_w += plug.need_w
            else:
                plug.want_w = 0
        house_w = self._power.grid_w - self._power.cars_w
        self._total(house_w, minimum_w)
        sharing.divide(self.total_w, plugs, False)
        lasting_w = min(self.total_w, self._rate_w() - house_w)
        for plug in plugs:
            self._ask(plug, lasting_w - minimum_w)

    def _total(self, house_w, minimum_w):
        """What all cars may have. minimum_w: of those that run."""
        if self._power.lost:
            self.total_w = 0
            self.reason = request.CAP_BLIND
            return
        fits_w = max(0, self._even_w() - house_w)
        self.reason = request.CAP_SHARES
        if fits_w < minimum_w:
            self.reason = request.CAP_PAUSES
            if self.credit_ws >= minimum_w * _FALL_S:
                self.reason = request.CAP_HOLDS
                fits_w = minimum_w
        elif -_BAND_W < fits_w - self.total_w < 2 * _BAND_W and self.total_w >= minimum_w:
            return
        self.total_w = fits_w

    def _ask(self, plug, spare_w):
        """One charger's. spare_w: beside the minimums of those that run, in every window."""
        capped = plug.capped
        rest_ms = capped.rest.left_ms(LOOK_MS)
        if not plug.state.car:
            capped.runs = True
            capped.rest.begin_anew()
        elif capped.runs:
            if plug.share_w < plug.need_w:
                capped.runs = False
                capped.rest.stop()
            capped.room_ms = 0
        else:
            room = self._power.good and spare_w >= plug.need_w + plug.power(_BEGIN_MA) > 0
            capped.room_ms = capped.room_ms + LOOK_MS if room else 0
            if capped.room_ms >= _ROOM_MS and not rest_ms:
                capped.runs = True
                plug.want_w = plug.share_w = plug.need_w
        if capped.runs:
            ma = sharing.bound_ma(plug, self.total_w)
            plug.request.ask(request.BY_CAP, ma, self.reason)
        else:
            wait_ms = max(rest_ms, _ROOM_MS - capped.room_ms)
            reason = request.CAP_BLIND if self._power.lost else request.CAP_PAUSES
            plug.request.ask(request.BY_CAP, 0, reason, wait_ms)

    def _place(self):
        """Find the clock in its window; a new one begins with no credit and no debt."""
        if not self._calendar.known:
            if self._at_s >= 0:
                self.credit_ws = min(0, self.credit_ws)
            self._at_s = -1
            self.credit_ws = min(self.credit_ws, self._cap_w * self._window_s // 16)
            return
        at_s = self._calendar.second % self._window_s
        if self._at_s < 0 or (at_s - self._at_s) % self._window_s > _JUMP_S:
            self.credit_ws = min(0, self._spared_ws(at_s))
        elif at_s < self._at_s:
            self.credit_ws = 0
        self._at_s = at_s

    def _count(self, import_w, elapsed_ms):
        """Credit grows by what is allowed, and shrinks by what is imported."""
        self._ms += elapsed_ms
        tenths = self._ms // 100
        self._ms -= tenths * 100
        self._part_ws += (self._rate_w() - import_w) * tenths  # in tenths of it
        debt_ws = self._cap_w * self._window_s  # more is a window ago
        self.credit_ws = max(-debt_ws, self.credit_ws + self._part_ws // 10)
        self._part_ws %= 10
        self._minute_ws += (self._cap_w - import_w) * tenths // 10
        self._minute_tenths += tenths
        if self._minute_tenths >= _MINUTE_TENTHS:
            self._minutes[self._minute] = self._minute_ws
            self._minute = (self._minute + 1) % len(self._minutes)
            self._minute_tenths = self._minute_ws = 0

    def _spared_ws(self, seconds):
        """What the cap allowed in the last so many seconds, less what was imported."""
        debt_ws = self._cap_w * self._window_s
        spared_ws = self._minute_ws
        left_s = seconds - self._minute_tenths // 10
        minute = self._minute
        while left_s > 0:
            minute = (minute - 1) % len(self._minutes)
            spared_ws += self._minutes[minute] // 60 * min(60, left_s)
            spared_ws = max(-debt_ws, spared_ws)
            left_s -= 60
        return spared_ws

    def _rate_w(self):
        return self._cap_w if self._at_s >= 0 else self._cap_w * 15 // 16

    def _even_w(self):
        """What may be imported from now on, evenly, the cars included."""
        spare_ws = self.credit_ws - self._power.cars_w * _FALL_S
        if self._at_s < 0:
            return self._rate_w() + min(0, spare_ws) // 60
        left_s = self._window_s - self._at_s
        if left_s <= _LAST_S:
            spare_ws = min(0, spare_ws)
        return self._cap_w + spare_ws // max(_FALL_S, left_s)
