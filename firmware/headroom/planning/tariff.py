"""Prices by windows of the week, and "charge below": in thousandths of the owner's currency a kWh.

Such as mon-fri 07:00-17:00 0.34; mon-fri 17:00-20:00 0.41, and 0.25 at all other times.
"""

from micropython import const

from .week import Week

_MOST = const(100_000)


class Tariff:
    """After `look()`: `price` of now, -1 unknown, and whether it is `dear`.

    told       the price as somebody told it, which goes before the windows; None without

    otherwise  the price outside of all windows
    below      a charger with this tariff charges while the price is below
    unknown    True: while the time is unknown it charges
    """

    def __init__(self, text, otherwise, below, unknown=True):
        self._week = Week(text, price_of)
        self._otherwise = price_of(otherwise)
        self._below = price_of(below)
        self._unknown = unknown
        self.price = -1
        self.told = None
        self.dear = not unknown

    def look(self, calendar):
        """Set price and dear by what was told, else by the time."""
        if self.told is not None:
            self.price = self.told
            self.dear = self.told >= self._below
            return
        if not calendar.known:
            self.price = -1
            self.dear = not self._unknown
            return
        self.price = self._week.at(calendar.minute_of_week, self._otherwise)
        self.dear = self.price >= self._below


def price_of(text):
    """Thousandths of 0.345; below 0 it may be, too: some markets know that."""
    sign = -1 if text[:1] == "-" else 1
    whole, dot, part = text[1 if sign < 0 else 0 :].partition(".")
    if not whole.isdigit() or len(whole) > 3 or (dot and not part.isdigit()) or len(part) > 3:
        raise ValueError("'%s' is no price: a number such as 0.345, -99.999 to 99.999" % text)
    price = sign * (int(whole) * 1000 + int((part + "00")[:3] if dot else 0))
    if not -_MOST < price < _MOST:
        raise ValueError("'%s' is no price: a number such as 0.345, -99.999 to 99.999" % text)
    return price
