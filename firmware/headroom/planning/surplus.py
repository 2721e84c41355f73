"""What the sun leaves, shared by the cars that follow it.

Surplus is what the house feeds in and what these cars draw, and `import_w` that the owner accepts
to buy for them at any time; negative, so much is always fed in.

A home battery is seen by nothing but the sign at the grid, which it holds at zero. Whoever wants
it to come first gives away a little: with import_w -100 the cars stop where it begins to
discharge. For the cars to come first import_w must be more than a start needs, for there is no
other surplus while the battery takes all; then it discharges into them as far as it can.
"""

from . import request, sharing
from .power import LOOK_MS

LEAST_W = -5000
MOST_W = 5000


class Surplus:
    """Asks the limit `sun` of each plug that has one (plug.sun). `watts`: for all of these."""

    def __init__(self, power, import_w=0):
        if not LEAST_W <= import_w <= MOST_W:
            raise ValueError("an import of %s W: %d to %d" % (import_w, LEAST_W, MOST_W))
        self._power = power
        self._import_w = import_w
        self.watts = 0

    def ask(self, plugs, elapsed_ms, grid_w, look):
        """Share, with each look; in between, who comes to the sun or leaves it."""
        if look:
            self._share(plugs)
        for plug in plugs:
            sun = plug.sun
            if not plug.sunny:
                if sun:
                    sun.rest()
                plug.request.free(request.BY_SUN)
            elif look or plug.request.limit_ma[request.BY_SUN] == request.NO_LIMIT_MA:
                ma = max(sun.ma, plug.state.min_ma) if plug.always else sun.ma
                plug.request.ask(request.BY_SUN, ma, sun.reason, sun.wait_ms)

    def _share(self, plugs):
        self.watts = self._power.sun_w - self._power.grid_w + self._import_w
        for plug in plugs:
            need_ma = plug.sun.need_ma(plug.state, plug.always) if plug.sunny else 0
            sharing.want(plug, plug.sunny and (plug.sun.ma > 0 or plug.always), need_ma)
        sharing.divide(self.watts, plugs, True)
        for plug in plugs:
            if not plug.sunny:
                continue
            if plug.state.car:
                plug.sun.look(plug, self._power, LOOK_MS)
            else:
                plug.sun.rest()
