"""Judges a plant by what truly flows, never by what the firmware believes."""

from lab.sim.circuits import LATE_S, SLACK_A, CircuitJudge

# Where nothing measures a car: it is taken to draw 15/16 of what it is offered, and what it does
# not take of an offer shows in its answer to the next one, a dead time later. Whose excess it is
# nobody sees: each of several that obey gives back its part of it, dead time by dead time.
ESTIMATE_SLACK_A, ESTIMATE_LATE_S = 2.0, 2 * 6.0 + 3.0
SAID_S = 1.0  # the reporter looks once a second
# A charger that draws so much above what it was told must be named: less is a meter's error.
NAMED_A, NAMED_SHARE = 2.0, 1.125


class Judge:
    """All lines of a plant, and whether each liar is named."""

    def __init__(self, plant):
        self._plant = plant
        values = plant.values
        rated_a, derate = values["breaker_a"], values["derate_pct"] / 100
        source = values["ev_source"]
        self._estimate = source != "ct" and (source == "estimate" or not plant.all_report)
        how = (ESTIMATE_SLACK_A, ESTIMATE_LATE_S) if self._estimate else (SLACK_A, LATE_S)
        self.legs = [
            CircuitJudge(f"L{leg + 1}", rated_a, rated_a * derate, *how)
            for leg in range(values["legs"])
        ]
        self.groups = {}
        for group in {plug.group for plug in plant.plugs if plug.group}:
            a = values[f"group{group}.breaker_a"]
            self.groups[group] = CircuitJudge(f"group {group}", a, a * 0.8)
        self.unnamed = []
        self._excess_s = [0.0] * len(plant.plugs)
        self._tame_s = [LATE_S] * len(plant.plugs)  # since nobody could lower it
        self.ev_as = 0.0
        self.trace = []

    @property
    def faults(self):
        """What went wrong, in order: (s, sentence)."""
        lines = [*self.legs, *self.groups.values()]
        return sorted([fault for line in lines for fault in line.faults] + self.unnamed)

    def check(self):
        """AssertionError with what went wrong, and what flowed about then."""
        found = self.faults
        if found:
            lines = [f"{s:7.1f} s  {text}" for s, text in found[:8]]
            lines += ["      s  house | true A | told A | kept A"]
            first_s = found[0][0]
            lines += [
                f"{s:7.1f}  {' | '.join(_row(amps) for amps in columns)}"
                for s, *columns in self.trace[::10]
                if first_s - 12 <= s <= first_s + 6
            ]
            raise AssertionError("\n".join(["the plant was not protected:", *lines]))

    def tick(self, dt_s):
        plant = self._plant
        for i, plug in enumerate(plant.plugs):
            self._tame_s[i] = 0.0 if plug.wild else self._tame_s[i] + dt_s
        for leg, line in enumerate(self.legs):
            plugs = [plug for plug in plant.plugs if leg in plug.legs]
            if self._estimate:
                hidden = any(plug.wild and self._unseen(plug) for plug in plugs)
                line.late_s = ESTIMATE_LATE_S * (len(plugs) if hidden else 1)
            self._line(line, plugs, plant.house_a[leg], dt_s)
        for group, line in self.groups.items():
            plugs = [plug for plug in plant.plugs if plug.group == group]
            if not any(plug.wild and self._unseen(plug) for plug in plugs):
                self._line(line, plugs, -self._unseen_greed_a(plugs), dt_s, 1.1)
        for i, plug in enumerate(plant.plugs):
            self.ev_as += plug.true_a * dt_s
            self._look_for_name(i, plug, dt_s)
        true_a = [plug.true_a for plug in plant.plugs]
        told_a = [plant.told_a(i) for i in range(len(plant.plugs))]
        kept_a = [plant.kept_a(i) for i in range(len(plant.plugs))]
        self.trace.append((plant.now_s, plant.house_a, true_a, told_a, kept_a))

    def _unseen(self, plug):
        """Nothing tells that charger's current from the house's."""
        return plug.lie.hidden

    def _unseen_greed_a(self, plugs):
        """What cars draw above their offer where no register and no CT of the group tells it."""
        greedy = [plug for plug in plugs if plug.lie.gain > 1 and not plug.reports]
        return sum(plug.true_a * (1 - 1 / plug.lie.gain) for plug in greedy)

    def _is_wild(self, plug):
        """It also has the dead time and 3 s to come down, once it can be lowered again."""
        return self._tame_s[self._plant.plugs.index(plug)] < LATE_S

    def _line(self, line, plugs, house_a, dt_s, greed=10.0):
        """`greed`: from which gain on a car's excess is the charger's own, not to be lowered."""
        now_s = self._plant.now_s
        own = [plug for plug in plugs if self._is_wild(plug) or plug.lie.gain >= greed]
        others = [plug for plug in plugs if plug not in own]
        fixed_a = house_a + sum(plug.true_a for plug in own)
        others_a = sum(plug.true_a for plug in others)
        least_a = sum(min(plug.true_a, plug.least_a * plug.lie.gain) for plug in others)
        line.tick(now_s, dt_s, fixed_a, others_a, least_a, len(plugs))

    def _can_be_named(self, plug):
        """Its register shows what it holds or draws; or it doesn't answer, which is news too."""
        if plug.cut:
            return True
        shows = plug.reports if plug.lie.gain > 1 else True
        return shows and not plug.lie.hidden

    def _look_for_name(self, i, plug, dt_s):
        told_a = self._plant.told_a(i)
        excess = plug.true_a > told_a * NAMED_SHARE + NAMED_A
        if not excess or not self._can_be_named(plug):
            self._excess_s[i] = 0.0
            return
        self._excess_s[i] += dt_s
        late_s = LATE_S + SAID_S
        if not self._excess_s[i] - dt_s <= late_s < self._excess_s[i]:
            return
        now_s = self._plant.now_s
        said = [text for s, text in self._plant.texts if s > now_s - 2 * LATE_S]
        if not any(plug.name in text for text in (*said, *self._plant.faults)):
            what = f"{plug.name} draws {plug.true_a:.1f} A though told {told_a:.1f} A: not named"
            self.unnamed.append((now_s, what))


def _row(amps):
    return " ".join(f"{a:5.1f}" for a in amps)
