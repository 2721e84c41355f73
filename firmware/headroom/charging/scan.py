"""Finds what answers on the line: every baud and parity, every address, and which family it is.

A guest of the bus (see bus.py): one exchange a turn, when no charger needs the line. An address
has somebody if it answers at all, a refusal included. Then each family that could be there is
asked for the blocks that it polls; it is proposed if it has them all and its state is a known one.
"""

from . import families, profile
from .rtu import DAMAGED, REFUSED, RtuError

LINES = (  # as families are delivered, the commonest first, then what installers choose
    (19200, "E", 1),
    (9600, "N", 1),
    (115200, "N", 1),
    (57600, "N", 2),
    (19200, "N", 1),
    (9600, "E", 1),
    (38400, "N", 1),
)
USUAL = tuple(range(1, 17)) + (50, 101)
EVERY = range(1, 248)
_REPLY_MS = 150
_QUIET_MS = 20
_MUTE = "mute"


class Scan:
    """One scan over `addresses`; `done` when it is over.

    found      (address, line, families) of each device: () if none fits, None if it is garbled;
               the caller takes them away as it shows them
    asked, total    how far it is
    """

    def __init__(self, addresses):
        self.found = []
        self.asked = 0
        self.total = len(LINES) * len(addresses)
        self.done = False
        self._work = self._all(addresses)
        self._advance(None)

    async def turn(self, rtu):
        """One exchange; False if it is over."""
        if self.done:
            return False
        line, address, block = self._request
        rtu.open(*line)
        try:
            result = await rtu.read(address, block[0], block[1], block[2], _REPLY_MS, _QUIET_MS)
        except RtuError as error:
            result = error.kind if error.kind in (REFUSED, DAMAGED) else _MUTE
        self._advance(result)
        return True

    def _advance(self, result):
        try:
            self._request = self._work.send(result)
        except StopIteration:
            self.done = True

    def _all(self, addresses):
        known = set()  # who answers at 8N2 often does at 8N1 too
        for line in LINES:
            for address in addresses:
                if address in known:
                    self.asked += 1
                    continue
                result = yield line, address, (3, 0, 1)
                if result == DAMAGED:  # once may be noise
                    result = yield line, address, (3, 0, 1)
                self.asked += 1
                if result == DAMAGED:
                    self.found.append((address, line, None))
                elif result != _MUTE:
                    known.add(address)
                    yield from self._identify(line, address)

    def _identify(self, line, address):
        fitting = []
        for name in families.FAMILIES:
            if name != "custom":
                fits = yield from self._fits(name, line, address)
                if fits:
                    fitting.append(name)
        self.found.append((address, line, fitting))

    def _fits(self, name, line, address):
        family = profile.load(name)
        data = family.data
        usual = family.line()
        bauds = data.get("bauds", ()) + (usual[0],)
        parities = data.get("parities", "") + usual[1]
        low, high = data["addresses"]
        if line[0] not in bauds or line[1] not in parities or not low <= address <= high:
            return False
        known = False
        for block in family.reads:
            words = yield line, address, block
            if isinstance(words, str):
                return False
            value = family.value(data["state"], block, words)
            if value is not None:
                unsure = family.masked(value) in data["state"].get("unsure", ())
                known = unsure or family.state(value) != "?"
                if not known:
                    return False
        return known
