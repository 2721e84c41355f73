"""Runs of the demo for the tests beside: the real firmware, several runs at a time.

A run takes as long as it says, so the runs of all selected tests go together, and each test looks
at its own. A module declares them in RUNS: by the name of the test, the seconds, the chargers, the
faults, and the house as (from second, (L1, L2)) steps.
"""

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lab.session import Plan, Session
from lab.sim.faults import parse_faults
from lab.sim.line import crc_ok, written

AT_ONCE = 4


class Steps:
    """A house that draws (L1, L2) from each second of `steps` on."""

    name = "steps"

    def __init__(self, steps):
        self.steps = sorted(steps.items())

    def at(self, t_s):
        return [legs for from_s, legs in self.steps if from_s <= max(0.0, t_s)][-1]


@dataclass
class Run:
    """What a run left behind; all times are seconds of the run.

    result   what demo.json holds
    views    what the panel would have shown, twenty times a second
    frames   (first byte's time, frame) of everything on the line
    """

    models: list
    result: dict = field(default_factory=dict)
    views: list = field(default_factory=list)
    frames: list = field(default_factory=list)

    def truth(self, from_s, to_s):
        """The world between two times."""
        return [v.truth for v in self.views if from_s <= v.truth.t_s < to_s]

    def said(self, from_s, to_s):
        """What `json status` said between two times; it is two seconds old at most."""
        return [v.meter for v in self.views if from_s <= v.truth.t_s < to_s and v.meter]

    def requests(self, from_s, to_s):
        return [(t, f) for t, f in self.frames if f.is_request and from_s <= t < to_s]

    def orders(self, from_s, to_s, charger=0):
        """(time, amperes) of every limit that was sent to a charger."""
        model = self.models[charger]
        return [
            (t_s, amps)
            for t_s, frame in self.requests(from_s, to_s)
            if model.hears(frame.unit) and crc_ok(frame.sent)
            if (amps := model.ordered_a(written(frame.sent))) is not None
        ]


async def play(seconds, chargers, faults, house):
    plan = Plan(
        seconds, Steps(house), chargers, parse_faults(faults, seconds, len(chargers)), True
    )
    never = asyncio.Event()
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
        async with Session(plan, Path(folder)) as session:
            world = session.world
            run = Run([station.model for station in world.stations])
            await session.set_up(never)
            world.line.listeners.append(
                lambda frame: run.frames.append((world.run_time_s(frame.first_s), frame))
            )
            run.result = await session.run(never, run.views.append)
            return run


@pytest.fixture(scope="module")
def runs(request):
    """The runs of all selected tests of the module, by the name of the test."""
    selected = {item.originalname for item in request.session.items}
    plans = {name: plan for name, plan in request.module.RUNS.items() if name in selected}

    async def play_all():
        places = asyncio.Semaphore(AT_ONCE)

        async def in_turn(plan):
            async with places:
                return await play(*plan)

        work = map(in_turn, plans.values())
        return await asyncio.gather(*work, return_exceptions=True)

    return dict(zip(plans, asyncio.run(play_all()), strict=True))


@pytest.fixture
def run(request, runs):
    """The run of this test."""
    run = runs[request.node.originalname]
    if isinstance(run, BaseException):
        raise run
    return run
