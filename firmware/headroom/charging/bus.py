"""Who is next on the line: urgent reductions, then keep-alive, limits, status polls, and a guest.

Keep-alive: as long as the measurement is fresh every charger is polled and its limit refreshed.
When it is not, a charger gets its fallback once and then nothing more, so that its own watchdog
acts as well. One that has none is looked at all the same: it may restart to its maximum.

A relay needs no turn: `switch` tells it at once, whoever is on the line.
"""

from micropython import const

NO_CAP = const(1 << 28)
_LOOKS = const(4)  # how many chargers one turn looks at: 25 would hold the loop for milliseconds


class Bus:
    """Serves `chargers` from `allocations` (same order).

    failsafe   every charger gets its fallback at most, whatever is allocated, and is kept alive:
               its own watchdog could give a paused one more than that
    silent     the firmware ends: each is told once, then its own watchdog acts as well
    caps_ma    per charger: it gets that at most. Both can only lower what it is told
    guest      None, or who uses the line when no charger needs it: `await guest.turn(rtu)` is one
               exchange at most, and False if it has nothing to do
    """

    def __init__(self, rtu, chargers, allocations):
        self.rtu = rtu
        self.chargers = chargers
        self._allocations = allocations
        self._last = self._looked = 0
        self._lined = [i for i in range(len(chargers)) if chargers[i].address]
        self._relays = [i for i in range(len(chargers)) if not chargers[i].address]
        self._broadcasts = _group(chargers)
        self.failsafe = False
        self.silent = False
        self.caps_ma = [NO_CAP] * len(chargers)
        self.guest = None

    def switch(self):
        """Tell every relay what it may: after each decision, and after the supervisor's round."""
        for i in self._relays:
            self.chargers[i].switch(self._target_ma(i) if self._told(i) else 0)

    def last_words(self):
        """Before a stop: tell every charger its fallback, twice, blocking, whatever it replies.

        What fails for one ends no other's: a list of (charger, exception) comes back.
        """
        self.failsafe = True
        failures = []
        for _ in range(2):
            for i, charger in enumerate(self.chargers):
                try:
                    self._last_word(i, charger)
                except Exception as error:  # noqa: BLE001  the others must be told
                    failures.append((charger, error))
        return failures

    def _last_word(self, i, charger):
        shared = self._broadcasts[i]
        if not shared:
            charger.write_now(self.rtu, self._target_ma(i))
        elif shared.members[0][0] == i:
            shared.write_now(self.rtu, self._targets_ma(shared))

    async def turn(self, now_ms):
        """One visit to whoever needs it most; False if nobody does."""
        silent_ms = self.rtu.silent_ms(now_ms)
        count = len(self._lined)
        if count:
            self._looked = (self._looked + 1) % count
            self.chargers[self._lined[self._looked]].look(now_ms)
        i = self._most_urgent(now_ms)
        if i >= 0:
            await self._contain(i, self._write(i, True))
            return True
        for _ in range(min(count, _LOOKS)):
            last = (self._last + 1) % count
            i = self._lined[last]
            charger = self.chargers[i]
            visit = self._visit(i, now_ms) if charger.retry_due(now_ms) else None
            if visit and silent_ms < charger.profile.quiet_ms:
                return False  # look again soon: an urgent reduction needn't wait for that
            self._last = last
            if visit:
                await self._contain(i, visit(i))
                return True
        return bool(self.guest) and await self.guest.turn(self.rtu)

    async def _contain(self, i, visit):
        """What one charger's profile raises ends the service of no other."""
        try:
            await visit
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001
            self.chargers[i].broken(error)

    def _visit(self, i, now_ms):
        try:
            return self._due(i, now_ms)
        except Exception as error:  # noqa: BLE001
            self.chargers[i].broken(error)
            return None

    def _most_urgent(self, now_ms):
        """The charger that may be drawing most above what it is allowed, -1 if none does."""
        found, most_ma = -1, 0
        for i in self._lined:
            charger = self.chargers[i]
            excess_ma = charger.limit.ceiling_ma - self._target_ma(i)
            if excess_ma > most_ma and self._told(i) and self._hears(i, now_ms):
                found, most_ma = i, excess_ma
        return found

    def _hears(self, i, now_ms):
        """Whether a reduction may reach it now, and hasn't."""
        charger = self.chargers[i]
        if charger.state.online:
            return not charger.in_doubt and charger.retry_due(now_ms)
        shared = self._broadcasts[i]
        return bool(shared) and shared.owes(i, self._target_ma(i))

    def _due(self, i, now_ms):
        """What charger `i` needs now: a visit, None if nothing."""
        charger = self.chargers[i]
        told = self._told(i)
        if charger.in_doubt and charger.state.online:
            return self._poll
        if told and (self.silent or not self._allocations[i].fresh):
            if charger.limit.quantised(self._target_ma(i)) != charger.limit.offer_ma:
                if self._broadcasts[i] and not charger.state.online:
                    return None  # to talk to it would keep the others alive
                return self._write
            if self.silent or charger.profile.failsafe:
                return None  # it knows; silence lets its own watchdog run
        if not charger.state.online:
            return self._probe
        if charger.token_due(now_ms):
            return self._keep_alive
        if told and charger.limit_due(self._target_ma(i), now_ms):
            return self._write
        if charger.verify_due(now_ms):
            return self._verify
        return self._poll if charger.poll_due(now_ms) else None

    async def _probe(self, i):
        await self.chargers[i].probe(self.rtu, self._target_ma(i))

    async def _keep_alive(self, i):
        await self.chargers[i].keep_alive(self.rtu)

    async def _poll(self, i):
        await self.chargers[i].poll(self.rtu)

    async def _verify(self, i):
        await self.chargers[i].verify(self.rtu)

    async def _write(self, i, urgent=False):
        shared = self._broadcasts[i]
        if shared:
            await shared.write(self.rtu, self._targets_ma(shared), urgent)
        else:
            await self.chargers[i].write_limit(self.rtu, self._target_ma(i), urgent)

    def _target_ma(self, i):
        ma = min(self._allocations[i].allowed_ma, self.caps_ma[i])
        return min(ma, self.chargers[i].state.fallback_ma) if self.failsafe else ma

    def _targets_ma(self, shared):
        return [self._target_ma(place) if self._told(place) else 0 for place, _ in shared.members]

    def _told(self, i):
        """True once there is something to tell: the controller decided, or the supervisor did."""
        return self._allocations[i].ready or self.failsafe


def _group(chargers):
    """For each charger the Broadcast that it shares, or None."""
    made = []
    found = []
    for place, charger in enumerate(chargers):
        shared = None
        if charger.address and charger.profile.slots:
            from .broadcast import Broadcast  # in memory only where it is used

            for known in made:
                if known.accepts(charger):
                    shared = known
            if not shared:
                shared = Broadcast(charger.profile)
                made.append(shared)
            shared.members.append((place, charger))
        found.append(shared)
    return found
