"""What each car took: counted by the power that flows, kept over any power failure."""

import builtins
import json
import random
import zlib
from array import array
from datetime import datetime, timedelta, timezone

import pytest

from headroom.app.clock import Clock
from headroom.app.sessions import Kept
from headroom.planning import utc
from headroom.planning.planner import Planner
from headroom.planning.plug import Plug
from headroom.planning.sessions import Sessions
from headroom.records import ChargerState
from headroom.storage import events, pair
from lab.soak.on_flash import Wear

NAMES = ["charger1", "charger2"]
BEGIN = datetime(2026, 3, 28, 22, 0, tzinfo=timezone.utc)


class Cars:
    """Cars at two chargers that draw what a test says, second by second, with a clock or none."""

    def __init__(self, folder=None, clock=True, signed=True, rest_ms=0):
        self.plugs = [
            Plug(ChargerState(6000, 32_000, 80_000, 80_000, 0, (0,), rest_ms=rest_ms), 230)
            for _ in NAMES
        ]
        for plug in self.plugs:
            plug.state.online = True
        self.planner = Planner(self.plugs)
        self.clock = Clock()
        self.now = BEGIN
        if clock:
            self.tell()
        self.kept = Kept(str(folder), NAMES, signed) if folder else None
        self.sessions = self.kept._counted if folder else Sessions(2)
        self.mv = 0

    def tell(self):
        self.clock.tell(*utc.read(f"{self.now:%Y-%m-%dT%H:%M:%SZ}"))

    def run(self, seconds, *watts, grid_w=0, measured=True):
        """A car draws so many watts at charger 1, 2; None: there is none."""
        for plug, draws in zip(self.plugs, watts, strict=False):
            plug.state.car = draws is not None
            plug.state.charging = bool(draws)
            plug.draw_w = (draws or 0) if measured else -1
        for _ in range(seconds):
            self.planner.step(1000, 0)
            self.clock.pass_time(1000)
            self.now += timedelta(seconds=1)
            for plug in self.plugs:
                plug.leg_mv = self.mv
            what = self.plugs, 1000, grid_w() if callable(grid_w) else grid_w, self.clock
            self.kept.step(*what) if self.kept else self.sessions.step(*what)
        return self

    def rows(self):
        return [row for row in self.kept.rows(1000) if row]


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


class PowerCut(BaseException):
    pass


class Flash:
    """The files of a folder; the power fails before byte `left` of what is written."""

    def __init__(self, monkeypatch, left=1 << 30):
        self.left = left
        self.wear = Wear()
        for module in (events, pair):
            monkeypatch.setattr(module, "open", self._open, raising=False)

    def _open(self, path, mode="r"):
        file = builtins.open(path, mode)  # noqa: SIM115
        return Written(self, file, path) if mode[0] in "wa" else file


class Written:
    def __init__(self, flash, file, path):
        self._flash, self._file, self._path = flash, file, path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def write(self, data):
        count = min(len(data), self._flash.left)
        self._file.write(data[:count])
        self._flash.left -= count
        if not self._flash.left:
            self._file.close()
            raise PowerCut

    def close(self):
        self._flash.wear.note(f"close {self._path.rpartition('/')[2]} 0")
        self._file.close()


def test_power_failing_at_any_byte_loses_no_session_and_tells_none_twice(tmp_path, monkeypatch):
    """One ends and one runs while the flash is written; before that both were saved once."""
    size = failed = 0
    for left in range(1, 1000):
        folder = tmp_path / str(left)
        folder.mkdir()
        with monkeypatch.context() as patch:
            cars = Cars(folder).run(1200, 3000, 6000)
            cars.kept.write()
            cars.run(600, 3000, 6000).run(60, None, 6000)
            flash = Flash(patch, left)
            try:
                cars.kept.write()
                size = left
            except PowerCut:
                failed += 1
        later = Cars(folder).run(70, None, 6000)
        later.kept.write()
        again = Cars(folder)
        for rows in (later.rows(), again.rows()):
            ended, runs = rows
            assert (ended["charger"], runs["charger"]) == ("charger1", "charger2"), left
            assert ended["wh"] in (1000, 1500), left
            assert runs["number"] == -1
            assert runs["wh"] in (2000 + 116, 3000 + 100 + 116), left
        if size:
            break
    assert failed > 150, "each byte of the log's record and of the pair"
    assert flash.left > 0


def test_a_day_of_charging_wears_the_flash_for_more_than_a_century(tmp_path, monkeypatch):
    flash = Flash(monkeypatch)
    cars = Cars(tmp_path)
    for second in range(86_400):
        cars.run(1, 3000, 3000)
        if second % 3600 == 3500:
            cars.run(60, None, 3000)
        if cars.kept.due():
            cars.kept.write()
    assert len([row for row in cars.rows() if row["number"] > 0]) == 24
    assert sum(flash.wear.erasures.values()) <= 288 + 2 * 24
    assert flash.wear.years(24) > 100
    idle = Flash(monkeypatch)
    for _ in range(7200):
        cars.run(1, 0, 0)
        if cars.kept.due():
            cars.kept.write()
    assert sum(idle.wear.erasures.values()) <= 2, "cars that are full"


def test_the_log_is_bounded_and_keeps_the_newest(tmp_path):
    cars = Cars(tmp_path)
    for _ in range(400):
        cars.run(36, 3000, 3000).run(60, None, None)
        cars.kept.write()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 18_000
    numbers = [row["number"] for row in cars.rows()]
    assert numbers == list(range(801 - len(numbers), 801))
    assert len(numbers) >= 90
    assert [row["number"] for row in cars.kept.rows(3) if row] == [798, 799, 800]


@pytest.mark.parametrize(
    "text",
    [
        "7", "[]", "null", "[1, 2]", '{"a": 1}', "[0, null, [1]]", "[0, 5, {}]", '["x", null, {}]',
        '[0, null, {"charger1": 5}]', '[0, null, {"charger1": [null, 1, 2]}]',
        '[0, null, {"charger1": [null, 1, 2, 3, true]}]', '[0, [1, 86400], {}]',
        '[0, null, {"charger1": [null, "x", 2, 1, true]}]',
    ],
)  # fmt: skip
def test_what_is_stored_and_cant_be_is_passed_over_and_said(tmp_path, text):
    """As another version, or a mistake of ours, might have written it: CRC and all."""
    seal = zlib.crc32(b"9 " + text.encode())
    (tmp_path / "sessions.a").write_text(f"{text}\n9 {seal:08x}\n")
    line = b"1 1 5 [7]"
    (tmp_path / "sessions.0").write_bytes(b"%08x %s\n" % (zlib.crc32(line), line))
    cars = Cars(tmp_path)
    assert cars.rows() == []
    assert cars.kept.notes == ["sessions.a passed over: not the sessions of some chargers"]
    cars.run(3600, 1000, None).run(70, None, None)
    cars.kept.write()
    assert [row["wh"] for row in Cars(tmp_path).rows()] == [1000]


def test_a_flash_that_takes_nothing_is_said_and_tried_again_later(tmp_path):
    cars = Cars(tmp_path).run(400, 3000, None)
    (tmp_path / "sessions.a").mkdir()
    assert cars.kept.due()
    with pytest.raises(IsADirectoryError):
        cars.kept.write()
    cars.run(200, 3000, None)
    assert not cars.kept.due(), "not with each turn of the bus"
    (tmp_path / "sessions.a").rmdir()
    cars.run(200, 3000, None)
    cars.kept.write()
    assert [row["wh"] for row in Cars(tmp_path).rows()] == [666]


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
