"""What somebody told by number: a charger's limit or pause, the price, the power at the grid.

Typed or sent over a network; in memory only where a setting allows it. Each stands until another
comes, until its time is over or until a restart, and all of them only lower.
"""

from micropython import const

from .request import NO_LIMIT_MA

ENDLESS = const(-1)


class Held:
    """value    None while there is none
    left_ms  how long it still stands, ENDLESS without end
    """

    def __init__(self):
        self.value = None
        self.left_ms = ENDLESS

    def tell(self, value, stands_ms=ENDLESS):
        """Another one, from now on; True if it is not what stood before."""
        other = value != self.value
        self.value = value
        self.left_ms = stands_ms
        return other

    def pass_time(self, elapsed_ms):
        """Forget it when its time is over."""
        if self.value is not None and self.left_ms != ENDLESS:
            self.left_ms -= elapsed_ms
            if self.left_ms <= 0:
                self.value = None


class Told:
    """limits[i], pauses[i]  of each plug: mA; True
    price    in thousandths
    grid     power at the grid in W, + import, where `measures`: nothing here does, and a car
             follows the sun
    """

    def __init__(self, plugs, measures):
        self._plugs = plugs
        self.measures = measures
        self.limits = [Held() for _ in plugs]
        self.pauses = [Held() for _ in plugs]
        self.price = Held()
        self.grid = Held()
        self._house_w = 0

    def tell_grid(self, watts, stands_ms):
        """So much flows now: what the cars draw of it is known better here. True as Held.tell."""
        begins = (self.grid.value is None) is not (watts is None)
        self.grid.tell(watts, stands_ms)
        if watts is not None:
            self._house_w = watts - self._cars_w()
        return begins

    def grid_w(self):
        """What flows at the grid by now, None if nobody has told it lately."""
        return None if self.grid.value is None else self._house_w + self._cars_w()

    def pass_time(self, elapsed_ms):
        """Hand each plug what is asked of it."""
        self.price.pass_time(elapsed_ms)
        self.grid.pass_time(elapsed_ms)
        for i in range(len(self._plugs)):
            limit, pause, plug = self.limits[i], self.pauses[i], self._plugs[i]
            limit.pass_time(elapsed_ms)
            pause.pass_time(elapsed_ms)
            plug.command_ma = NO_LIMIT_MA if limit.value is None else limit.value
            if pause.value:
                plug.command_ma = 0
            if plug.tariff:
                plug.tariff.told = self.price.value

    def _cars_w(self):
        watts = 0
        for plug in self._plugs:
            watts += plug.watts
        return watts
