"""The whole state of the meter as one dict: for the console's screens and, as JSON, for tools.

Currents are mA, times ms. `json status` prints this, with the chargers in it.
"""

from .. import VERSION, records
from ..balancing.excess import NAMED_MA
from ..metering import health
from . import explain


class Status:
    """about       board, MicroPython, the folder that we run from, why it started, the board's
                identity: texts
    configured  the store, the hash of the settings, the nominal volts
    problems    what the settings ask for and can't be had: sentences
    """

    def __init__(
        self, about, configured, meter, health, energy, controller, bus, supervisor, problems
    ):
        self._board, self._runtime, self._folder, self._cause, self._identity = about
        self._store, self._settings_hash, self._nominal_v = configured
        self._meter = meter
        self._health = health
        self._energy = energy
        self._controller = controller
        self._bus = bus
        self._supervisor = supervisor
        self.problems = problems
        self.network = None  # the meter on MQTT (network/publishing.py), where there is one
        self.wishes = None  # a Wishes (wishes.py) where something is wished
        self.uptime_ms = 0

    def about(self):
        """What runs where."""
        return {
            "version": VERSION,
            "micropython": self._runtime,
            "board": self._board,
            "folder": self._folder,
            "id": self._identity,
        }

    def energy(self):
        """The totals of every channel in use."""
        channels = self._meter.window.legs + (1 if self._meter.ev_used else 0)
        return {
            "nominal_v": self._nominal_v,
            "energy": [self.total(c) for c in range(channels)],
        }

    def collect(self):
        """The present state, collected in small steps: a generator whose value is a new dict."""
        now = self.about()
        now["cause"] = self._cause
        now.update(self.meter())
        yield
        now["legs"] = [self.leg(i) for i in range(self._meter.window.legs)]
        yield
        if self.wishes:
            now["planning"] = self.wishes.now()
            yield
        if self.network:
            now["network"] = self.network.now()
        now.update(self.energy())
        now["faults"] = faults = []
        for fault in self.faults():
            yield
            faults.append(fault)
        now["settings"] = self._store.source
        now["settings_note"] = self._store.note
        now["settings_hash"] = self._settings_hash
        return now

    def meter(self):
        """What it measures, and how well, as a whole."""
        return {
            "uptime_ms": self.uptime_ms,
            "reading_age_ms": self._health.blind_ms,
            "good": self.good(),
            "ev_ma": self._meter.window.ev_ma if self._meter.ev_used else -1,
            "mains_mhz": self._meter.frequency.millihertz(),
            "rate_hz": self._meter.measured_hz,
            "lost_frames": self._meter.lost_frames,
            "jitter_us": self._meter.jitter_us(),
        }

    def good(self):
        """True if the last window was measured well, and lately."""
        return self._meter.window.good and not self._health.stale()

    def has_chargers(self):
        return bool(self._bus.chargers)

    def chargers(self):
        """A dict of each charger, one after the other: 25 at once would fill a board's memory."""
        for i in range(len(self._bus.chargers)):
            yield self.charger(i)

    def line_dead(self):
        """A warning if the chargers' own failsafes don't keep the limit, "" if they do."""
        dead_ma = line_dead_ma(self._bus.chargers)
        limit_ma = self._controller.limits.leg_limit_ma
        if dead_ma <= limit_ma or not self._meter.window.legs:
            return ""
        text = "if this line dies the chargers may draw %d A together, above the limit of %d A\n"
        return text % (dead_ma // 1000, limit_ma // 1000)

    def leg(self, i):
        """One leg."""
        limit_ma = self._controller.limits.leg_limit_ma
        base_ma = self._controller.base_ma[i]
        return {
            "name": "L%d" % (i + 1),
            "ma": self._meter.window.leg_ma[i],
            "base_ma": base_ma,
            "limit_ma": limit_ma,
            "headroom_ma": limit_ma - base_ma,
            "breaker_budget_pct": self._controller.budget.percent(i),
        }

    def total(self, c):
        """What has flowed through a channel so far."""
        is_leg = c < self._meter.window.legs
        volts = self._nominal_v * (1 if is_leg else self._meter.window.legs)
        return {
            "name": "L%d" % (c + 1) if is_leg else "EV",
            "mah": self._energy.mah(c),
            "wh_estimate": self._energy.wh(c, volts),
        }

    def charger(self, i):
        """One charger."""
        charger = self._bus.chargers[i]
        allocation = self._controller.allocations[i]
        state = charger.state
        tripped = self._bus.failsafe
        reason = records.TRIPPED if tripped else allocation.reason
        allowed_ma = allocation.allowed_ma
        found = {
            "name": charger.name,
            "online": state.online,
            "state": "C" if state.charging else "B" if state.car else "A",
            "min_ma": state.min_ma,
            "max_ma": min(state.max_ma, state.circuit_ma, state.setting_ma),
            "allocation_ma": min(allowed_ma, state.fallback_ma) if tripped else allowed_ma,
            "fits_ma": allocation.fits_ma,
            "kept_ma": allocation.kept_ma,
            "holds_ma": allocation.holds_ma,
            "offer_ma": state.offer_ma,
            "reported_ma": max(state.reported_ma),
            "reason": records.REASON_NAMES[reason],
            "limited_by": records.LIMIT_NAMES[allocation.limit],
            "since_ms": allocation.since_ms,
            "wait_ms": allocation.wait_ms,
            "next": explain.what_next(allocation, state),
            "ev_source": records.EV_SOURCES[self._controller.ev.source(i)],
            "ev_age_ms": self._controller.ev.age_ms(i),
        }
        found.update(_on_the_line(charger) if charger.address else charger.facts())
        if self.wishes:
            found.update(self.wishes.charger(i))
            if allocation.limit == records.BY_REQUEST and not tripped:
                found["next"] = self.wishes.why(i)
        return found

    def why(self):
        """Generates each charger, and a generator of its limits: see why.py."""
        from . import why  # in memory only once it was asked for

        for i in range(len(self._bus.chargers)):
            yield self.charger(i), why.limits(self._controller, self.wishes, i)

    def faults(self):
        """Generates what is wrong now: sentences."""
        yield from health.names(self._meter.window, self._health.stale())
        for test in self._meter.ct_tests:
            yield from test.notes()
        yield from self.problems
        if self.network:
            yield from self.network.faults()
        if self.wishes:
            yield from self.wishes.faults()
        if self._store.note and self._store.source == "defaults":
            yield "the settings are lost, the factory's are in force: " + self._store.note
        for charger, allocation in zip(self._bus.chargers, self._controller.allocations):
            if not charger.state.online:
                kept = allocation.kept_ma
                text = explain.amperes(kept) + " kept for %s, which does" if kept else "%s does"
                yield text % charger.where() + " not answer"
            if allocation.holds_ma:
                yield "%s %s" % (charger.name, explain.disobeys(allocation, charger.state))
        if self._controller.ev.beyond_ma > NAMED_MA:
            text = "the EV CT shows %s more than the chargers were told"
            yield text % explain.amperes(self._controller.ev.beyond_ma)
        if self._supervisor.tripped:
            yield "supervisor: " + self._supervisor.tripped


def _on_the_line(charger):
    """What is known of one that has a bus."""
    return {
        "profile": charger.profile.name,
        "title": charger.profile.title,
        "address": charger.address,
        "frames_ok": charger.frames_ok,
        "frames_bad": charger.frames_bad,
        "frame_faults": charger.faults,
        "setup_writes": charger.commissioning.writes,
        "flash_writes": charger.commissioning.flash_writes,
        "watchdog_ms": charger.profile.watchdog_ms,
        "failsafe": charger.failsafe,
        "note": charger.note(),
        "error": charger.error,
    }


def line_dead_ma(chargers):
    """What all of them may draw together for ever if the line to them dies: their failsafes.

    A relay has no line: it goes on.
    """
    total_ma = 0
    for charger in chargers:
        if not charger.address:
            continue
        state, failsafe = charger.state, charger.profile.failsafe
        if not failsafe:
            total_ma += min(state.max_ma, state.circuit_ma, state.setting_ma)
        elif failsafe["loss"] == "fallback":
            total_ma += state.fallback_ma
    return total_ma
