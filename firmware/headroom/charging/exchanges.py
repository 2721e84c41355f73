"""One charger's exchanges, and which of its replies may belong to an earlier request.

A reply shows what shape of request it answers, not which one. A charger that did not answer in
time still owes a reply. Until none can be under way any more, because it answered a request of
another shape (chargers answer in order) or because nothing was asked for a while, a reply that
fits an earlier, different request as well is taken for nobody's.
"""

import time

from micropython import const

from . import words
from .ages import Ages
from .rtu import DAMAGED, DIFFERENT, DOUBTFUL, REFUSED, SILENT, RtuError

UNDER_WAY_MS = const(2000)  # no reply is later than that
_OF_READ = const(2)  # how many bytes of a request its reply shows: function and length,
_OF_WRITE = const(5)  # function, register, value or count,
_OF_REFUSAL = const(1)  # the function


class Exchanges:
    """frames_ok, frames_bad, faults    what became of its exchanges; faults by kind
    in_doubt    a reply was nobody's: only a read that is `certain` tells what is so
    """

    def __init__(self, profile, address):
        self.profile = profile
        self.address = address
        self.frames_ok = 0
        self.frames_bad = 0
        self.faults = {SILENT: 0, DAMAGED: 0, REFUSED: 0, DIFFERENT: 0, DOUBTFUL: 0}
        self.in_doubt = False
        self._owed = []  # requests that it did not answer
        self._owing = Ages(1, time.ticks_ms())

    def certain(self, block):
        """Whether the reply to this read could be nobody else's."""
        request = _reading(*block)
        return not self._fit(request, _OF_READ) or self._alike(request)

    async def read(self, rtu, function, register, count):
        """Registers as words; RtuError."""
        profile = self.profile
        exchange = rtu.read(
            self.address, function, register, count, profile.reply_ms, profile.quiet_ms
        )
        return await self._answered(_reading(function, register, count), _OF_READ, exchange)

    async def write(self, rtu, pdu, quiet_ms):
        """Any write; RtuError unless it was acknowledged."""
        exchange = rtu.write_pdu(self.address, pdu, self.profile.reply_ms, quiet_ms)
        await self._answered(bytes(pdu), _OF_WRITE, exchange)

    async def read_item(self, rtu, item):
        """Its value; None if the charger refuses."""
        function = item.get("read", words.READ_HOLDING)
        try:
            data = await self.read(rtu, function, item["register"], words.width(item))
        except RtuError as error:
            self._refusal(error)
            return None
        return words.from_words(data, 0, words.kind(item), self.profile.low_first)

    async def write_item(self, rtu, item, value):
        """True once it is taken, False if the charger refuses."""
        pdu = words.write_pdu(item, value, self.profile.low_first)
        try:
            await self.write(rtu, pdu, self.profile.quiet_ms)
        except RtuError as error:
            self._refusal(error)
            return False
        return True

    def _refusal(self, error):
        """Count it; anything else ends the visit."""
        if error.kind != REFUSED:
            raise error
        self.faults[REFUSED] += 1

    async def _answered(self, request, shown, exchange):
        """What the exchange gave, if that is certainly the reply to this request."""
        if self._owed and self._owing.of(0, time.ticks_ms()) >= UNDER_WAY_MS:
            self._owed.clear()
        try:
            result = await exchange
        except RtuError as error:
            if error.kind == REFUSED:
                self._settle(request, _OF_REFUSAL)
            else:
                self._owe(request)
            raise
        self._settle(request, shown)
        self.frames_ok += 1
        return result

    def _settle(self, request, shown):
        """A reply came that shows so much of a request: whose is it?"""
        if not self._fit(request, shown):
            self._owed.clear()  # they were asked before
        elif not self._alike(request):
            self._owe(request)
            self.in_doubt = True
            raise RtuError(DOUBTFUL)
        self.in_doubt = False

    def _fit(self, request, shown):
        return any(owed[:shown] == request[:shown] for owed in self._owed)

    def _alike(self, request):
        return all(owed == request for owed in self._owed)

    def _owe(self, request):
        if request not in self._owed:
            self._owed.append(request)
        self._owing.begin(0, time.ticks_ms())


def _reading(function, register, count):
    """A read as bytes; what its reply shows comes first."""
    return bytes((function, count, register >> 8, register & 0xFF))
