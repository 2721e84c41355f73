"""A small world around the Controller that checks the rules of the design after every step.

It judges by its own house and its own cars, whatever the controller makes of them. With an EV CT
rule 1 holds to the mA. Without one a leg may be given what its cars leave of their offers, and
not a mA more: see rule 1 in RULES.md, by whose numbers the rules are called here. Everything is
random, and the same for the same seed.
"""

import random
from array import array

from headroom import records
from headroom.balancing.controller import Controller
from headroom.balancing.pace import RISE_STEP_MA

STEP_MS = 200
DEAD_TIME_MS = 6000
RISE_WINDOW_MS = 5000
LEG_MAPS = {1: [(0,)], 2: [(0, 1), (0, 1), (0,), (1,)], 3: [(0, 1, 2), (1, 2, 0), (2,), (0,)]}


class Car:
    """Follows what it was told, late; draws at most `max_ma`, on the legs of its charger."""

    def __init__(self, chance):
        self.max_ma = chance.choice((10_000, 16_000, 32_000, 48_000))
        self.lag = chance.randint(1, 20)  # steps: 0.2 to 4 s
        self.heard = [0] * (self.lag + 1)
        self.draw_ma = 0

    def step(self, told_ma):
        self.heard = [*self.heard[1:], told_ma]
        target_ma = min(self.max_ma, self.heard[0])
        if target_ma < 6000:
            target_ma = 0
        rise_ma = min(target_ma - self.draw_ma, 1200)
        self.draw_ma = target_ma if rise_ma < 0 else self.draw_ma + rise_ma


class World:
    """One panel; `run(steps)` raises AssertionError with the rule's number if one is broken."""

    def __init__(self, seed, legs=2, chargers=3, source=records.EV_CT):
        self.chance = chance = random.Random(seed)
        self.legs = legs
        self.breaker_ma = chance.choice((60_000, 100_000, 200_000))
        self.limit_ma = self.breaker_ma * 80 // 100
        self.group_ma = (chance.choice((30_000, 50_000, 100_000)), 0, 40_000)
        self.source = source
        same = chance.choice(LEG_MAPS[legs or 1]) if legs else ()
        self.states = []
        for _ in range(chargers):
            state = records.ChargerState(
                chance.choice((6000, 6000, 9000)),
                chance.choice((16_000, 32_000, 80_000)),
                chance.choice((24_000, 48_000)),
                chance.choice((13_000, 80_000)),
                chance.choice((0, 9000)),
                same if source == records.EV_CT or not legs else chance.choice(LEG_MAPS[legs]),
                chance.choice((1, 3)) if not legs else chance.choice((0, 0, 1, 3)),
                chance.choice((5, 5, 1, 9)),
            )
            self.states.append(state)
        for state in self.states:
            state.online = chance.random() < 0.8
            if not self._fallbacks_fit(state.group):
                state.fallback_ma = 0
        self.cars = [Car(chance) if chance.random() < 0.7 else None for _ in range(chargers)]
        self.told_ma = [0] * chargers
        self.offers_ma = [[0] * (DEAD_TIME_MS // STEP_MS + 1) for _ in range(chargers)]
        self.deaf_until = [0] * chargers
        self.changed_ms = [1 << 28] * chargers
        self.controller = Controller(
            legs,
            self.breaker_ma,
            80,
            DEAD_TIME_MS,
            RISE_WINDOW_MS,
            self.states,
            self.group_ma,
            source,
            conservative=chance.random() < 0.2,
        )
        self.reading = records.Reading(legs)
        self.house_ma = [chance.randrange(0, self.limit_ma) for _ in range(legs)]
        self.bases = []
        self.blind_ms = 0
        self.fault = ""
        self.steps = 0

    def _fallbacks_fit(self, group):
        """Settings see to it that they do, of a group and of the panel."""
        alike = sum(state.fallback_ma for state in self.states if state.group == group)
        of_group_ma = self.group_ma[group - 1] * 80 // 100 if group else alike
        total_ma = sum(state.fallback_ma for state in self.states) if self.legs else 0
        return alike <= of_group_ma and total_ma <= self.limit_ma

    def run(self, steps):
        for _ in range(steps):
            self._live()
            before = [allocation.allowed_ma for allocation in self.controller.allocations]
            self._measure()
            if not self.fault and self.chance.random() < 0.01:
                self._surge(before)
                before = [allocation.allowed_ma for allocation in self.controller.allocations]
            self.controller.step(self.reading, STEP_MS, self.blind_ms)
            self._remember_offers(before)
            self.changed_ms = [ms + STEP_MS for ms in self.changed_ms]
            self._check(before)
            self._talk()
            self.steps += 1

    # -- what happens

    def _live(self):
        chance = self.chance
        for leg in range(self.legs):
            if chance.random() < 0.01:
                most_ma = chance.choice((10, 11, 11, 14)) * self.breaker_ma // 10
                self.house_ma[leg] = chance.randrange(0, most_ma)
        for i, state in enumerate(self.states):
            if chance.random() < 0.002:
                self.cars[i] = None if self.cars[i] else Car(chance)
            if chance.random() < 0.0005:
                state.online = not state.online
            if chance.random() < 0.0003:
                state.report_limit_ma = chance.choice((-1, -1, 3000, 10_000, 20_000))
            if self.cars[i]:
                self.cars[i].step(self.told_ma[i])
            if state.online and self.steps % 5 == i % 5:
                self._poll(i, state)
        if chance.random() < 0.0003:
            self.fault = chance.choice(("", "bad", "silent"))
        elif self.fault and chance.random() < 0.02:
            self.fault = ""

    def _poll(self, i, state):
        car = self.cars[i]
        state.car = car is not None
        state.charging = car is not None and car.draw_ma > 500
        for phase in range(len(state.legs)):
            state.reported_ma[phase] = car.draw_ma if car else 0
        state.reported_age_ms = 0

    def _measure(self):
        reading = self.reading
        for leg in range(self.legs):
            reading.leg_ma[leg] = self.house_ma[leg] + self.drawn_ma(leg)
        reading.ev_ma = sum(car.draw_ma for car in self.cars if car)
        reading.good = not self.fault
        self.blind_ms = self.blind_ms + STEP_MS if self.fault else 0
        if self.fault == "silent" and self.blind_ms > records.STALE_MS:
            reading.leg_ma[:] = array("i", [0] * self.legs)  # must not be believed

    def _surge(self, before):
        cycle = records.Reading(self.legs)
        cycle.ev_ma = self.reading.ev_ma
        more_ma = [self.chance.choice((0, self.breaker_ma)) for _ in range(self.legs)]
        for leg in range(self.legs):
            cycle.leg_ma[leg] = self.reading.leg_ma[leg] + more_ma[leg]
        if self.controller.surge(cycle, 17):
            self._remember_offers(before, 0)
            self._check_no_rise(before)
            self._check_sums([a + b for a, b in zip(self.least_base(), more_ma, strict=True)])

    def _talk(self):
        """The bus fails for seconds at times; what is offline keeps what it was told."""
        for i, state in enumerate(self.states):
            allocation = self.controller.allocations[i]
            if self.chance.random() < 0.005:
                self.deaf_until[i] = self.steps + self.chance.randint(5, 60)
            if state.online and allocation.ready and self.steps >= self.deaf_until[i]:
                self.told_ma[i] = state.offer_ma = state.ceiling_ma = allocation.allowed_ma
            elif not state.online:
                state.offer_ma = -1

    # -- what must hold

    def drawn_ma(self, leg):
        return sum(
            car.draw_ma
            for car, state in zip(self.cars, self.states, strict=True)
            if car and leg in state.legs
        )

    def _remember_offers(self, before, steps=1):
        """The most that each charger was told, or is allowed, in the dead time; a surge has no
        step of its own."""
        for i, allocation in enumerate(self.controller.allocations):
            ma = max(self.told_ma[i], allocation.allowed_ma, before[i])
            offers = self.offers_ma[i]
            self.offers_ma[i] = (
                [*offers[steps:], ma] if steps else [*offers[:-1], max(offers[-1], ma)]
            )

    def left_ma(self, leg):
        """What the cars on a leg leave of their offers: only a measured car is known to."""
        if self.source == records.EV_CT:
            return 0
        return sum(
            max(0, max(offers) - (car.draw_ma if car else 0))
            for offers, car, state in zip(self.offers_ma, self.cars, self.states, strict=True)
            if leg in state.legs
        )

    def least_base(self):
        """The house, of each leg, less what may be mistaken for a car's."""
        return [max(0, self.house_ma[leg] - self.left_ma(leg)) for leg in range(self.legs)]

    def _check(self, before):
        if self.blind_ms > records.STALE_MS:
            for allocation, state in zip(self.controller.allocations, self.states, strict=True):
                assert allocation.allowed_ma <= state.fallback_ma, "rule 3: above the fallback"
                assert not allocation.fresh, "rule 3: kept alive though blind"
            self._check_no_rise(before)
            self.bases.clear()
            return
        base = self.least_base()
        self._check_ranges()
        self._check_sums(base)
        if not self.reading.good:
            self._check_no_rise(before)
        else:
            self.bases = [*self.bases[-RISE_WINDOW_MS // STEP_MS - 4 :], base]
            self._check_rises(before)

    def _check_no_rise(self, before):
        for ma, allocation in zip(before, self.controller.allocations, strict=True):
            begins = not ma and not allocation.ready
            assert allocation.allowed_ma <= ma or begins, "rule 3: raised"

    def _check_ranges(self):
        for i, state in enumerate(self.states):
            allocation = self.controller.allocations[i]
            if not allocation.ready:
                continue
            most_ma = min(state.max_ma, state.circuit_ma, state.setting_ma)
            if state.report_limit_ma >= 0 and state.online:
                most_ma = min(most_ma, state.report_limit_ma)
            assert allocation.allowed_ma == 0 or state.min_ma <= allocation.allowed_ma <= max(
                most_ma, 0 if state.online else state.min_ma
            ), f"rule 2: {allocation.allowed_ma} mA of {most_ma}"

    def _check_sums(self, base):
        for leg in range(self.legs):
            on = [i for i, state in enumerate(self.states) if leg in state.legs]
            total_ma = sum(self.controller.allocations[i].allowed_ma for i in on)
            if total_ma > self.limit_ma - base[leg]:
                for i in on:
                    allocation, state = self.controller.allocations[i], self.states[i]
                    disobeys = allocation.reason == records.DISOBEYS  # as one that is offline
                    if not state.online or not allocation.ready or disobeys:
                        continue
                    assert allocation.allowed_ma <= state.min_ma, "rule 1: a leg"
                    spent = self.controller.budget.used_up() and not self._fits(i, base)
                    assert allocation.allowed_ma == 0 or not spent, "rule 1: held too long"
        for group, breaker_ma in enumerate(self.group_ma, 1):
            members = [i for i, state in enumerate(self.states) if state.group == group]
            drawn_ma = sum(self.cars[i].draw_ma for i in members if self.cars[i])
            assert drawn_ma <= breaker_ma * 80 // 100, f"rule 1: group {group} draws {drawn_ma}"

    def _fits(self, i, base):
        """Its minimum alone fits: it is one of those that others exceed."""
        state = self.states[i]
        return all(
            self.limit_ma - base[leg] >= state.min_ma for leg in state.legs if leg < self.legs
        )

    def _check_rises(self, before):
        for i, allocation in enumerate(self.controller.allocations):
            if allocation.allowed_ma == before[i]:
                continue
            if allocation.allowed_ma > before[i] and self.states[i].car and before[i]:
                more_ma = allocation.allowed_ma - before[i]
                assert more_ma <= RISE_STEP_MA, "rule 4: too much at once"
                assert self.changed_ms[i] >= 2000, "rule 4: too soon"
                self._check_proof(i)
            self.changed_ms[i] = 0

    def _check_proof(self, i):
        """Room has lasted for the whole window, but for peaks of less than a second."""
        proof_ms = len(self.bases) * STEP_MS
        assert not self.legs or proof_ms >= RISE_WINDOW_MS, "rule 4: no proof yet"
        for leg in self.states[i].legs:
            on = [k for k, state in enumerate(self.states) if leg in state.legs]
            total_ma = sum(self.controller.allocations[k].allowed_ma for k in on)
            recent = [base[leg] for base in self.bases[-RISE_WINDOW_MS // STEP_MS + 1 :]]
            seconds = [min(recent[k : k + 5]) for k in range(len(recent) - 4)]
            assert total_ma <= self.limit_ma - max(seconds), "rule 4: room not proven"
