"""One charger on the line: its visits, its set-up, and whether it still answers."""

import time

from micropython import const

from . import limit, words
from .ages import Ages
from .answers import Answers
from .commission import PROVEN, UNPROVEN, Commissioning
from .exchanges import UNDER_WAY_MS, Exchanges
from .patience import TRIES, Patience
from .polls import Polls
from .rtu import DOUBTFUL, REFUSED, RtuError
from .steps import FEED, LOOK, TELL, Steps, set_up

_POLL_MS = const(1000)
_TOKEN = const(0)  # ages
_POLLED = const(1)
_VERIFIED = const(2)
_REFUSED = const(3)
_VERIFY_MS = const(15_000)  # from one exchange to the next that looks whether its set-up is kept
_AGAIN_MS = const(600_000)  # until it is offered again what it refused
_LATER = (5, 6)  # exceptions that say nothing of the value: not yet, busy


class Charger(Exchanges):
    """Drives one charger by its profile; `state` (ChargerState) is what balancing sees of it.

    Each of `probe`, `write_limit`, `keep_alive`, `verify` and `poll` is one visit: one exchange at
    most, and its outcome noted. A failed exchange ends in `error` and in `faults`, not outside.
    `line` is (baud, parity, stop) where it differs from the profile's.
    """

    def __init__(self, name, profile, address, state, line=None):
        super().__init__(profile, address)
        self.name = name
        self.state = state
        self.line = line or profile.line()
        self.limit = limit.Limit(profile, state, time.ticks_ms())
        self.answers = Answers(profile, state)
        self.commissioning = Commissioning(profile, state.fallback_ma, time.ticks_ms())
        self.error = ""
        self._steps = Steps()
        self._polls = Polls(profile)
        self._patience = Patience(time.ticks_ms())
        self._ages = Ages(4, time.ticks_ms())

    def where(self):
        """Name, family and address, for messages."""
        return "%s (%s at address %d)" % (self.name, self.profile.name, self.address)

    @property
    def failsafe(self):
        """How far its own failsafe can be trusted: see commission.py."""
        return self.commissioning.failsafe

    def note(self):
        """What its installer should know: a sentence, "" if nothing."""
        if self.answers.absurd:
            return "it reports impossible currents: is its word order another?"
        for trouble in self.commissioning.troubles.values():
            return trouble
        return self.profile.data.get("note", "")

    # -- what is due

    def look(self, now_ms):
        """Once a turn, whether or not anything is due: see ages.py."""
        self._ages.look(now_ms)
        self.limit.ages.look(now_ms)
        self._patience.ages.look(now_ms)
        if self._ages.of(_REFUSED, now_ms) >= _AGAIN_MS:
            self._ages.begin(_REFUSED, now_ms)
            self.answers.forget_refusal()

    def limit_due(self, ma, now_ms):
        """True if `ma` is not what it was last told, or was told too long ago."""
        return self.limit.next(ma, now_ms) != 0

    def token_due(self, now_ms):
        """True if its watchdog waits for a token."""
        token = self.profile.token
        return bool(token) and self._ages.of(_TOKEN, now_ms) >= token["every_ms"]

    def verify_due(self, now_ms):
        """True if a register of its set-up is to be looked at, or put right."""
        due = self.commissioning.mending or self._ages.of(_VERIFIED, now_ms) >= _VERIFY_MS
        return due and self.commissioning.wanted

    def poll_due(self, now_ms):
        every_ms = _POLL_MS // len(self.profile.reads)
        return self.answers.answer >= 0 or self._ages.of(_POLLED, now_ms) >= every_ms

    def retry_due(self, now_ms):
        """True unless it failed lately."""
        return self._patience.due(now_ms)

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

    async def verify(self, rtu):
        """See, register by register, whether it kept its set-up: a restart may go unnoticed."""
        await self._visit(rtu, self._verify(rtu))

    def write_now(self, rtu, ma):
        """Blocking and unacknowledged: the last words of a stopping firmware."""
        rtu.open(*self.line)
        for pdu in self.limit.last_words(ma):
            time.sleep_ms(self.profile.quiet_ms)  # whatever is on the line may end
            rtu.send_now(self.address, pdu)

    def broadcast_done(self, ma, now_ms):
        """`ma` went out to its slot; nobody acknowledged it, so read it back at once."""
        if self.state.online:
            self.limit.done(limit.LIMIT, ma, now_ms, False)
        self._ages.begin(_POLLED, time.ticks_add(now_ms, -_POLL_MS))

    async def _visit(self, rtu, exchange):
        rtu.open(*self.line)
        try:
            await exchange
        except RtuError as error:
            self._failed(error)
        else:
            self._patience.answered(time.ticks_ms())
            if self.state.online:
                self.error = ""
            else:
                self.limit.found()

    async def _write_limit(self, rtu, ma, quiet_ms):
        what = self.limit.next(ma, time.ticks_ms()) or self.limit.first(ma)
        self.limit.sending(what, ma)
        try:
            await self.write(rtu, self.limit.pdu(what, ma), quiet_ms)
        except RtuError as error:
            is_raise = what == limit.LIMIT and error.kind == REFUSED and error.code not in _LATER
            if not (is_raise and self.answers.refused(self.limit.quantised(ma))):
                raise
            self.faults[REFUSED] += 1
            self._ages.begin(_REFUSED, time.ticks_ms())
            return
        self.limit.done(what, ma, time.ticks_ms())
        if what == limit.LIMIT:
            self.answers.took(self.limit.quantised(ma))

    async def _keep_alive(self, rtu):
        token = self.profile.token
        pdu = words.write_pdu(token, token["value"], self.profile.low_first)
        await self.write(rtu, pdu, self.profile.quiet_ms)
        self._ages.begin(_TOKEN, time.ticks_ms())

    async def _poll(self, rtu):
        if self.answers.answer < 0 or self.in_doubt:
            await self._look(rtu)
            return
        register = self.profile.data["handshake"]["register"]
        pdu = words.write_many(register, (self.answers.answer, 0))  # granted, no errors
        self.answers.answer = -1
        await self.write(rtu, pdu, self.profile.quiet_ms)

    async def _verify(self, rtu):
        self._ages.begin(_VERIFIED, time.ticks_ms())
        steps = self._steps
        if not steps.under_way:
            steps.begin(self.commissioning.steps(time.ticks_ms(), True))
        if steps.step is not None:
            await self._item(rtu, steps.step[0], steps.step[1])
        if steps.step is None:
            steps.end()

    async def _look(self, rtu):
        """Read the next block and take it in; False if it was a part of one, see polls.py."""
        self._ages.begin(_POLLED, time.ticks_ms())
        block, is_whole = self._polls.next(self.certain)
        try:
            data = await self.read(rtu, block[0], block[1], block[2])
        except RtuError as error:
            has_state = self.profile.in_block(self.profile.data["state"], block) >= 0
            if error.kind == REFUSED and is_whole and not has_state:
                self.faults[REFUSED] += 1
                self._polls.refused()
                return True
            if self._patience.failures:  # the same once more: its late reply will do
                self._polls.turn()
            raise
        if is_whole:
            self.answers.understand(block, data)
            self.limit.check(block, data)
            self._polls.turn()
        return is_whole

    # -- set-up

    async def _probe(self, rtu, ma):
        steps = self._steps
        if not steps.under_way:
            self._polls.restart()
            self.in_doubt = False
            self._lose()
            steps.begin(set_up(self, max(0, self._patience.failures - TRIES)))
        if self.in_doubt:
            await self._look(rtu)
        elif steps.step == TELL:
            ma = min(ma, self.state.fallback_ma)
            await self._if_taken(self._write_limit(rtu, ma, self.profile.quiet_ms))
        elif steps.step == FEED:
            await self._if_taken(self._keep_alive(rtu))
        elif steps.step in (LOOK, None):  # None: the set-up ended in a write that nobody answered
            if await self._look(rtu) and steps.step:
                steps.advance(None)
        else:
            await self._item(rtu, steps.step[0], steps.step[1])
        if steps.step is None:
            steps.end()
            self.state.online = True
            self._ages.begin(_VERIFIED, time.ticks_ms())

    async def _if_taken(self, exchange):
        """What it refuses before its set-up comes again then."""
        try:
            await exchange
        except RtuError as error:
            if error.kind != REFUSED:
                raise
            self.faults[REFUSED] += 1
        self._steps.advance(None)

    async def _item(self, rtu, item, value):
        """Read an item (value None) or write it, and on to what the set-up wants next."""
        if value is None:
            self._steps.advance(await self.read_item(rtu, item))
            return
        try:
            taken = await self.write_item(rtu, item, value)
        except RtuError:
            self._steps.advance(None)  # nobody knows whether it was taken: it is read again
            raise
        self._steps.advance(taken)

    # -- failures

    def broken(self, error):
        """Something other than an exchange failed: a profile that does what it can't."""
        self.error = "its profile can't be carried out: %r" % error
        self._fail(UNDER_WAY_MS, True)

    def _failed(self, error):
        self.frames_bad += 1
        self.faults[error.kind] += 1
        self.error = str(error)
        if error.kind != DOUBTFUL:
            self.in_doubt = False  # a reduction goes ahead of another read
            # A late reply must not be taken for the answer to the next request.
            self._fail(max(self.profile.reply_ms, self.profile.quiet_ms), False)
        elif not self.certain(self._polls.next(self.certain)[0]):
            self._fail(UNDER_WAY_MS, False)  # no read would show what is so, but silence does

    def _fail(self, wait_ms, at_once):
        watchdog_ms = self.profile.watchdog_ms if self.commissioning.failsafe == PROVEN else 0
        if self._patience.failed(wait_ms, watchdog_ms, time.ticks_ms(), at_once):
            self.state.online = False
            self._lose()
            self.answers.forget()
            self._steps.end()

    def _lose(self):
        """What it was told counts no more; what it may hold does."""
        failsafe = self.profile.failsafe
        if failsafe and failsafe["loss"] == "stop":
            self.limit.lost(0)
        else:
            unproven = self.commissioning.failsafe == UNPROVEN
            failsafe_ma = limit.NOT_KNOWN if unproven else self.state.fallback_ma
            self.limit.lost(failsafe_ma)
