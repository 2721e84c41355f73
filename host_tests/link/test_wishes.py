"""Wishes through the whole firmware in virtual time: sun, schedule, cap, clock.

The world's own watts and Python's own time zones say what is right; the rules are the judge's.
"""

import asyncio
import json
from datetime import datetime, timedelta, timezone

import pytest
from ds3231_model import Ds3231Model
from wishful_home import NEW_YORK, home

from lab.lockstep import loop as virtual

DAY = datetime(2026, 6, 15, tzinfo=NEW_YORK)
LATE = timedelta(seconds=12)  # a second of planning, a turn on the line, how the car is told


def local(hour, minute=0, day=DAY):
    return day.replace(hour=hour, minute=minute).astimezone(timezone.utc)


def pilots(rows):
    return {round(row[3], 1) for row in rows}


@pytest.mark.long
def test_a_day_with_sun_and_schedule_and_a_clock_that_a_power_cut_forgets():
    async def play():
        wishes = (
            "charger1.mode sun charger1.schedule_unknown off",
            'charger1.schedule "daily 21:00-06:00 fast; daily 17:00-18:00 off"',
        )
        async with home(local(5, 56), *wishes) as there:
            await there.live(60)
            assert pilots(there.part(10)) == {0}, "the time is unknown: off"
            told = await there.console.status()
            assert told["planning"]["time"] is None
            assert any("the time is unknown" in fault for fault in told["faults"])
            assert "sun" not in await there.set_clock()
            await there.live(200)
            at_6 = [row for row in there.log if row[0] < local(6)]
            assert min(pilots(at_6[-60:])) >= 16, "fast while it is night"
            assert pilots(there.part(5)) == {0}, "no sun yet"

            await there.jump(local(12, 22))
            await there.live(120 + 240)
            begins = len(there.log)
            await there.live(900)
            sunny = there.log[begins:]
            left = sum(max(0, -house_w) for _, _, house_w, _ in sunny)
            drawn = sum(grid_w - house_w for _, grid_w, house_w, _ in sunny)
            bought = sum(max(0, grid_w) for _, grid_w, house_w, _ in sunny if house_w < 0)
            assert drawn > 0.8 * left
            assert bought < 0.1 * drawn
            told = await there.console.status()
            assert told["chargers"][0]["request_by"] == "sun"
            why = await there.console.ask("why")
            assert [line for line in why.splitlines() if line.startswith(" > sun ")]

            await there.power_cut(20)
            await there.live(60)
            assert pilots(there.part(20)) == {0}, "off until somebody tells the time"
            assert (await there.console.status())["planning"]["time"] is None
            await there.set_clock()
            await there.live(240)
            assert min(pilots(there.part(20))) > 6, "the sun has lasted"

            await there.jump(local(16, 59))
            await there.live(90)
            assert pilots(there.part(10)) == {0}, "17:00"
            assert there.world.judge.broken == []

    virtual.run(play())


@pytest.mark.long
def test_no_window_imports_more_than_the_cap_or_the_house_alone():
    async def play():
        async with home(local(17, 58), "cap_w 5000 cap_window_min 15") as there:
            await there.set_clock()
            await there.live(120 + 2 * 900 + 60)
            windows = there.imported(15)
            assert len(windows) == 2
            for grid_w, house_w in windows.values():
                assert grid_w <= max(5000, house_w) * 1.01
                assert grid_w > 4000, "what is left is used"
            assert len(pilots(there.log)) > 3, "the oven comes and goes"
            told = (await there.console.status())["planning"]
            assert told["cap_cars_w"] is not None
            assert there.world.judge.broken == []

    virtual.run(play())


@pytest.mark.long
def test_the_grid_operators_contact_and_its_broken_wire_limit_what_the_car_draws():
    async def play():
        async with home(local(20), "contact_pin 12", inputs=(12,)) as there:
            await there.set_clock()
            await there.live(90)
            wire = there.pins / "12"
            assert pilots(there.part(10)) == {32}, "free"
            wire.write_text("1")
            await there.live(60)
            drawn_w = [grid_w - house_w for _, grid_w, house_w, _ in there.log]
            assert drawn_w[-61] > 7000
            assert pilots(there.part(54)) == {17}, "4200 W at 240 V, whole amperes"
            assert max(drawn_w[-48:]) <= 4200
            why = await there.console.ask("why")
            assert [line for line in why.splitlines() if line.startswith(" > grid contact ")]
            assert "grid contact limits" in await there.console.ask("status")
            assert (await there.console.status())["planning"]["contact"]["limits"]
            wire.write_text("0")
            await there.live(90)
            assert pilots(there.part(10)) == {32}
            said = [
                line for line in (await there.console.ask("log")).splitlines() if "grid" in line
            ]
            assert len(said) == 4
            assert "Z grid contact limits to 4200 W for all: cars " in said[0]
            cars_w = int(said[1].partition("cars ")[2].partition(" W")[0])
            assert cars_w == pytest.approx(max(drawn_w[-48:]), rel=0.05)
            assert there.world.judge.broken == []

            await there.power_cut(5)
            wire.write_text("1")
            await there.live(60)
            assert max(pilots(there.part(55))) <= 17, "it limits from the start"

    virtual.run(play())


def kwh_of(rows):
    """What the car took in these seconds, by the world's own watts."""
    return sum(grid_w - house_w for _, grid_w, house_w, _ in rows) / 3.6e6


async def sessions(there):
    said = await there.console.ask("json sessions")
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


@pytest.mark.long
def test_a_session_goes_on_over_a_power_cut_and_ends_with_the_car():
    async def play():
        async with home(local(20), "keep_sessions 1") as there:
            await there.set_clock()
            await there.live(120 + 500)
            [runs] = await sessions(there)
            assert runs["wh"] == pytest.approx(kwh_of(there.log) * 1000, rel=0.02)
            assert runs["sun_wh"] <= 2
            before, cut = kwh_of(there.log), len(there.log)
            await there.power_cut(20)
            await there.set_clock()
            await there.live(400)
            there.world.stations[0].model.plugged = False
            await there.live(80)
            after = kwh_of(there.log[cut:])
            [row] = await sessions(there)
            lost = before - (row["wh"] / 1000 - after)
            five_minutes = kwh_of(there.log[200:500])
            assert -0.02 * before < lost <= five_minutes * 1.05
            assert row["restart"] == "went on"
            begun = datetime.fromisoformat(row["begin"].replace("Z", "+00:00"))
            assert abs(begun - local(20)) < timedelta(seconds=30)
            assert there.world.judge.broken == []

    virtual.run(play())


class Battery:
    """A DS3231 behind the file that the meter takes for its I2C."""

    def __init__(self, there):
        self._path = there.pins / "i2c-10-11"
        self.model = Ds3231Model()
        self._path.write_bytes(self.model.registers)

    def set_as_written(self):
        """Take over what the meter has written."""
        self.model.registers[:] = self._path.read_bytes()

    def pass_time(self, seconds):
        self.model.without_power(seconds, battery=True)
        self._path.write_bytes(self.model.registers)


@pytest.mark.long
def test_a_ds3231_has_the_time_after_a_power_cut_and_one_without_battery_is_named():
    async def play():
        schedule = 'charger1.schedule "daily 17:00-18:00 off" charger1.schedule_unknown off'
        async with home(local(16, 57), schedule) as there:
            chip = Battery(there)
            await there.console.configure("set clock_sda_pin 10 clock_scl_pin 11")
            await there.console.send("save")
            await asyncio.sleep(0.2)
            await there.console.until_up(60)
            await there.live(10)
            faults = await there.console.ask("faults")
            assert "DS3231 has lost the time" in faults
            assert "the time is unknown" in faults
            await there.set_clock()
            chip.set_as_written()
            assert abs(chip.model.now - there.now.replace(tzinfo=None)) < timedelta(seconds=2)
            await there.live(60)
            assert pilots(there.part(5)) == {32}, "before 17:00"
            told_at = chip.model.now
            chip.pass_time((there.now.replace(tzinfo=None) - told_at).total_seconds() + 5)
            await there.power_cut(5)
            await there.live(240)
            for at, _, _, pilot_a in there.part(90):
                if at > local(17) + LATE:
                    assert pilot_a == 0, at
            assert max(pilots([row for row in there.log if row[0] < local(17)][-5:])) == 32
            assert "none" in await there.console.ask("faults")
            assert there.world.judge.broken == []

            chip.model.without_power(1)
            chip.pass_time(0)
            await there.power_cut(5)
            await there.live(20)
            assert "DS3231 has lost the time" in await there.console.ask("faults")
            assert "DS3231 has lost the time" in await there.console.ask("log")
            assert (await there.console.status())["planning"]["time"] is None

    virtual.run(play())


def wanted(at):
    """What a schedule asks for at a moment, by Python's own zone: (least, most) pilot in A."""
    minute = at.astimezone(NEW_YORK).hour * 60 + at.astimezone(NEW_YORK).minute
    if 90 <= minute < 150:
        return 0, 0
    return (8, 8) if 150 <= minute < 210 else (9, 80)


@pytest.mark.long
@pytest.mark.parametrize(
    "edges",
    [
        ["2026-03-08T06:30", "2026-03-08T07:00", "2026-03-08T07:30"],
        ["2026-11-01T05:30", "2026-11-01T06:00", "2026-11-01T06:30", "2026-11-01T07:30"],
    ],
    ids=["an hour is skipped", "an hour is lived twice"],
)
def test_a_schedule_lives_through_a_change_of_the_clocks(edges):
    async def play():
        edges_utc = [datetime.fromisoformat(edge + "+00:00") for edge in edges]
        schedule = 'charger1.schedule "daily 01:30-02:30 off; daily 02:30-03:30 8A"'
        async with home(edges_utc[0], schedule) as there:
            for edge in edges_utc:
                await there.jump(edge - timedelta(seconds=45))
                jumped = there.now
                await there.live(90)
                for at, _, _, pilot_a in there.part(90):
                    if at - jumped < timedelta(seconds=40) or timedelta() <= at - edge < LATE:
                        continue
                    least_a, most_a = wanted(at)
                    assert least_a <= round(pilot_a, 1) <= most_a, (at, pilot_a)
            assert there.world.judge.broken == []

    virtual.run(play())
