"""Chargers that take their limits from one broadcast: a slot each, nobody acknowledges."""

import time

from . import words
from .limit import LIMIT


class Broadcast:
    """The members of one broadcast, as (place among all chargers, charger).

    A member that does not answer may still listen. It is told less, once for each reduction: with
    more its own watchdog would never act.
    """

    def __init__(self, profile):
        self._profile = profile
        self._sent_ma = {}  # by place: what it got last
        self.members = []

    def accepts(self, charger):
        """Whether that charger listens to this broadcast."""
        return charger.profile.slots == self._profile.slots

    def owes(self, place, ma):
        """Whether that member was last sent more than `ma`."""
        return self._sent_ma.get(place, ma + 1) > ma

    def pdu(self, targets_ma):
        """The request with every member's current; `targets_ma` in the order of `members`."""
        slots = self._profile.slots
        values = [0] * slots["count"]
        for (_, charger), ma in zip(self.members, targets_ma):
            values[charger.address - slots["first_address"]] = charger.limit.counts(ma)
        return words.write_many(self._profile.limit["register"], values)

    async def write(self, rtu, targets_ma, urgent):
        """Send it; each member then waits to be read back."""
        first = self.members[0][1]
        rtu.open(*first.line)
        for (_, charger), ma in zip(self.members, targets_ma):
            charger.limit.sending(LIMIT, ma)
        quiet_ms = 0 if urgent else self._profile.quiet_ms
        await rtu.broadcast(self._profile.slots["unit"], self.pdu(targets_ma), quiet_ms)
        now_ms = time.ticks_ms()
        for (place, charger), ma in zip(self.members, targets_ma):
            self._sent_ma[place] = ma
            charger.broadcast_done(ma, now_ms)

    def write_now(self, rtu, targets_ma):
        """Blocking: the last words of a stopping firmware."""
        rtu.open(*self.members[0][1].line)
        time.sleep_ms(self._profile.quiet_ms)
        rtu.send_now(self._profile.slots["unit"], self.pdu(targets_ma))
