"""The whole firmware with a voltage that fails: watts say so, and chargers are told the same.

In virtual time, where the same world gives the same bytes each time.
"""

import asyncio
import tempfile
from functools import cache
from pathlib import Path

import pytest

from lab.lockstep import loop as virtual
from lab.lockstep.session import LockstepSession
from lab.session import STARTUP_S, Plan
from lab.sim.house import House
from lab.sim.voltage import FAULTS, VOLTS, VoltageFrontEnd

SECONDS = 60.0
FROM_S, TO_S = 22.0, 50.0
KINDS = [*FAULTS, "wrong frequency"]
SAYS = {
    "open": "below half of nominal_v",
    "half of the wave": "half of the wave is missing",
    "20 % low": "more than 15 % below nominal_v",
    "swapped with a CT": "are the voltage and a CT swapped?",
    "frozen": "stuck: the converter gives the same count",
    "wrong frequency": "frequency outside 45 to 65 Hz",
}


@cache
def evening(fault):
    """(frames on the line, [(seconds, status, true W of each leg)], figures) of one run."""

    async def play():
        plan = Plan(SECONDS, House(3), (("heidelberg", 1), ("evse_wb", 2)), [], True)
        never = asyncio.Event()
        frames, seen = [], []
        with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
            session = LockstepSession(plan, Path(folder))
            world = session.world
            front = world.front_end = VoltageFrontEnd()
            async with session:
                await session.set_up(never)
                await session.console.configure("set ev_source register voltage zmpt101b")
                await session.console.send("save")
                await asyncio.sleep(0.2)
                await session.console.until_up(STARTUP_S)
                await asyncio.sleep(20)
                world.line.listeners.append(
                    lambda frame: (
                        frames.append((world.t_s, frame.received)) if frame.is_request else None
                    )
                )

                def show(view):
                    front.fault = fault if FROM_S <= world.t_s < TO_S else None
                    if view.meter:
                        first_a = [
                            base_a * (1 - channel.third_share**2) ** 0.5 + view.truth.car_a
                            for base_a, channel in zip(
                                (view.truth.base_l1_a, view.truth.base_l2_a),
                                front.channels,
                                strict=False,
                            )
                        ]
                        watts = [VOLTS * amperes for amperes in first_a]
                        seen.append((world.t_s, view.meter, watts))

                figures = await session.run(never, show)
        return frames, seen, figures

    return virtual.run(play())


def orders(frames):
    """What chargers are told to do, in its order, without what they are asked."""
    return [received for _, received in frames if received[1] in (6, 16)]


def at_most_apart_s(frames, others):
    """The moment depends on how much the console says meanwhile, by a turn of the loop."""
    times = [[t_s for t_s, received in run if received[1] in (6, 16)] for run in (frames, others)]
    return max(abs(a - b) for a, b in zip(*times, strict=True))


def test_with_a_sound_voltage_the_watts_are_those_that_flow():
    frames, seen, figures = evening(None)
    assert len(frames) > 100
    assert figures["rules_broken"] == []
    assert all(status["voltage"]["good"] for _, status, _ in seen)
    right = [
        all(
            abs(leg["w"] - watts) <= 0.01 * watts + 10
            for leg, watts in zip(status["legs"], true_w, strict=True)
        )
        for _, status, true_w in seen
    ]
    # Loads come and go; the status is up to a second older than the truth beside it.
    assert sum(right) > 0.5 * len(right)


@pytest.mark.long
@pytest.mark.parametrize("fault", KINDS)
def test_watts_become_unknown_and_no_order_to_a_charger_differs(fault):
    frames, _, _ = evening(None)
    faulty, seen, figures = evening(fault)
    assert orders(faulty) == orders(frames)
    assert at_most_apart_s(faulty, frames) <= 0.2
    assert figures["rules_broken"] == []
    late = [status for t_s, status, _ in seen if FROM_S + 20 <= t_s < TO_S - 1]
    assert late
    for status in late:
        assert not status["voltage"]["good"]
        assert [leg["w"] for leg in status["legs"]] == [None, None]
    told = [text for status in late for text in status["voltage"]["faults"]]
    assert any(SAYS[fault] in text for text in told)
    assert any(SAYS[fault] in text for status in late for text in status["faults"])
    after = seen[-1][1]
    assert after["voltage"]["good"] or fault == "swapped with a CT"
