"""The commands for what somebody may tell by number, typed or sent: in memory only where one may.

What is sent over a network comes in by `sent`: the same commands, words and refusals, and no
others. So nothing that protects the panel can be reached from there, nor what needs the PIN.
"""

from ...planning import told
from ...planning.tariff import price_of
from ...settings import table
from .views import whole

_SENT = ("mode", "time", "limit", "pause", "price", "grid")  # as network/commands.py has it
_MOST_MA = 80_000
_MOST_W = 100_000
_MINUTE_MS = 60_000
_MOST_MIN = 10_080
_PRICE_MIN = 120
_GRID_S = 30


class Telling:
    """planning  app/planning.py, which is told
    wishing   the topic of `mode` and `time`
    note      hears of what has changed, and by whom: a function of a text
    """

    COMMANDS = (
        ("limit", "N AMPERES|none [MINUTES]", "the most that charger N may draw, for so long"),
        ("pause", "N on|off [MINUTES]", "charger N pauses, for so long"),
        ("price", "PRICE|none [MINUTES]", "what a kWh costs now, for two hours or so long"),
        ("grid", "WATTS|none [SECONDS]", "power at the grid, + bought, for 30 s or so long"),
    )

    def __init__(self, planning, wishing, note):
        self._planning = planning
        self._told = planning.told
        self._wishing = wishing
        self._note = note
        self._source = "console"

    def sent(self, source, name, words):
        """The answer to a command that came over a network; Refused."""
        if name not in _SENT:
            raise table.Refused("'%s' can't be sent, but %s" % (name, ", ".join(_SENT)))
        if not words:
            raise table.Refused("'%s' is sent with a value" % name)
        self._source = source
        try:
            if name in _SENT[:2]:
                before = self._planning.modes()
                answer = getattr(self._wishing, name)(words)
                if name == "time" or self._planning.modes() != before:
                    self._changed(name, words)
                return answer
            return getattr(self, name)(words)
        finally:
            self._source = "console"

    def limit(self, words):
        i = self._charger("limit", words)
        ma = None
        if words[1] != "none":
            try:
                ma = price_of(words[1])  # both have three decimals
            except ValueError:
                ma = -1
            if not 0 <= ma <= _MOST_MA:
                raise table.Refused("a limit is 0 to 80 A, or none; not '%s'" % words[1])
        stands_ms = _minutes_ms(words[2:])
        if self._told.limits[i].tell(ma, stands_ms):
            self._changed("limit", words)
        return "charger%s: %s" % (words[0], "no limit" if ma is None else "%s A" % words[1])

    def pause(self, words):
        i = self._charger("pause", words)
        if words[1] not in ("on", "off"):
            raise table.Refused("a pause is on or off, not '%s'" % words[1])
        stands_ms = _minutes_ms(words[2:])
        if self._told.pauses[i].tell(words[1] == "on" or None, stands_ms):
            self._changed("pause", words)
        return "charger%s: pause %s" % (words[0], words[1])

    def price(self, words):
        if not words:
            price = self._told.price.value
            return "price " + ("none" if price is None else "%.3f" % (price / 1000))
        if not self._planning.tariff:
            raise table.Refused("no charger goes by a price: set charger1.charge_below")
        try:
            price = None if words[0] == "none" else price_of(words[0])
        except ValueError as error:
            raise table.Refused(str(error))
        stands_ms = whole(words[1:], _PRICE_MIN, 1, _MOST_MIN) * _MINUTE_MS
        if self._told.price.tell(price, stands_ms):
            self._changed("price", words)
        return "price %s" % words[0]

    def grid(self, words):
        if not words:
            watts = self._told.grid.value
            return "grid " + ("none" if watts is None else "%d W" % watts)
        if not self._told.measures:
            raise table.Refused("the meter measures it itself, or no charger follows the sun")
        watts = None if words[0] == "none" else _watts(words[0])
        stands_ms = whole(words[1:], _GRID_S, 5, 600) * 1000
        if self._told.tell_grid(watts, stands_ms):
            self._changed("grid", words)
        return "grid %s" % words[0]

    def words_pause(self, words):
        if len(words) > 1:
            return ("on", "off")
        return [name[len("charger") :] for name, _ in self._planning.modes()]

    def _charger(self, name, words):
        """The index of the charger whose number is the first of the words."""
        names = [name for name, _ in self._planning.modes()]
        if len(words) < 2 or "charger" + words[0] not in names:
            raise table.Refused(
                "'%s' takes the number of one of %s, and a value" % (name, ", ".join(names))
            )
        return names.index("charger" + words[0])

    def _changed(self, name, words):
        self._note("%s: %s %s" % (self._source, name, " ".join(words)))


def _minutes_ms(words):
    """So long it stands: without end unless said."""
    return whole(words, 0, 1, _MOST_MIN) * _MINUTE_MS or told.ENDLESS


def _watts(text):
    number, dot, part = text.partition(".")
    digits = number[1:] if number[:1] in ("-", "+") else number
    if not digits.isdigit() or len(digits) > 6 or (dot and not part.isdigit()):
        raise table.Refused("a power is a number of watts, or none; not '%s'" % text)
    if abs(int(number)) > _MOST_W:
        raise table.Refused("a power is -100000 to 100000 W, not '%s'" % text)
    return int(number)
