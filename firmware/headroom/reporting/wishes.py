"""What people are told of their wishes: mode, surplus, price, cap, time. In memory only with one.

Keys are added to those of the status; what is unknown or off is null.
"""

from ..planning import request


class Wishes:
    """planning  app/planning.py"""

    def __init__(self, planning):
        self._planning = planning
        self._told = ""
        self._contact = None
        if planning.contact:
            from .contact import ContactNews  # in memory only then

            self._contact = ContactNews(planning)

    def now(self):
        """What concerns all chargers."""
        planning = self._planning
        cap, thermometer, told = planning.cap, planning.thermometer, planning.told
        return {
            "time": planning.time() or None,
            "local": self._local(),
            "inverter_w": planning.grid.inverter_w(),
            "surplus_w": planning.surplus.watts if planning.surplus else None,
            "price": self._price(),
            "cap_cars_w": cap.total_w if cap else None,
            "cap_left_wh": cap.credit_ws // 3600 if cap else None,
            "contact": self._contact.now() if self._contact else None,
            "grid_w": told.grid.value if told else None,
            "temperature_dc": thermometer.temperature.tenths if thermometer else None,
        }

    def charger(self, i):
        """What charger i has beside what balancing tells of it."""
        plug = self._planning.plugs[i]
        asked = plug.request
        wishes = asked.bound_ma != request.NO_LIMIT_MA
        found = {
            "mode": request.MODES[plug.mode],
            "modes": request.MODES if plug.sun else (request.MODES[0], request.MODES[-1]),
            "request_ma": asked.bound_ma if wishes else None,
            "request_by": request.LIMITS[asked.by] if wishes else None,
            "request": self.why(i),
        }
        told = self._planning.told
        if told:
            found["command_ma"] = told.limits[i].value
            found["paused"] = bool(told.pauses[i].value)
        return found

    def why(self, i):
        """What binds of all that is wished of charger i, in a sentence; "" if nothing does."""
        asked = self._planning.plugs[i].request
        if asked.bound_ma == request.NO_LIMIT_MA:
            return ""
        return "%s: %s" % (request.LIMITS[asked.by], _sentence(asked, asked.by))

    def limits(self, i):
        """Generates (name, mA, sentence, whether it is the smallest) of each wish that limits."""
        asked = self._planning.plugs[i].request
        for limit in range(len(request.LIMITS)):
            ma = asked.limit_ma[limit]
            if ma != request.NO_LIMIT_MA:
                yield request.LIMITS[limit], ma, _sentence(asked, limit), limit == asked.by

    def faults(self):
        """Generates what is wrong: sentences."""
        fault = self._planning.fault()
        if fault:
            yield fault
        chip = self._planning.clock_chip
        if chip and chip.fault:
            yield chip.fault
        thermometer = self._planning.thermometer
        if thermometer and thermometer.temperature.tenths is None:
            yield (
                "thermometer %s: broken, shorted, or too cold to tell; no more than the minimum"
                % (thermometer.where)
            )
        if self._planning.calendar and not self._planning.clock.known:
            yield "the time is unknown: 'time' sets it; until then what was chosen for that holds"

    def news(self):
        """What has gone wrong, or is right again, since the last call a second ago; "" if nothing.

        The contact's first: of its watts there is a later chance only with other ones.
        """
        news = self._contact and self._contact.news()
        if news:
            return news
        fault = ""
        for first in self.faults():
            fault = first
            break
        if fault == self._told:
            return ""
        self._told = fault
        return fault or "what is wished is known again"

    def _local(self):
        calendar = self._planning.calendar
        if not (calendar and calendar.known):
            return None
        minute = calendar.minute_of_week
        day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[minute // 1440]
        return "%s %02d:%02d" % (day, minute // 60 % 24, minute % 60)

    def _price(self):
        tariff = self._planning.tariff
        known = tariff and (tariff.told is not None or self._planning.clock.known)
        return "%.3f" % (tariff.price / 1000) if known else None


def _sentence(asked, limit):
    wait_s = (asked.wait_ms[limit] + 999) // 1000
    text = request.REASONS[asked.reason[limit]]
    return text + ", %d s at least" % wait_s if wait_s else text
