"""The grid operator's contact: while it asks, no more than so much for all chargers together.

An input with a pull-up reads 1 while the contact is open or its wire is broken. So the wiring that
fails safe is a contact that is closed while all is free; the other is for an operator's box that
has no such contact, and then a broken wire is not seen.

The limit is what may be drawn, so it is reckoned with all that a car may draw of its offer, and
not with what this car has been seen to leave of it.
"""

from micropython import const

from . import request, sharing

_STEADY_MS = const(1000)
_AGAIN_MS = const(1000)  # with each turn of the planner, which frees some and settles at once
_READING_MS = const(250)  # no reading counts for more, whatever held us up before it


class Contact:
    """limit_w for all chargers together, 0 for none; limit_ma for each, 0 for none.

    closed_limits  False: open (or broken) limits; True: closed limits
    limits         it asks, or nobody has heard yet that it doesn't
    limit_w, limit_ma  as given
    """

    def __init__(self, limit_w=4200, limit_ma=0, closed_limits=False):
        if not (1000 <= limit_w <= 100_000 or (limit_w == 0 and limit_ma)):
            raise ValueError(
                "a limit of %s W: 1000 to 100000 for all chargers, or 0 with one in amperes"
                % limit_w
            )
        if limit_ma and not 6000 <= limit_ma <= 80_000:
            raise ValueError(
                "a limit of %d A for each charger: 6 to 80, or 0 for none" % (limit_ma // 1000)
            )
        self.limit_w = limit_w
        self.limit_ma = limit_ma
        self._free_level = 1 if closed_limits else 0
        self._other_ms = 0
        self._left_ms = 0  # until it is asked for again
        self.limits = True

    def tell(self, elapsed_ms, level):
        """The input's level, None where it can't be read; True if `limits` changes with it."""
        limits = level != self._free_level
        if limits == self.limits:
            self._other_ms = 0
            return False
        self._other_ms += min(elapsed_ms, _READING_MS)
        if self._other_ms < _STEADY_MS:
            return False
        self.limits = limits
        self._other_ms = 0
        return True

    def ask(self, plugs, elapsed_ms, grid_w, look):
        """The limit `grid contact` of each plug, once a second."""
        self._left_ms -= elapsed_ms
        if self._left_ms > 0:
            return
        self._left_ms = _AGAIN_MS
        if self.limits and self.limit_w:
            sharing.take_part(plugs, request.BY_CONTACT)
            sharing.divide(self.limit_w, plugs, False)
        for plug in plugs:
            if not self.limits:
                plug.request.free(request.BY_CONTACT)
                continue
            ma = self.limit_ma or request.NO_LIMIT_MA
            if self.limit_w:
                ma = min(ma, self._share_ma(plug))
            plug.request.ask(request.BY_CONTACT, ma, request.CONTACT_LIMITS)

    def _share_ma(self, plug):
        """Its part; who takes no part could have all, who has less than it needs has nothing."""
        watts = plug.share_w if plug.want_w else self.limit_w
        return plug.steps(plug.full_ma(watts)) if watts >= plug.need_w else 0
