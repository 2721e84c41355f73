"""One charger on the line: its visits, its set-up, and whether it still answers."""

import time

from micropython import const

from . import limit, words
from .ages import Ages
from .answers import Answers
from .commission import PROVEN, UNPROVEN, Commissioning
from .rtu import DAMAGED, DIFFERENT, REFUSED, SILENT, RtuError

_POLL_MS = const(1000)
_TRIES = const(3)  # failures in a row that make a charger "does not answer"
_FIRST_RETRY_MS = const(500)
_UNSAFE_RETRY_MS = const(2000)  # the longest while it may still draw what it was told last
_LAST_RETRY_MS = const(8000)
_TOKEN = const(0)  # ages
_POLLED = const(1)
_FAILED = const(2)
_ANSWERED = const(3)
_TELL = const(1)  # steps of the set-up: its limit goes out,
_LOOK = const(2)  # its first block is read


class Charger:
    """Drives one charger by its profile; `state` (ChargerState) is what balancing sees of it.

    Each of `probe`, `write_limit`, `keep_alive` and `poll` is one visit: one exchange at most, and
    its outcome noted. Failures never leave as exceptions; they end in `error` and in `faults`.
    `line` is (baud, parity, stop) where it differs from the profile's.
    """

    def __init__(self, name, profile, address, state, line=None):
        self.name = name
        self.profile = profile
        self.address = address
        self.state = state
        self.line = line or profile.line()
        self.limit = limit.Limit(profile, state, time.ticks_ms())
        self.answers = Answers(profile, state)
        self.setup = Commissioning(profile, state.fallback_ma)
        self.frames_ok = 0
        self.frames_bad = 0
        self.faults = {SILENT: 0, DAMAGED: 0, REFUSED: 0, DIFFERENT: 0}
        self.error = ""
        self._steps = None  # the set-up in progress, and the exchange that it waits for
        self._step = None
        self._block = 0
        self._lacks = set()  # blocks that its firmware refuses
        self._failures = 0
        self._wait_ms = 0
        self._retry_ms = _FIRST_RETRY_MS
        self._ages = Ages(4, time.ticks_ms())

    def where(self):
        """Name, family and address, for messages."""
        return "%s (%s at address %d)" % (self.name, self.profile.name, self.address)

    def note(self):
        """What its installer should know: a sentence, "" if nothing."""
        if self.answers.absurd:
            return "it reports impossible currents: is its word order another?"
        if self.setup.refused >= 0:
            return "it refuses to have register %d set" % self.setup.refused
        return self.profile.data.get("note", "")

    # -- what is due

    def look(self, now_ms):
        """Once a turn, whether or not anything is due: see ages.py."""
        self._ages.look(now_ms)
        self.limit.ages.look(now_ms)

    def limit_due(self, ma, now_ms):
        """True if `ma` is not what it was last told, or was told too long ago."""
        return self.limit.next(ma, now_ms) != 0

    def token_due(self, now_ms):
        """True if its watchdog waits for a token."""
        token = self.profile.token
        return bool(token) and self._ages.of(_TOKEN, now_ms) >= token["every_ms"]

    def poll_due(self, now_ms):
        if self.answers.answer >= 0:
            return True
        return self._ages.of(_POLLED, now_ms) >= _POLL_MS // len(self.profile.reads)

    def retry_due(self, now_ms):
        """True unless it failed lately; the wait doubles with each failure once it is offline."""
        return not self._failures or self._ages.of(_FAILED, now_ms) >= self._wait_ms

    # -- visits

    async def probe(self, rtu, ma):
        """The next step towards a charger that is online: a safe limit, its state, its set-up.

        `ma` is what it may draw; until it is set up it gets its fallback at most.
        """
        await self._visit(rtu, self._probe(rtu, ma))

    async def write_limit(self, rtu, ma, urgent):
        """Tell it what it may draw; an urgent reduction keeps only the 3.5 characters' silence."""
        await self._visit(rtu, self._write_limit(rtu, ma, 0 if urgent else self.profile.quiet_ms))

    async def keep_alive(self, rtu):
        """Write the token that its watchdog waits for."""
        await self._visit(rtu, self._keep_alive(rtu))

    async def poll(self, rtu):
        """Answer its handshake, else read the next of its blocks."""
        await self._visit(rtu, self._poll(rtu))

    def write_now(self, rtu, ma):
        """Blocking and unacknowledged: the last words of a stopping firmware."""
        rtu.open(*self.line)
        if self.profile.pause:
            time.sleep_ms(self.profile.quiet_ms)  # whatever is on the line may end
            rtu.send_now(self.address, self.limit.pdu(limit.RUN if ma else limit.PAUSE, ma))
        if ma or not self.profile.pause:
            time.sleep_ms(self.profile.quiet_ms)
            rtu.send_now(self.address, self.limit.pdu(limit.LIMIT, ma))

    def broadcast_done(self, ma, now_ms):
        """`ma` went out to its slot; nobody acknowledged it, so read it back at once."""
        if self.state.online:
            self.limit.done(limit.LIMIT, ma, now_ms)
        self._ages.begin(_POLLED, time.ticks_add(now_ms, -_POLL_MS))

    async def _visit(self, rtu, exchange):
        rtu.open(*self.line)
        try:
            await exchange
        except RtuError as error:
            self._failed(error)
        else:
            self._failures = 0
            self._retry_ms = _FIRST_RETRY_MS
            self._ages.begin(_ANSWERED, time.ticks_ms())
            self.error = ""
            if not self.state.online:
                self.limit.found()

    async def _write_limit(self, rtu, ma, quiet_ms):
        what = self.limit.next(ma, time.ticks_ms()) or limit.LIMIT
        self.limit.sending(what, ma)
        await self._write(rtu, self.limit.pdu(what, ma), quiet_ms)
        self.limit.done(what, ma, time.ticks_ms())

    async def _keep_alive(self, rtu):
        token = self.profile.token
        pdu = words.write_pdu(token, token["value"], self.profile.low_first)
        await self._write(rtu, pdu, self.profile.quiet_ms)
        self._ages.begin(_TOKEN, time.ticks_ms())

    async def _poll(self, rtu):
        if self.answers.answer < 0:
            await self._read_block(rtu)
            return
        words_sent = (self.answers.answer, 0)  # granted, no errors
        self.answers.answer = -1
        register = self.profile.data["handshake"]["register"]
        await self._write(rtu, words.write_many(register, words_sent), self.profile.quiet_ms)

    async def _read_block(self, rtu):
        self._ages.begin(_POLLED, time.ticks_ms())
        at = self._block
        block = self.profile.reads[at]
        self._turn()
        try:
            data = await self._read(rtu, block[0], block[1], block[2])
        except RtuError as error:
            has_state = self.profile.in_block(self.profile.data["state"], block) >= 0
            if error.kind != REFUSED or has_state:
                raise
            self._lacks.add(at)
            self.faults[REFUSED] += 1
            return
        self.answers.understand(block, data)
        self.limit.check(block, data)

    def _turn(self):
        """On to the next block that it has."""
        for _ in self.profile.reads:
            self._block = (self._block + 1) % len(self.profile.reads)
            if self._block not in self._lacks:
                return

    # -- set-up

    async def _probe(self, rtu, ma):
        if self._steps is None:
            self._lacks.clear()
            self._block = 0
            self._lose()
            self._steps = self._set_up()
            self._advance(None)
        if self._step == _TELL:
            self._advance(await self._tell(rtu, ma))
        elif self._step == _LOOK:
            self._advance(await self._read_block(rtu))
        else:
            self._advance(await self._item(rtu, self._step[0], self._step[1]))
        if self._step is None:
            self._steps = None
            self.state.online = True

    def _set_up(self):
        """A limit goes first: any exchange may bring back what it was told before we were gone."""
        fine = self.profile.data.get("fine")
        if fine:
            flags = yield fine, None
            is_fine = flags is not None and flags & fine["mask"]
            item = fine if is_fine else self.profile.limit  # it may be another unit by now
            self.limit.refine(item["ma_per_count"])
        if not self.profile.slots:  # these wait for the broadcast
            yield _TELL
        yield _LOOK
        yield from self.setup.steps()

    def _advance(self, result):
        try:
            self._step = self._steps.send(result)
        except StopIteration:
            self._step = None

    async def _tell(self, rtu, ma):
        try:
            ma = min(ma, self.state.fallback_ma)
            await self._write_limit(rtu, ma, self.profile.quiet_ms)
        except RtuError as error:
            if error.kind != REFUSED:
                raise
            self.faults[REFUSED] += 1  # not before its set-up, perhaps: it is told again then

    async def _item(self, rtu, item, value):
        """Read an item (value None) or write it; None if the charger refuses."""
        low_first = self.profile.low_first
        try:
            if value is not None:
                pdu = words.write_pdu(item, value, low_first)
                await self._write(rtu, pdu, self.profile.quiet_ms)
                return value
            function = item.get("read", words.READ_HOLDING)
            data = await self._read(rtu, function, item["register"], words.width(item))
            return words.from_words(data, 0, words.kind(item), low_first)
        except RtuError as error:
            if error.kind != REFUSED:
                raise
            self.faults[REFUSED] += 1
            return None

    # -- exchanges

    async def _read(self, rtu, function, register, count):
        data = await rtu.read(
            self.address, function, register, count, self.profile.reply_ms, self.profile.quiet_ms
        )
        self.frames_ok += 1
        return data

    async def _write(self, rtu, pdu, quiet_ms):
        await rtu.write_pdu(self.address, pdu, self.profile.reply_ms, quiet_ms)
        self.frames_ok += 1

    def _failed(self, error):
        self.frames_bad += 1
        self.faults[error.kind] += 1
        self._failures += 1
        self._ages.begin(_FAILED, time.ticks_ms())
        self.error = str(error)
        # A late reply must not be taken for the answer to the next request.
        self._wait_ms = max(self.profile.reply_ms, self.profile.quiet_ms)
        if self._failures >= _TRIES:
            self.state.online = False
            self._lose()
            self.answers.forget()
            self._steps = None
            self._wait_ms = self._retry_ms
            self._retry_ms = min(2 * self._retry_ms, self._longest_retry_ms())

    def _lose(self):
        """What it was told counts no more; what it may hold does."""
        failsafe = self.profile.failsafe
        if failsafe and failsafe["loss"] == "stop":
            self.limit.lost(0)
        else:
            unproven = self.setup.failsafe == UNPROVEN
            self.limit.lost(-1 if unproven else self.state.fallback_ma)

    def _longest_retry_ms(self):
        """A reduction goes ahead of the back-off, until its own watchdog must have acted."""
        silent_ms = self._ages.of(_ANSWERED, time.ticks_ms())
        if self.setup.failsafe == PROVEN and silent_ms > self.profile.watchdog_ms:
            return _LAST_RETRY_MS
        return _UNSAFE_RETRY_MS
