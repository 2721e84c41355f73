"""The firmware in virtual time: the same bytes each time, every family, figures of what flowed."""

import asyncio
import hashlib
import json
import math
import tempfile
from pathlib import Path

import pytest
import typer

from lab import demo
from lab.lockstep import loop as virtual
from lab.lockstep.session import LockstepSession
from lab.session import Plan
from lab.sim import idle
from lab.sim.chargers import ALL
from lab.sim.faults import parse_faults
from lab.sim.house import House, Steps

TWO = (("heidelberg", 1), ("evse_wb", 2))


def transcript(house, faults=("noise@4-9", "samples_off@12-15"), chargers=TWO, seconds=20.0):
    """The hash of all that firmware and chargers say, and the figures."""

    async def play():
        schedule = parse_faults(faults, seconds, len(chargers))
        plan = Plan(seconds, house, chargers, schedule, compressed=True)
        said = hashlib.sha256()
        never = asyncio.Event()
        with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
            async with LockstepSession(plan, Path(folder)) as session:
                session.firmware.transcript = said.update
                session.world.line.listeners.append(
                    lambda frame: said.update(repr((frame.first_s, frame.received)).encode())
                )
                await session.set_up(never)
                result = await session.run(never, lambda view: None)
        return said.hexdigest(), result

    return virtual.run(play())


def test_the_same_seed_gives_the_same_bytes_and_another_one_others():
    first, second, other = transcript(House(1)), transcript(House(1)), transcript(House(2))
    assert first == second
    assert first[1]["frames_bad"] > 0
    assert first[0] != other[0]


@pytest.mark.long
@pytest.mark.parametrize("family", ALL)
def test_every_family_charges_is_lowered_and_breaks_no_rule(family):
    """14 A are left from second 18 on, then less than its minimum: 0.95 of it flows in the end."""
    house = Steps({0: (20.0, 15.0), 18: (66.0, 30.0), 23: (30.0, 77.0)})
    _, result = transcript(house, (), ((family, 2),), 27.0)
    assert result["rules_broken"] == []
    assert result["frames_bad"] == result["frames_lost"] == 0
    assert result["lowered"] >= 2
    assert result["pauses"] == 0
    series = result["series"]
    rows = list(zip(series["t_s"], series["offer_a"], series["car_a"], strict=True))
    assert min(offer_a for t_s, offer_a, _ in rows if 17 < t_s < 18) >= 16.0
    for t_s, offer_a, car_a in rows:
        if 20.5 < t_s < 23:
            assert 13.4 <= offer_a <= 14.0
            assert car_a == pytest.approx(0.95 * offer_a, abs=0.05)
    assert {offer_a for t_s, offer_a, _ in rows if t_s > 26} == {6.0}


KEYS = """duration_s house charger firmware limit_a frames_ok frames_bad frames_lost overload_as
overload_by_house_alone_as breaker_tripped breaker_tripped_at_s reaction_ms
reaction_above_rating_ms kwh_delivered kwh_oracle pauses chargers faults rules_broken series
left_idle virtual speed miles kwh_fixed_16a fixed_16a_tripped breaker_heat_share highest_a
lowered"""


@pytest.mark.long
def test_the_demos_figures_follow_from_what_flowed(tmp_path, capsys):
    """The air conditioner starts at second 240. The breaker's time constant is 60 s.

    The car of a fixed 16 A has 1.5 s of dead time, then rises by 6 A a second. 117 miles take
    33.7 kWh.
    """
    with pytest.raises(typer.Exit) as ended:
        demo.demo(duration=255.0, out=tmp_path)
    assert ended.value.exit_code == 0
    result = json.loads((tmp_path / "demo.json").read_text())
    series = result["series"]
    assert set(result) == set(KEYS.split())
    assert result["virtual"]
    assert result["rules_broken"] == []
    step_s = series["t_s"][1] - series["t_s"][0]
    kwh = sum(series["car_a"]) * 240 * step_s / 3.6e6
    assert result["kwh_delivered"] == pytest.approx(kwh, rel=0.01)
    assert result["miles"] == pytest.approx(result["kwh_delivered"] * 117 / 33.7, abs=0.06)
    steady_s = 255 - 1.5 - 15.2 / 6 / 2
    assert result["kwh_fixed_16a"] == pytest.approx(15.2 * 240 * steady_s / 3.6e6, rel=0.002)
    assert result["lowered"] == 1, "the compressor's start"
    assert result["highest_a"]["L1"] > 6 + 100 + 36
    heat = (series["base_l1_a"][0] / 100) ** 2
    hottest = 0.0
    for amps in series["l1_a"]:
        heat += ((amps / 100) ** 2 - heat) * (1 - math.exp(-step_s / 60))
        hottest = max(hottest, heat)
    assert result["breaker_heat_share"]["L1"] == pytest.approx(hottest / 1.13**2, abs=0.02)
    said = capsys.readouterr().out
    assert f"{result['kwh_delivered']:.2f} kWh, {result['miles']:.1f} miles" in said
    assert "No rule was broken and the breaker held." in said


def test_one_that_is_left_with_too_little_fails_the_demo(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(idle, "RISES_S", 2.0)  # less than the proof of headroom takes
    with pytest.raises(typer.Exit) as ended:
        demo.demo(duration=5.0, out=tmp_path)
    assert ended.value.exit_code == 1
    (left,) = json.loads((tmp_path / "demo.json").read_text())["left_idle"]
    assert f"CHARGED TOO LITTLE at {left['at_s']:.1f} s: {left['text']}" in capsys.readouterr().out
