"""What may be wished, through the console: what can't be is refused with what is allowed."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from desk import CHARGER, Desk

from headroom.app.clock import Clock
from headroom.planning import utc
from headroom.settings import table

SUNNY = "set voltage zmpt101b ev_source register"
CAN_BE = (
    "zone CET-1CEST,M3.5.0,M10.5.0/3",
    "zone <+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
    'charger1.schedule "mon-fri 22:00-06:00 fast; sat,sun 10:00-16:00 10A"',
    "charger1.schedule_unknown off",
    'tariff_otherwise 0.25 tariff "daily 17:00-20:00 0.41" charger1.charge_below 0.3',
    "charger1.finish 02:30 charger1.finish_kwh 20",
    "cap_w 5000 cap_window_min 60",
    "import_w -200",
    "contact_pin 12 contact_limits closed contact_w 0 contact_a 8",
    "charger1.mode off",
)
CANT_BE = (
    ("zone nowhere", "'nowhere' is no time zone"),
    ("zone none", "is no time zone"),
    ('charger1.schedule "mon 10:00-12:00 off; mon 11:00-13:00 fast"', "overlaps"),
    ('charger1.schedule "mon-fri 25:00-26:00 off"', "00:00 to 24:00"),
    ('charger1.schedule "mon 10:00-12:00 5A"', "6A to 80A"),
    ('charger1.schedule "mon 10:00-12:00', "the second quotation mark is missing"),
    ("charger1.schedule " + 80 * "off;", "at most 300 plain characters"),
    ("charger1.mode turbo", "one of: fast, sun+min, sun, off"),
    ("charger1.mode sun", "fit a sensor of the voltage"),
    ('charger1.schedule "daily 10:00-12:00 sun+min"', "fit a sensor of the voltage"),
    ('charger1.schedule "daily 10:00-12:00 off" charger1.schedule_unknown sun', "fit a sensor"),
    ("charger1.charge_below 0.3", "tariff_otherwise"),
    ("tariff_otherwise cheap", "a number such as 0.345"),
    ('tariff_otherwise 0.25 tariff "daily 17:00-20:00 dear"', "a number such as 0.345"),
    ('tariff "daily 17:00-20:00 0.4"', "tariff_otherwise is missing"),
    ("tariff_otherwise 0.25 charger1.charge_below low", "a number such as 0.345"),
    ("charger1.finish 7", "00:00 to 24:00"),
    ("charger1.finish_kwh 0", "from 1 to 200 kWh"),
    ("cap_w 500", "0 (no cap), or 1000 to 100000"),
    ("cap_w 5000 cap_window_min 20", "15, 30 or 60"),
    ("import_w 6000", "from -5000 to 5000 W"),
)


@pytest.fixture
def home(desk, monkeypatch):
    monkeypatch.setattr(table, "free_pins", (10, 11, 12, 13))
    monkeypatch.setattr(table, "board", SimpleNamespace(NTC_PIN=13, CHANNELS=("L1", "L2", "EV")))
    desk.ask("set charger1.profile heidelberg")
    return desk


@pytest.mark.parametrize("wish", CAN_BE)
def test_a_wish_is_taken_dumped_and_taken_again(home, tmp_path, wish):
    assert "in force after 'save'" in home.ask("set " + wish)
    (tmp_path / "other").mkdir()
    other = Desk(tmp_path / "other")
    assert "error" not in other.type(home.ask("dump", 2000), 5000)
    assert other.ask("hash") == home.ask("hash")
    assert other.configuration.wanted() == home.configuration.wanted()
    assert all(json.loads(line) for line in home.ask("json get", 2000).splitlines())


@pytest.mark.parametrize(("wish", "said"), CANT_BE)
def test_a_wish_that_cant_be_is_refused_as_a_whole(home, wish, said):
    before = home.configuration.wanted()
    answer = home.ask("set " + wish)
    assert re.fullmatch(r"error: [^\n]+; nothing was changed\n", answer)
    assert said in answer
    assert home.configuration.wanted() == before


def test_with_a_voltage_the_sun_may_be_followed(home):
    home.ask(SUNNY)
    assert "charger1.mode = sun;" in home.ask("set charger1.mode sun")
    assert "fit a sensor" in home.ask("set voltage none")


def test_behind_an_ev_ct_the_sun_is_refused(home, monkeypatch):
    """On a board whose voltage has an input of its own."""
    monkeypatch.setattr(table, "voltage_place", "V")
    home.ask("set voltage zmpt101b")
    for wish in (
        "charger1.mode sun+min",
        'charger1.schedule "daily 10:00-12:00 sun"',
        'charger1.schedule "daily 10:00-12:00 off" charger1.schedule_unknown sun',
    ):
        assert "ev_source register or estimate" in home.ask("set " + wish)


def test_each_line_of_the_page_on_wishes_is_taken(home):
    page = (Path(__file__).parents[2] / "docs" / "wishes.md").read_text(encoding="utf-8")
    lines = re.findall(r"^    > (.+)$", page, re.MULTILINE)
    assert len(lines) >= 7
    home.free_bytes = 100_000  # all of it together has no room on a copied Pico
    for line in lines:
        said = home.ask(line, 1000)
        assert "in force after 'save'" in said or said == "saved; restarting\n", said


def test_what_finds_no_memory_is_refused_before_a_restart_fails(home):
    home.free_bytes = 10_000
    said = home.ask("set charger1.mode off")
    assert "no memory for 1 more charger and what is wished: freeze" in said
    assert "2 more chargers and what is wished" in home.ask(
        "set charger1.mode off charger2.profile evse_wb charger2.address 2"
    ), "none of the two runs yet"
    home.free_bytes = 22_000
    assert "in force after 'save'" in home.ask("set charger1.mode off")
    assert "no memory for" in home.ask(SUNNY)


def test_a_cap_below_what_the_house_draws_anyway_is_refused_with_what_was_seen(home):
    home.seen.idle_w = 1450
    said = home.ask("set cap_w 1400")
    assert "cap_w 1400: the house alone has drawn 1450 W at least" in said
    assert "in force after 'save'" in home.ask("set cap_w 1500")
    home.seen.idle_w = 1600
    assert "in force after 'save'" in home.ask("set import_w 100"), "that is no news"


def test_an_owner_needs_no_pin_for_a_wish_but_for_the_contact(home):
    home.ask("pin 4321", 1000)
    home.ask("lock")
    for wish in CAN_BE:
        needs_pin = "contact" in wish  # it is the installer's wiring
        said = home.ask("set " + wish)
        assert ("'unlock PIN' first" if needs_pin else "in force after 'save'") in said
    assert "'unlock PIN' first" in home.ask("set breaker_a 90")


def test_a_set_of_values_from_elsewhere_is_held_against_the_same_rules():
    for value in ("\n", '"', "\\", "é", 5, None, "x" * 301):
        with pytest.raises(table.Refused, match="plain characters"):
            table.check_value("charger1.schedule", table.row_of("charger1.schedule"), value)


class Planning:
    """Two chargers, the second with the sun in memory."""

    def __init__(self):
        self.clock, self.clock_chip = Clock(), None
        self.chosen = {"charger1": "fast", "charger3": "sun"}

    def modes(self):
        return list(self.chosen.items())

    def choose(self, name, mode):
        if name == "charger1" and "sun" in mode:
            return False
        self.chosen[name] = mode
        return True

    def time(self):
        return utc.written(self.clock.day, self.clock.second) if self.clock.known else ""

    def set_time(self, text):
        self.clock.tell(*utc.read(text))


@pytest.fixture
def planning(desk):
    desk.wishing._planning = planning = Planning()
    return planning


def test_a_mode_is_chosen_shown_and_refused_with_what_is_allowed(desk, planning):
    assert desk.ask("mode") == "charger1: fast\ncharger3: sun\n"
    assert desk.ask("mode 3 off").startswith("charger3: off until a restart; ")
    assert planning.chosen["charger3"] == "off"
    for line in ("mode 2 off", "mode 3", "mode 3 turbo", "mode charger3 off", "mode 1 sun off"):
        assert "one of charger1, charger3, and one of fast, sun+min, sun, off" in desk.ask(line)
    assert "nothing in memory for the sun: 'set charger1.mode sun' and 'save'" in desk.ask(
        "mode 1 sun"
    )
    assert planning.chosen == {"charger1": "fast", "charger3": "off"}


def test_the_time_is_set_and_its_drift_is_said(desk, planning):
    assert desk.ask("time").startswith("unknown; ")
    assert desk.ask("time 2026-11-26T21:04:05Z") == "2026-11-26T21:04:05Z\n"
    planning.clock.pass_time(86_400_000)
    assert json.loads(desk.ask("json time")) == {"time": "2026-11-27T21:04:05Z"}
    assert desk.ask("time 2026-11-27T21:04:01Z") == (
        "2026-11-27T21:04:01Z; it was 4 s ahead after 24 h 0 min\n"
    )
    for line in ("time now", "time 2026-11-27 21:04:01", "json time 1"):
        assert "UTC such as" in desk.ask(line)
    assert planning.time() == "2026-11-27T21:04:01Z"


def test_where_nothing_is_wished_the_commands_say_what_would_be(desk):
    for line in ("mode", "mode 1 off", "time", "json time"):
        assert "there is no cap_w; see 'help charger1'" in desk.ask(line)


def test_why_marks_what_binds(desk, monkeypatch):
    rows = [("sun", 8000, "follows the surplus", True), ("L1", 20_500, "", False)]
    told = SimpleNamespace(why=lambda: iter([(CHARGER, iter(rows))]))
    monkeypatch.setattr(desk.views, "_status", told)
    said = desk.ask("why").splitlines()
    assert said[-2].split() == [">", "sun", "8.0", "A", "follows", "the", "surplus"]
    assert said[-1].split() == ["L1", "20.5", "A"]
    told = json.loads(desk.ask("json why"))
    assert told["name"] == "charger1"
    assert told["limits"][0] == {
        "name": "sun", "ma": 8000, "why": "follows the surplus", "binds": True,
    }  # fmt: skip
