"""Random plants with liars: each seed is a house, its chargers, and what they lie about when."""

import functools
import os
import random
from pathlib import Path

from liars import (
    LIMITS,
    Busy,
    CutAfterARaise,
    Foreign,
    Greedy,
    Late,
    Mute,
    Reports,
    Restarted,
    Stuck,
)
from lying_plant import Plant
from plug import FAMILIES, Car, Honest

from headroom.settings import table, together
from lab.sim.trace import Trace

RUN_S = 160.0
RECORDED, RECORDED_S = "redd_house5_split_phase_3s.csv.gz", 172_797
LEG_MAPS = {
    0: ("",),
    1: ("",),
    2: ("", "", "L1L2", "L1", "L2"),
    3: ("L1", "L2", "L3", "", "L2L3L1", "L3L1L2"),
}

# What may happen to a plug: (name, how it begins). All but `cut` end by an honest charger.
LIES = {
    "stuck": lambda plant, plug, chance: Stuck(plug, _most_a(plug, chance)),
    "stuck, hidden": lambda plant, plug, chance: Stuck(plug, plug.model.max_a, True),
    "quick restart": lambda plant, plug, chance: Restarted(plug, chance.uniform(0.6, 1.0)),
    "long restart": lambda plant, plug, chance: Restarted(plug, chance.uniform(5, 40)),
    "cut after a raise": lambda plant, plug, chance: CutAfterARaise(),
    "mute": lambda plant, plug, chance: Mute(chance.choice((0.0, 0.5)), chance.random()),
    "greedy": lambda plant, plug, chance: Greedy(),
    "late": lambda plant, plug, chance: Late(plant.line, *chance.choice(((100, 400), (300, 900)))),
    "another's reply": lambda plant, plug, chance: Foreign(plant.line, seed=chance.random()),
    "frozen report": lambda plant, plug, chance: Reports(plug),
    "absurd report": lambda plant, plug, chance: Reports(plug, chance.choice((0.0, 32.0, 100.0))),
    "currents refused": lambda plant, plug, chance: Busy(),
    "cut": None,
    "cut since power-on": None,
    "babbling": None,
    "EV CT double": None,
    "none": None,
}


def random_house(chance, legs, limit_a, begin_s):
    """Steps of every leg; when the lie has begun it gets crowded, empty, or goes on as before."""
    quiet, full = (0.05, 0.3), (0.6, chance.choice((0.9, 1.0, 1.05)))
    before, after = chance.choice(((quiet, full), (quiet, full), (quiet, full), (full, quiet)))
    turn_s = begin_s + chance.uniform(5, 40)
    plans = []
    for _ in range(legs):
        plan, t_s = [], 0.0
        while t_s < RUN_S + 60:
            plan.append((t_s, chance.uniform(*(before if t_s < turn_s else after)) * limit_a))
            t_s += chance.choice((3, 10, 30, 60)) * chance.uniform(0.5, 1.5)
        plans.append(plan)

    def house(t_s):
        return [next(a for since_s, a in reversed(plan) if since_s <= t_s) for plan in plans]

    return house


@functools.lru_cache(maxsize=1)
def _recording():
    """A recorded split-phase house; None where the data isn't."""
    folder = os.environ.get("HEADROOM_DATA_DIR")
    return Trace(Path(folder) / RECORDED, start_s=0.0) if folder else None


def recorded_house(chance, house):
    """A random while of it on top of what `house` draws; None where the data isn't."""
    trace = _recording()
    start_s = chance.uniform(0, RECORDED_S - RUN_S)

    def at(t_s):
        pairs = zip(house(t_s), trace.at(start_s + t_s), strict=True)
        return [steps_a * 0.8 + recorded_a for steps_a, recorded_a in pairs]

    return trace and at


def build(seed, lie=None):
    """(plant, what it is about, what puts the lie on its agenda once it is entered)."""
    chance = random.Random(seed)
    lie = lie or chance.choice(list(LIES))
    source = "ct" if lie == "EV CT double" else chance.choice(("ct", "register", "estimate"))
    legs = chance.choice((1, 2, 2) if source == "ct" else (0, 1, 2, 2, 3))
    breaker_a = chance.choice((63, 100, 100))
    values = {
        "legs": legs,
        "breaker_a": breaker_a,
        "derate_pct": chance.choice((80, 100)),
        "ev_source": source,
        "conservative": chance.choice((0, 0, 0, 1)),
    }
    grouped = legs == 0 or chance.random() < 0.5
    if grouped:
        values["group1__breaker_a"] = chance.choice((40, 40, 63))
    maps = ("",) if source == "ct" else LEG_MAPS[legs]
    chargers = []
    for _ in range(chance.choice((1, 2, 2, 3, 4))):
        family = chance.choice(list(FAMILIES))
        own = {
            "group": 1 if grouped and (legs == 0 or chance.random() < 0.8) else 0,
            "legs": chance.choice(maps),
            "fallback_a": chance.choice((6, 6, 16, 32)),
            "max_a": 32,
        }
        car = _car(chance)
        if legs == 3:
            car.phases = chance.choice((1, 2, 3, 3))
        chargers.append((family, own, car))
    chargers = _allowed(values, chargers)
    limit_a = breaker_a * values["derate_pct"] / 100
    begin_s = chance.uniform(30, 80)
    house = random_house(chance, legs, limit_a, begin_s)
    if legs == 2 and chance.random() < 0.3:
        house = recorded_house(chance, house) or house
    plant = Plant(chargers, house, seed, **values)
    families = " ".join(family for family, _, _ in chargers)
    about = f"seed {seed}: {lie}; {source}, {legs} legs, {breaker_a} A, {families}"
    return plant, about, lambda: _plan(plant, lie, chance, begin_s)


def _car(chance):
    return Car(
        chance.choice((16, 32, 40, 40)),
        chance.uniform(0.3, 3.0),
        chance.uniform(2, 8),
        chance.uniform(15, 30),
        chance.uniform(0.93, 1.0),
    )


def _allowed(values, chargers):
    """The same with fallbacks that the settings take."""
    for _ in range(4):
        tried = table.defaults()
        tried.update({name.replace("__", "."): value for name, value in values.items()})
        for n, (family, own, _) in enumerate(chargers, 1):
            for key, value in {"profile": family, "address": n + 1, **own}.items():
                table.put(tried, f"charger{n}.{key}", value)
        try:
            together.check(tried)
            return chargers
        except table.Refused as error:
            why = error
            for _, own, _ in chargers:
                own["fallback_a"] = 6
    raise why


def _plan(plant, lie, chance, begin_s):
    """Put the lie on the agenda: one or two liars, from some moment on."""
    if lie == "EV CT double":
        plant.ev_ct_factor = 2.0
        return
    liars = chance.sample(plant.plugs, min(len(plant.plugs), chance.choice((1, 1, 2))))
    for plug in plant.plugs:
        if plug in liars:
            plug.car.max_a = 40
        elif chance.random() < 0.3:
            plant.at(chance.uniform(30, RUN_S), lambda car=plug.car: setattr(car, "wants", False))
    end_s = begin_s + chance.choice((20, 60, 1000, 1000))
    if lie == "babbling":
        share = chance.choice((0.0, 0.3))
        plant.at(begin_s, lambda: _disturb(plant.line, chance.randint(1, 170), share))
        plant.at(end_s, lambda: _disturb(plant.line, 0, 0.0))
        return
    for plug in liars:
        if lie == "cut since power-on":
            plug.cut = True
        elif lie == "cut":
            plant.at(begin_s, lambda plug=plug: setattr(plug, "cut", True))
            plant.at(end_s, lambda plug=plug: setattr(plug, "cut", False))
        elif lie != "none":
            plant.at(begin_s, lambda plug=plug: _begin(plant, plug, lie, chance))
            if "restart" not in lie and lie != "cut after a raise":
                plant.at(end_s, lambda plug=plug: setattr(plug, "lie", Honest()))


def _most_a(plug, chance):
    """A current for its registers to show; None: what it has."""
    return (
        chance.choice((plug.model.max_a, plug.model.max_a, None))
        if plug.model.name in LIMITS
        else None
    )


def _begin(plant, plug, lie, chance):
    plug.lie = LIES[lie](plant, plug, chance)


def _disturb(line, babble, spoiled):
    line.babble, line.spoiled = babble, spoiled
