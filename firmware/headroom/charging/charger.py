"""One charger on the line: what it was told, what it answered, and whether it still answers."""

import time

from micropython import const

from .rtu import REFUSED, RtuError

_POLL_MS = const(1000)
_TRIES = const(3)  # failures in a row that make a charger "does not answer"
_FIRST_RETRY_MS = const(500)
_LAST_RETRY_MS = const(8000)


class Charger:
    """Drives one charger by its profile; `state` (ChargerState) is what balancing sees of it.

    Each of `probe`, `write_limit` and `poll` is one visit: it makes its exchanges and notes the
    outcome. Failures never leave as exceptions; they end in `error` and in the counts.
    """

    def __init__(self, name, profile, address, state):
        self.name = name
        self.profile = profile
        self.address = address
        self.state = state
        self.frames_ok = 0
        self.frames_bad = 0
        self.setup_writes = 0
        self.reported_ma = -1
        self.error = ""
        self._ma_per_count = profile.data["limit"]["ma_per_count"]
        self._failures = 0
        self._retry_ms = _FIRST_RETRY_MS
        self._written_ms = time.ticks_ms()
        self._polled_ms = self._written_ms
        self._failed_ms = self._written_ms

    def where(self):
        """Name, family and address, for messages."""
        return "%s (%s at address %d)" % (self.name, self.profile.name, self.address)

    def quantised(self, ma):
        """`ma` rounded down to what the charger can be told."""
        return ma - ma % self._ma_per_count

    def limit_due(self, ma, now_ms):
        """True if `ma` is not what it was last told, or was told too long ago."""
        if self.quantised(ma) != self.state.offer_ma:
            return True
        return time.ticks_diff(now_ms, self._written_ms) >= self.profile.refresh_ms

    def poll_due(self, now_ms):
        return time.ticks_diff(now_ms, self._polled_ms) >= _POLL_MS

    def retry_due(self, now_ms):
        """True unless it failed lately; the wait doubles with each failure once it is offline."""
        if not self._failures:
            return True
        wait_ms = self._retry_ms if self._failures >= _TRIES else self.profile.quiet_ms
        return time.ticks_diff(now_ms, self._failed_ms) >= wait_ms

    async def probe(self, rtu):
        """Ask a charger that is not online for its status, and set it up if it answers."""
        await self._visit(self._probe(rtu))

    async def write_limit(self, rtu, ma, urgent):
        """Tell it what it may draw; an urgent reduction keeps only the 3.5 characters' silence."""
        await self._visit(self._write_limit(rtu, ma, 0 if urgent else self.profile.quiet_ms))

    async def poll(self, rtu):
        """Read its status block."""
        await self._visit(self._poll(rtu))

    def write_now(self, rtu, ma):
        """Blocking and unacknowledged: the last words of a stopping firmware."""
        self._open(rtu)
        time.sleep_ms(self.profile.quiet_ms)  # whatever is on the line may end
        register = self.profile.data["limit"]["register"]
        rtu.write_now(self.address, register, ma // self._ma_per_count)

    async def _visit(self, exchange):
        try:
            await exchange
        except RtuError as error:
            self._failed(error)
            return
        self._failures = 0
        self._retry_ms = _FIRST_RETRY_MS
        self.error = ""

    async def _probe(self, rtu):
        self._open(rtu)
        await self._poll(rtu)
        fine = self.profile.data.get("fine")
        if fine:
            flags = await self._read_optional(rtu, fine["register"])
            if flags is not None and flags & fine["mask"]:
                self._ma_per_count = fine["ma_per_count"]
        for register, value in self.profile.setup_writes(self.state.fallback_ma):
            if await self._read_optional(rtu, register) != value:
                await self._write(rtu, register, value, self.profile.quiet_ms)
                self.setup_writes += 1
        self.state.offer_ma = -1
        self.state.online = True

    async def _write_limit(self, rtu, ma, quiet_ms):
        self._open(rtu)
        counts = ma // self._ma_per_count
        await self._write(rtu, self.profile.data["limit"]["register"], counts, quiet_ms)
        self.state.offer_ma = counts * self._ma_per_count
        self._written_ms = time.ticks_ms()

    async def _poll(self, rtu):
        self._open(rtu)
        self._polled_ms = time.ticks_ms()
        function, register, count = self.profile.registers()
        words = await self._read(rtu, function, register, count)
        value = words[self.profile.data["state"]["offset"]]
        self.state.car = value in self.profile.data["state"]["car"]
        self.state.charging = value in self.profile.data["state"]["charging"]
        self.reported_ma = self.profile.reported_ma(words)
        readback = self.profile.data.get("readback")
        if readback and words[readback["offset"]] * self._ma_per_count != self.state.offer_ma:
            self.state.offer_ma = -1  # it restarted, or somebody else wrote: tell it again

    async def _read_optional(self, rtu, register):
        """A holding register, or None if this charger's firmware won't let it be read."""
        try:
            return (await self._read(rtu, 3, register, 1))[0]
        except RtuError as error:
            if error.kind == REFUSED:
                return None
            raise

    async def _read(self, rtu, function, register, count):
        words = await rtu.read(
            self.address, function, register, count, self.profile.reply_ms, self.profile.quiet_ms
        )
        self.frames_ok += 1
        return words

    async def _write(self, rtu, register, value, quiet_ms):
        await rtu.write(self.address, register, value, self.profile.reply_ms, quiet_ms)
        self.frames_ok += 1

    def _open(self, rtu):
        data = self.profile.data
        rtu.open(data["baud"], data["parity"], data["stop"])

    def _failed(self, error):
        self.frames_bad += 1
        self._failures += 1
        self._failed_ms = time.ticks_ms()
        self.error = str(error)
        if self._failures >= _TRIES:
            self.state.online = False
            self.state.offer_ma = -1
            self._retry_ms = min(2 * self._retry_ms, _LAST_RETRY_MS)
