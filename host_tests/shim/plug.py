"""A charger of a family, behind pymodbus, and the car at it: honest until it is given a lie."""

from lab.sim.chargers import cfos, esp32_evse, heidelberg, mennekes, obo
from lab.sim.chargers.abb import Abb
from lab.sim.chargers.delta import Delta
from lab.sim.chargers.eprowallbox import EProWallbox
from lab.sim.chargers.evse_wb import EvseWb
from lab.sim.chargers.in_memory import InMemory
from lab.sim.chargers.phoenix import Phoenix
from lab.sim.chargers.smartevse import SmartEvse
from lab.sim.frames import written

# Each family and the first register of the currents that it reports, None where it has none.
FAMILIES = {
    "abb": (Abb, 0x4010),
    "cfos": (cfos.Cfos, cfos.CURRENTS),
    "delta": (Delta, 1007),
    "eprowallbox": (EProWallbox, 40620),
    "esp32_evse": (esp32_evse.Esp32Evse, esp32_evse.CURRENTS),
    "evse_wb": (EvseWb, None),
    "heidelberg": (heidelberg.Heidelberg, 6),
    "mennekes": (mennekes.Mennekes, mennekes.PHASE_A),
    "obo": (obo.Obo, obo.CT_A),
    "phoenix": (Phoenix, None),
    "smartevse": (SmartEvse, None),
}

WRITES = (5, 6, 16)


class Car:
    """Follows the pilot after `lag_s`, in ramps; IEC 61851 gives it 5 s to be down."""

    def __init__(self, max_a=40.0, lag_s=1.5, up_a_s=6.0, down_a_s=30.0, share=1.0):
        self.max_a, self.lag_s, self.share = max_a, lag_s, share
        self.up_a_s, self.down_a_s = up_a_s, down_a_s
        self.wants = True
        self.phases = 2  # that it loads, from the first on
        self.draw_a = 0.0
        self._heard = [(-1e9, 0.0)]

    def step(self, now_s, dt_s, pilot_a):
        """What it draws after `dt_s` more, while the pilot allows `pilot_a`."""
        if pilot_a != self._heard[-1][1]:
            self._heard.append((now_s, pilot_a))
        while len(self._heard) > 1 and self._heard[1][0] <= now_s - self.lag_s:
            self._heard.pop(0)
        offer_a = self._heard[0][1]
        goal_a = min(offer_a * self.share, self.max_a) if offer_a >= 6 and self.wants else 0.0
        change_a = goal_a - self.draw_a
        self.draw_a += max(-self.down_a_s * dt_s, min(self.up_a_s * dt_s, change_a))
        return self.draw_a


class Honest:
    """What every lie is measured against: it obeys, answers, and shows what flows."""

    gain = 1.0  # what flows, for each ampere that the pilot lets the car draw
    wild = False
    hidden = False  # none of its registers shows the lie

    def pilot_a(self, plug):
        return plug.model.pilot_a

    def shown_a(self, plug):
        return plug.true_a

    def exchange(self, plug, frame):
        """The reply to a request that reached it: bytes, or None."""
        return plug.server.answer(frame)


class Plug:
    """Charger `model` on `legs` (indices) and in `group` (0 none), with a car at it."""

    least_a = 6.0  # that it may be held at

    def __init__(self, name, model, car, legs, group):
        self.name, self.model, self.car = name, model, car
        self.legs, self.group = legs[: car.phases], group
        model.car_phases = car.phases
        self.server = InMemory([model])
        self.lie = Honest()
        self.cut = False
        self.true_a = 0.0
        self.as_sold = {r: model.holding[r] for r in model.flash_registers}

    @property
    def wild(self):
        return self.cut or self.lie.wild

    @property
    def reports(self):
        """Whether its registers tell its current."""
        return FAMILIES[self.model.name][1] is not None

    def orders(self, frame):
        """Whether a request writes its limit, or pauses it."""
        return frame[1] in WRITES and self.model.ordered_a(written(frame)) is not None

    def hear(self, frame):
        """Its reply to a request on the line."""
        if self.cut or not self.model.hears(frame[0]):
            return None
        return self.lie.exchange(self, frame)

    def step(self, now_s, dt_s):
        self.true_a = self.car.step(now_s, dt_s, self.lie.pilot_a(self)) * self.lie.gain
        self.model.draw_a = self.lie.shown_a(self)
