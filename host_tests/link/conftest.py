"""Runs of the demo for the tests beside: the real firmware, in virtual or in real time.

A module declares them in RUNS: by the name of the test, the seconds, the chargers, the faults, and
the house as (from second, (L1, L2)) steps. Those marked `real_time` take as long as they say.
"""

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lab.lockstep import loop as virtual
from lab.lockstep.session import LockstepSession
from lab.session import Plan, Session
from lab.sim.faults import parse_faults
from lab.sim.frames import crc_ok, written
from lab.sim.house import Steps


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


async def play(seconds, chargers, faults, house, session_of=LockstepSession):
    """A whole run, on whichever event loop fits the session."""
    plan = Plan(
        seconds, Steps(house), chargers, parse_faults(faults, seconds, len(chargers)), True
    )
    never = asyncio.Event()
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
        async with session_of(plan, Path(folder)) as session:
            world = session.world
            run = Run([station.model for station in world.stations])
            await session.set_up(never)
            world.line.listeners.append(
                lambda frame: run.frames.append((world.run_time_s(frame.first_s), frame))
            )
            run.result = await session.run(never, run.views.append)
            return run


@pytest.fixture
def run(request):
    """The run of this test."""
    if request.node.get_closest_marker("real_time"):
        return asyncio.run(play(*request.module.RUNS[request.node.originalname], Session))
    return request.getfixturevalue("in_virtual_time")


@pytest.fixture
def in_virtual_time(request):
    """The run of this test, whatever it is marked."""
    return virtual.run(play(*request.module.RUNS[request.node.originalname]))


@pytest.fixture
def played():
    """A function of (session, seconds, chargers, faults, house): that run in virtual time."""
    return lambda session_of, *plan: virtual.run(play(*plan, session_of))
