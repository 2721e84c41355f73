"""What is told of the grid operator's contact: each change, with what flowed before and after.

In memory only where there is one. An event of each change at once, with the time and what the
chargers drew until then; another half a minute later, when they have followed.
"""

from micropython import const

_FOLLOWED_S = const(30)
_FIRST_S = const(3)  # after a start it is steady by then


class ContactNews:
    """planning  app/planning.py, which has a contact"""

    def __init__(self, planning):
        self._planning = planning
        self._limits = False
        self._wait_s = _FIRST_S  # until it is looked at for the first time
        self._follows_s = 0
        self._look()

    def now(self):
        """Its state in a word, and what it allows the chargers while it limits."""
        contact = self._planning.contact
        return {
            "limits": contact.limits,
            "limit_w": contact.limit_w or None,
            "limit_ma": contact.limit_ma,
        }

    def news(self):
        """Once a second: an event, "" if nothing has changed."""
        text = ""
        limits = self._planning.contact.limits
        self._wait_s = max(0, self._wait_s - 1)
        if limits != self._limits and not self._wait_s:
            self._limits = limits
            self._follows_s = _FOLLOWED_S
            text = "grid contact %s: %s before" % (self._what(), self._flowed())
        elif self._follows_s:
            self._follows_s -= 1
            if not self._follows_s:
                self._look()
                text = "grid contact, %d s later: %s" % (_FOLLOWED_S, self._flowed())
        self._look()
        return text and (self._planning.time() or "time unknown") + " " + text

    def _what(self):
        contact = self._planning.contact
        if not contact.limits:
            return "free"
        limits = []
        if contact.limit_w:
            limits.append("%d W for all" % contact.limit_w)
        if contact.limit_ma:
            limits.append("%d A for each" % (contact.limit_ma // 1000))
        return "limits to " + " and ".join(limits)

    def _look(self):
        self._cars_w = 0
        for plug in self._planning.plugs:
            self._cars_w += plug.watts
        self._grid_w = self._planning.grid.watts

    def _flowed(self):
        grid = "unknown" if self._grid_w is None else "%d W" % self._grid_w
        return "cars %d W, grid %s" % (self._cars_w, grid)
