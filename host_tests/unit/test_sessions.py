"""What each car took: counted by the power that flows, kept over any power failure."""

import json
import random
from array import array
from datetime import datetime, timedelta

import pytest
from metered_cars import BEGIN, NAMES, Cars

from headroom.app.sessions import Kept


def near(text, moment):
    """To the second in which the meter looks."""
    return 0 <= (datetime.fromisoformat(text.replace("Z", "+00:00")) - moment).total_seconds() <= 1


def test_each_car_has_what_it_took_and_its_part_of_what_was_not_bought(tmp_path):
    cars = Cars(tmp_path)
    chance = random.Random(2)
    bought_wh = 0.0

    def grid_w():
        nonlocal bought_wh
        watts = chance.choice((-500, 0, 900, 6000, None))
        bought_wh += min(4500, max(0, 4500 if watts is None else watts)) / 3600
        return watts

    cars.run(60, None, None)
    came = cars.now
    cars.run(3600, 3000, 1500, grid_w=grid_w)
    assert [plug.session_wh for plug in cars.plugs] == [3000, 1500]
    cars.run(120, None, 1500, grid_w=6000)
    cars.kept.write()
    first, second = cars.rows()
    assert near(first["begin"], came)
    assert near(first["end"], came + timedelta(hours=1))
    assert first["charger"] == "charger1"
    assert (first["number"], first["seconds"], first["wh"]) == (1, 3600, 3000)
    assert first["sun_wh"] == pytest.approx(3000 - bought_wh * 2 / 3, abs=3)
    assert (first["estimated"], first["restart"]) == (False, "")
    assert (second["number"], second["end"], second["wh"]) == (-1, None, 1550)
    assert second["sun_wh"] == pytest.approx(1500 - bought_wh / 3, abs=3)


def test_a_charger_that_errs_for_a_moment_has_one_session_and_a_tried_plug_none(tmp_path):
    cars = Cars(tmp_path)
    cars.run(1800, 2000).run(50, None).run(1800, 2000)
    gone = cars.now
    cars.run(10, None).run(60, None)
    cars.run(10, 1000).run(100, None)
    cars.kept.write()
    [row] = cars.rows()
    assert near(row["begin"], BEGIN)
    assert near(row["end"], gone)
    assert row["wh"] == 2000
    assert row["seconds"] == 3650


def test_a_relay_has_a_session_while_current_flows_and_for_an_hour_more(tmp_path):
    cars = Cars(tmp_path, rest_ms=60_000)
    for _ in range(3):
        cars.run(600, 0).run(1800, 3600)
    gone = cars.now
    cars.run(3590, 0)
    assert [row["number"] for row in cars.rows()] == [-1]
    cars.run(20, 0)
    [row] = cars.rows()
    assert near(row["end"], gone)
    assert row["wh"] == 3 * 1800


def test_a_time_that_comes_late_is_counted_back_and_one_that_never_comes_is_unknown(tmp_path):
    cars = Cars(tmp_path, clock=False).run(600, 1000, 3000)
    cars.run(100, 1000, None)
    cars.tell()
    cars.run(600, 1000, None).run(70, None, None)
    unknown, late = cars.rows()
    assert (unknown["begin"], unknown["end"], unknown["seconds"]) == (None, None, 600)
    assert near(late["begin"], BEGIN)
    assert late["seconds"] == 1300


def test_what_is_measured_is_told_from_what_is_estimated(tmp_path):
    cars = Cars(tmp_path, signed=False)
    for plug in cars.plugs:
        plug.draw_ma = 10_000
    cars.plugs[0].state.reported_ma[0] = 10_000
    cars.mv = 241_500
    cars.run(3600, 1, 1, measured=False)
    reports, shared = cars.rows()
    assert (reports["wh"], reports["estimated"]) == (2415, False), "its current, our voltage"
    assert (shared["wh"], shared["estimated"]) == (2415, True)
    assert {reports["sun_wh"], shared["sun_wh"]} == {None}, "import is not told from export"
    cars.plugs[0].state.reported_age_ms = 15_000
    cars.run(10, 1, 1, measured=False)
    assert cars.rows()[0]["estimated"], "an old report"
    cars.kept = Kept(str(tmp_path / "other"), NAMES, False)
    cars.plugs[0].state.reported_age_ms = cars.mv = 0
    cars.run(3600, 1, None, measured=False)
    assert (cars.rows()[0]["wh"], cars.rows()[0]["estimated"]) == (2300, True), "no voltage"


@pytest.mark.parametrize(
    ("reports", "wh", "estimated"),
    [([10_000, 10_000, 10_000], 6900, False), ([10_000, 0, 0], 2300, False),
     ([10_000, -1, -1], 6900, True)],
)  # fmt: skip
def test_one_current_for_three_phases_does_not_say_how_many_the_car_uses(
    tmp_path, reports, wh, estimated
):
    cars = Cars(tmp_path)
    cars.mv = 230_000
    plug = cars.plugs[0]
    plug.state.legs = (0, 1, 2)
    plug.phases = 3
    plug.draw_ma = 10_000
    plug.state.reported_ma[:] = array("i", reports)
    cars.run(3600, 1, None, measured=False)
    [row] = cars.rows()
    assert (row["wh"], row["estimated"]) == (wh, estimated)


def test_over_a_restart_a_session_goes_on_with_the_car_that_is_there_or_has_ended(tmp_path):
    cars = Cars(tmp_path).run(3600, 3000, 1500)
    cars.kept.write()
    stored = cars.now
    later = Cars(tmp_path, clock=False)
    for plug in later.plugs:
        plug.state.online = False
    later.run(300, None, None)
    assert [row["wh"] for row in later.rows()] == [3000, 1500], "no charger has answered"
    assert [plug.session_wh for plug in later.plugs] == [3000, 1500]
    for plug in later.plugs:
        plug.state.online = True
    later.run(3600, 3000, None)
    later.kept.write()
    gone, there = later.rows()
    assert near(gone["end"], stored)
    assert (gone["charger"], gone["wh"]) == ("charger2", 1500)
    assert (gone["restart"], gone["seconds"]) == ("ended", 3600)
    assert near(there["begin"], BEGIN)
    assert (there["wh"], there["restart"]) == (6000, "went on")


class Planning:
    def __init__(self, kept):
        self.sessions = kept


def test_the_console_tells_them_to_people_and_tools(desk, tmp_path):
    assert "'set keep_sessions 1' and 'save'" in desk.ask("sessions")
    assert "'set keep_sessions 1' and 'save'" in desk.ask("json sessions")
    cars = Cars(tmp_path)
    desk.wishing._planning = Planning(cars.kept)
    assert desk.ask("sessions") == "none\n"
    cars.run(3600, 3000, 1500, grid_w=3000).run(70, None, 1500, grid_w=3000)
    cars.kept.write()
    first, second, _ = desk.ask("sessions").split("\n")
    assert first == (
        "charger1  2026-03-28T22:00:01Z to 2026-03-28T23:00:00Z, 1 h 0 min, 3.00 kWh, "
        "1.00 of it from the sun"
    )
    assert second.startswith("charger2  2026-03-28T22:00:01Z, goes on, 1 h 1 min, 1.52 kWh, ")
    told = [json.loads(line) for line in desk.ask("json sessions 1").splitlines()]
    assert told == cars.rows()
    for line in ("sessions 0", "sessions x", "json sessions 1001"):
        assert "a whole number from 1 to 1000 goes here" in desk.ask(line)
