"""The grid operator's contact: while it asks, no more than so much for all chargers together.

An input with a pull-up reads 1 while the contact is open or its wire is broken. So the wiring that
fails safe is a contact that is closed while all is free; the other is for an operator's box that
has no such contact, and then a broken wire is not seen.
"""

from micropython import const

from . import request, sharing

_STEADY_MS = const(1000)


class Contact:
    """limit_w for all chargers together, 0 for none; limit_ma for each, 0 for none.

    closed_limits  False: open (or broken) limits; True: closed limits
    limits         it asks, or nobody has heard yet that it doesn't
    """

    def __init__(self, limit_w=4200, limit_ma=0, closed_limits=False):
        if not (1000 <= limit_w <= 100_000 or (limit_w == 0 and limit_ma)):
            raise ValueError("a limit of %s W: 1000 to 100000, 0 with one in amperes" % limit_w)
        if limit_ma and not 6000 <= limit_ma <= 80_000:
            raise ValueError("a limit of %s mA: 6000 to 80000, or 0" % limit_ma)
        self._limit_w = limit_w
        self._limit_ma = limit_ma or request.NO_LIMIT_MA
        self._free_level = 1 if closed_limits else 0
        self._other_ms = 0
        self._asked = False
        self.limits = True

    def tell(self, elapsed_ms, level):
        """The input's level, None where it can't be read; True if `limits` changes with it."""
        limits = level != self._free_level
        if limits == self.limits:
            self._other_ms = 0
            return False
        self._other_ms += elapsed_ms
        if self._other_ms < _STEADY_MS:
            return False
        self.limits = limits
        self._other_ms = 0
        self._asked = False
        return True

    def ask(self, plugs, elapsed_ms, grid_w, look):
        """The limit `grid contact` of each plug: at once when it changes, and with each look."""
        if self._asked and not look:
            return
        self._asked = True
        if self.limits and self._limit_w:
            sharing.take_part(plugs, request.BY_CONTACT)
            sharing.divide(self._limit_w, plugs, False)
        for plug in plugs:
            if not self.limits:
                plug.request.free(request.BY_CONTACT)
                continue
            ma = self._limit_ma
            if self._limit_w:
                ma = min(ma, sharing.bound_ma(plug, self._limit_w))
            plug.request.ask(request.BY_CONTACT, ma, request.CONTACT_LIMITS)
