"""Chargers that take their limits from one broadcast: a slot each, nobody acknowledges."""

import time

from . import words
from .limit import LIMIT


class Broadcast:
    """The members of one broadcast, as (place among all chargers, charger)."""

    def __init__(self, profile):
        self._profile = profile
        self.members = []

    def accepts(self, charger):
        """Whether that charger listens to this broadcast."""
        return charger.profile.slots == self._profile.slots

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
        for (_, charger), ma in zip(self.members, targets_ma):
            charger.broadcast_done(ma, now_ms)

    def write_now(self, rtu, targets_ma):
        """Blocking: the last words of a stopping firmware."""
        rtu.open(*self.members[0][1].line)
        time.sleep_ms(self._profile.quiet_ms)
        rtu.send_now(self._profile.slots["unit"], self.pdu(targets_ma))
