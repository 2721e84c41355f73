"""Who is next on the line: urgent reductions, then the other limits, then status polls.

Keep-alive: as long as the measurement is fresh every charger is polled and its limit refreshed.
When it is not, a charger gets its fallback once and then nothing more, so that its own watchdog
acts as well.
"""


class Bus:
    """Serves `chargers` from `allocations` (same order); `failsafe` overrides them all."""

    def __init__(self, rtu, chargers, allocations):
        self._rtu = rtu
        self.chargers = chargers
        self._allocations = allocations
        self._last = 0
        self.failsafe = False

    def last_words(self):
        """Before a stop: tell every charger its fallback, twice, blocking, whatever it replies."""
        self.failsafe = True
        for _ in range(2):
            for i in range(len(self.chargers)):
                self.chargers[i].write_now(self._rtu, self._target_ma(i))

    def _target_ma(self, i):
        if self.failsafe:
            return min(self._allocations[i].ma, self.chargers[i].state.fallback_ma)
        return self._allocations[i].ma

    async def turn(self, now_ms):
        """One visit to whoever needs it most; False if nobody does."""
        for i in range(len(self.chargers)):
            charger = self.chargers[i]
            if self._told(i) and self._target_ma(i) < charger.state.offer_ma:
                if charger.retry_due(now_ms):
                    await charger.write_limit(self._rtu, self._target_ma(i), True)
                    return True
        count = len(self.chargers)
        for step in range(1, count + 1):
            i = (self._last + step) % count
            if self.chargers[i].retry_due(now_ms) and await self._serve(i, now_ms):
                self._last = i
                return True
        return False

    async def _serve(self, i, now_ms):
        charger = self.chargers[i]
        fresh = self._allocations[i].fresh and not self.failsafe
        told = self._told(i)
        if told and not fresh:
            if charger.quantised(self._target_ma(i)) == charger.state.offer_ma:
                return False  # it knows; silence lets its own watchdog run
            await charger.write_limit(self._rtu, self._target_ma(i), False)
        elif not charger.state.online:
            await charger.probe(self._rtu)
        elif told and charger.limit_due(self._target_ma(i), now_ms):
            await charger.write_limit(self._rtu, self._target_ma(i), False)
        elif charger.poll_due(now_ms):
            await charger.poll(self._rtu)
        else:
            return False
        return True

    def _told(self, i):
        """True once there is something to tell: the controller decided, or the supervisor did."""
        return self._allocations[i].ready or self.failsafe
