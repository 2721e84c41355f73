"""Steps each charger between two currents and records what every CT sees of it: a console job.

It can only lower what the controller allows: the bus tells a charger the smaller of the allocation
and the cap that is set here, so no limit can be passed. A charger takes about two minutes, and the
others stay at what they have meanwhile. Ending it, in whatever way, takes the caps away.

What it yields besides "" and None is an event, a dict; console/commands/selftest.py tells it:

    charger, where, failsafe   the next one is tested
    step, of, told_ma          it is told another current
    ev_ma, legs_ma             a window of 200 ms, the EV branch being -1 without a CT
    code, text                 a finding, or why it can't be tested
"""

from micropython import const

from ..charging.bus import NO_CAP
from .recording import Recording
from .verdict import verdicts

_STEP_MA = const(10_000)
_LEAST_STEP_MA = const(2_500)
_PLATEAU = const(70)  # windows of 200 ms: 14 s
_LAST_PLATEAU = const(125)  # at all that is allowed: 25 s
_WAIT_FOR_ROOM = const(200)  # windows: 40 s
_BLIND_LOOKS = const(300)  # resumptions without a new window, 10 ms each: 3 s
_WELL = "all is well: every CT sees it, in the right place, sense and size"


class SelfTest:
    """bus           see charging/bus.py
    allocations   the controller's, in the order of the bus's chargers
    meter         see metering/meter.py
    """

    def __init__(self, bus, allocations, meter):
        self._bus = bus
        self._allocations = allocations
        self._meter = meter
        self._ev_ct = meter.ev_used
        self._charged = False

    def run(self, numbers):
        """Generates events: test the chargers at these places one after the other."""
        caps_ma = self._bus.caps_ma
        try:
            for i in range(len(caps_ma)):
                caps_ma[i] = self._allocations[i].allowed_ma
            for i in numbers:
                charger = self._bus.chargers[i]
                yield {
                    "charger": charger.name,
                    "where": charger.where(),
                    "failsafe": charger.failsafe,
                }
                caps_ma[i] = NO_CAP
                yield from self._test(i, charger)
                caps_ma[i] = self._allocations[i].allowed_ma
        finally:
            for i in range(len(caps_ma)):
                caps_ma[i] = NO_CAP

    def _test(self, i, charger):
        why = self._not_now(charger)
        if why:
            yield _finding("not now", why)
            return
        state = charger.state
        low_ma = 0 if state.rest_ms else state.min_ma  # a relay is stepped from off
        if self._allocations[i].allowed_ma < low_ma + _LEAST_STEP_MA:
            yield _finding("waits", "waiting for headroom, 40 s at most")
            for _ in range(_WAIT_FOR_ROOM):
                if self._allocations[i].allowed_ma >= low_ma + _LEAST_STEP_MA:
                    break
                yield from self._window()
        high_ma = self._allocations[i].allowed_ma
        if not state.rest_ms:
            high_ma = min(high_ma, low_ma + _STEP_MA)
        if high_ma < low_ma + _LEAST_STEP_MA:
            text = "the house leaves %d A, too little to step it: try again later"
            yield _finding("no room", text % (high_ma // 1000))
            return
        recording = Recording(self._meter.window.legs)
        self._charged = False
        plan = (low_ma, high_ma) * 3 + (low_ma, NO_CAP)
        for step in range(len(plan)):
            self._bus.caps_ma[i] = plan[step]
            told_ma = min(plan[step], self._allocations[i].allowed_ma)
            yield {"step": step + 1, "of": len(plan), "told_ma": told_ma}
            windows = _LAST_PLATEAU if step == len(plan) - 1 else _PLATEAU
            for _ in range(windows):
                fresh = yield from self._window()
                why = self._not_now(charger) if fresh else "no measurement"
                if why:
                    yield _finding("given up", "given up: " + why)
                    return
                yield self._record(recording, state)
        yield from self._conclude(recording, state)

    def _conclude(self, recording, state):
        legs = [leg for leg in state.legs if leg < self._meter.window.legs]
        found = yield from verdicts(recording, legs, self._ev_ct, self._charged)
        for code, text in found:
            yield _finding(code, text)
        if not found:
            yield _finding("well", _WELL)

    def _not_now(self, charger):
        """Why it can't be tested, "" if it can."""
        if not charger.state.driven:
            return "it balances by itself and takes no orders; nothing could be tested"
        if not charger.state.online:
            return "it does not answer; nothing could be tested"
        if not charger.state.car:
            return "no car connected: of the CTs nothing could be tested; it answers"
        return ""

    def _window(self):
        """Wait for the next window of the meter; False if none comes within three seconds."""
        seq = self._meter.window.seq
        for _ in range(_BLIND_LOOKS):
            yield ""
            if self._meter.window.seq != seq:
                return True
        return False

    def _record(self, recording, state):
        reading = self._meter.window
        self._charged = self._charged or state.charging
        recording.add(
            max(0, state.offer_ma),
            reading.ev_ma if self._ev_ct else 0,
            max(state.reported_ma),
            reading.leg_ma,
            [self._meter.in_phase_ma(leg) if self._ev_ct else None for leg in range(reading.legs)],
        )
        return {"ev_ma": reading.ev_ma if self._ev_ct else -1, "legs_ma": list(reading.leg_ma)}


def _finding(code, text):
    return {"code": code, "text": text}
