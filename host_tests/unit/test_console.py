"""The console's shell, line editor and commands, typed at as a user or a tool would."""

import json
import random
import re
import string
from pathlib import Path
from types import SimpleNamespace

import pytest

from headroom import lock as lock_module
from headroom import settings
from headroom.console.access import Access
from headroom.console.commands import Commands
from headroom.console.configuration import Configuration
from headroom.console.setup import Setup
from headroom.console.shell import Shell
from headroom.console.views import Views
from headroom.events import Events
from headroom.lock import Lock
from headroom.slots import Slots
from headroom.store import Store


class Figures(dict):
    """A dict of the status; a figure that this test doesn't care for is 0."""

    def __missing__(self, name):
        return 0


LEG = Figures(name="L1", ma=20700, limit_ma=80000)
CHARGER = Figures(name="charger1", reason="rising", limited_by="L1", online=True, state="C")


class Terminal:
    """Takes all, gives what was typed."""

    def __init__(self):
        self.typed = b""
        self.shown = b""

    def read_into(self, buffer):
        count = min(len(buffer), len(self.typed))
        buffer[:count] = self.typed[:count]
        self.typed = self.typed[count:]
        return count

    def write(self, buffer, count):
        self.shown += bytes(buffer[:count])
        return count


class Desk:
    """A console on a meter that stands still, its flash in a folder."""

    def __init__(self, folder):
        self.room = 25
        self.stops = []
        self.terminal = Terminal()
        self.events = Events(str(folder))
        self.lock = Lock(Slots(str(folder), "lock"))
        self.store = Store(str(folder))
        values = self.store.load()
        self.configuration = Configuration(
            values, self.store, self.lock, self._calibrate, self.events, self._stop, self._room
        )
        access = Access(self.lock, self.events)
        views = Views(_status(), self.configuration.unsaved, self.lock, self.events)
        groups = (views, Setup(self.configuration, access), access)
        self.commands = Commands(self.configuration, groups, self._stop)
        self.shell = Shell(self.terminal, self.commands, "", pytest.fail)
        self.type("")

    def _room(self, chargers):
        return chargers <= self.room

    def _stop(self, service, why):
        self.stops.append((service, why))

    def _calibrate(self, where, what):
        raise settings.Refused("no current to calibrate by")

    def type(self, text, polls=400):
        """What the terminal shows after `text` was typed, until the console rests."""
        self.terminal.shown = b""
        self.terminal.typed += text.encode()
        for _ in range(polls):
            self.shell.poll()
        return self.terminal.shown.decode().replace("\r\n", "\n")

    def ask(self, line, polls=400):
        """The answer to one line, without echo and prompt."""
        shown = self.type(line + "\r", polls)
        assert shown.startswith(line + "\n")
        assert shown.endswith("> ")
        return shown[len(line) + 1 : -2]


def _status():
    about = {"version": "0.1.0", "micropython": "1.28.0", "board": "pico"}
    energy = {"nominal_v": 120, "energy": [LEG]}

    def collect():
        yield
        return Figures(
            about, **energy, legs=[LEG], faults=[], settings="slot a", settings_note="",
            settings_hash="01234567",
        )  # fmt: skip

    return SimpleNamespace(
        about=lambda: about,
        energy=lambda: energy,
        collect=collect,
        chargers=lambda: iter([CHARGER]),
        faults=lambda: iter(["L2 clipped"]),
        good=lambda: True,
        has_chargers=lambda: True,
        line_dead=lambda: "",
    )


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setattr(lock_module, "ROUNDS", 50)
    return Desk(tmp_path)


def test_chargers_that_find_no_memory_are_refused_before_a_restart_fails(desk):
    desk.room = 1
    assert "charger1.profile = heidelberg" in desk.ask("set charger1.profile heidelberg")
    two = "set charger2.profile heidelberg charger2.address 2"
    assert "no memory for 2 more chargers" in desk.ask(two)
    assert "charger2" not in desk.ask("diff")


def test_the_keys_edit_the_line(desk):
    left, home, end, delete, up, down = "\x1b[D", "\x1b[H", "\x1bOF", "\x1b[3~", "\x1b[A", "\x1b[B"
    assert "breaker_a = 90 A" in desk.type(f"et breaker_a 9X{left}{delete}0{home}s{end}\r")
    assert "breaker_a = 90 A" in desk.type("get breaker_\t\r")
    assert "breaker_a = 90 A" in desk.type(f"{up}{up}{up}{down}\r")
    assert "derate_pct = 80 %" in desk.type(
        "get breaker_a\x15get dersomething\x7f" + "\b" * 8 + "\r"
    )
    assert "derate_pct = 80 %" in desk.type("get derate_pct 5" + left * 2 + "\x0b\r")


def test_tab_completes_commands_settings_and_choices(desk):
    assert desk.commands.complete("he") == ["help"]
    assert desk.commands.complete("json ver") == ["version"]
    assert desk.commands.complete("set break") == ["breaker_a"]
    assert "heidelberg" in desk.commands.complete("set charger1.profile h")
    assert "200a50ma" in desk.commands.complete("set legs 2 ct 2")
    assert "chargers  check" in desk.type("ch\t")


def test_help_explains_every_command_and_every_setting(desk):
    listed = desk.ask("help")
    for name in desk.commands.complete(""):
        assert re.search(rf"^{name}\b", listed, re.MULTILINE), name
        assert desk.ask(f"help {name}").startswith(name)
    for row in settings.TABLE:
        name = row.name.replace("N", "3", 1) if "N." in row.name else row.name
        said = desk.ask(f"help {name}")
        assert row.meaning in said
        if row.kind == "int":
            assert f"{row.minimum} to {row.maximum}" in said
    assert desk.ask("help nonsense").startswith("error: unknown")


def test_a_dump_typed_into_another_meter_makes_it_the_same(desk, tmp_path):
    desk.ask("set breaker_a 150 ct 200a333mv rise_window_s 45")
    desk.ask("set charger2.profile evse_wb charger2.address 7 charger2.circuit_a 40")
    desk.ask("set group3.breaker_a 60 charger2.group 3")
    (tmp_path / "other").mkdir()
    for command in ("dump", "diff"):
        other = Desk(tmp_path / "other")
        said = other.type("set charger9.profile evse_wb charger9.address 9\r")
        said = other.type(desk.ask(command), 4000)
        assert "error" not in said
        assert other.ask("hash") == desk.ask("hash")
        assert other.configuration.wanted() == desk.configuration.wanted()


@pytest.mark.parametrize("command", ["dump", "diff"])
def test_a_dump_says_that_the_custom_profile_is_not_in_it(desk, command):
    """It lies in a file of its own; the line is a remark, so the paste works."""
    assert "custom" not in desk.ask(command).replace("custom.", "")
    desk.ask("set charger2.profile custom charger3.profile custom charger3.address 3", 1000)
    said = desk.ask(command, 1000)
    assert said.count("# the profile 'custom' is not in these lines: 'profile' shows it\n") == 1
    assert "taken" in desk.type(said, 4000)


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text.replace("set breaker_a 150\n", ""),
        lambda text: text.replace("breaker_a 150", "breaker_a 151"),
        lambda text: text.replace("breaker_a 150", "breaker_a 5000"),
    ],
)
def test_a_paste_that_lost_or_changed_a_line_changes_nothing(desk, tmp_path, harm):
    desk.ask("set breaker_a 150 ct 200a333mv")
    (tmp_path / "other").mkdir()
    other = Desk(tmp_path / "other")
    said = other.type(harm(desk.ask("dump")), 4000)
    assert "nothing was changed" in said
    assert not other.configuration.unsaved()


def test_a_paste_with_a_line_that_failed_changes_nothing(desk, monkeypatch):
    """A memory that is full, at one of the lines between `begin` and `end`."""
    desk.ask("begin")
    plain = settings.parse
    with monkeypatch.context() as patch:
        patch.setattr(settings, "parse", lambda name, text: {}[name])
        patch.setattr(desk.shell, "_note", desk.events.note)
        assert "a fault of the firmware" in desk.ask("set breaker_a 90")
    assert settings.parse is plain
    desk.ask("set derate_pct 70")
    assert "1 lines were refused" in desk.ask("end")
    assert not desk.configuration.unsaved()
    assert "fault at the console: KeyError" in desk.ask("log")


def test_a_refusal_says_what_is_allowed_and_changes_nothing(desk):
    for line, wanted in (
        ("set breaker_a 5", "from 10 to 400 A"),
        ("set breaker_a ten", "whole number"),
        ("set breaker_a 90 nonsense 1", "unknown setting"),
        ("set breaker_a", "pairs"),
        ("set breaker_a 350", "at most"),  # more than the CTs can show
        ("end", "'begin'"),
        ("nonsense", "unknown command"),
        ("json unlock", "no form for tools"),
        ("watch 1", "from 200 to 60000"),
        ("log many", "from 1 to 1000"),
        ("calibrate L1 5", "no current"),
        ("pin 12", "4 to 16 digits"),
        ("unlock 1234", "no PIN is set"),
    ):
        said = desk.ask(line)
        assert re.fullmatch(r"error: [^\n]+; nothing was changed\n", said), line
        assert wanted in said
    assert not desk.configuration.unsaved()
    assert desk.stops == []


def test_the_forms_for_tools_are_one_object_a_line(desk):
    desk.events.note("started")
    for command in ("status", "get", "chargers", "faults", "energy", "version", "log", "hash"):
        lines = desk.ask(f"json {command}", 1000).splitlines()
        assert lines, command
        assert all(isinstance(json.loads(line), dict) for line in lines)
    status = json.loads(desk.ask("json status"))
    assert status["chargers"] == [CHARGER]
    assert status["unsaved"] is False
    shown = desk.type("json watch 200\r")
    assert json.loads(shown.splitlines()[1]) == status
    assert desk.type("stop\r").endswith("stop\n> ")


def test_a_job_ends_on_stop_and_on_ctrl_c_and_without_one_ctrl_c_ends_the_meter(desk):
    assert "ends this" in desk.type("watch\r")
    assert desk.type("stop\r").endswith("> ")
    desk.type("watch\r")
    assert desk.type("\x03").endswith("^C\n> ")
    assert desk.ask("version").startswith("Headroom")
    with pytest.raises(KeyboardInterrupt):
        desk.type("\x03")


def test_what_is_typed_ahead_of_a_working_job_waits_for_its_turn(desk):
    shown = desk.type("pin 1234\rhash\rversion\rset derate_pct 70\r", 2000)
    assert shown.index("PIN set") < shown.index("version\n") < shown.index("derate_pct = 70 %")
    assert re.search(r"hash\n[0-9a-f]{8}\n", shown)


def test_save_notes_old_and_new_values_and_restarts(desk):
    desk.ask("set breaker_a 90 charger1.profile heidelberg")
    assert desk.ask("save") == "saved; restarting\n"
    assert desk.stops == [(False, "save")]
    log = desk.ask("log")
    assert "breaker_a 100 A -> 90 A" in log
    assert "charger1.profile none -> heidelberg" in log
    assert not desk.configuration.unsaved()


def test_what_protects_the_panel_needs_the_pin_once_there_is_one(desk):
    desk.ask("pin 4321", 1000)
    desk.ask("lock")
    assert "'unlock PIN' first" in desk.ask("set breaker_a 90")
    assert "'unlock PIN' first" in desk.ask("set charger1.fallback_a 10")
    assert "'unlock PIN' first" in desk.ask("set derate_pct 100")
    assert "'unlock PIN' first" in desk.ask("pin none")
    assert "'unlock PIN' first" in desk.ask("setup")
    assert "'unlock PIN' first" in desk.type("begin\rset breaker_a 90\rend\r")
    assert "rise_window_s = 30 s" in desk.ask("set rise_window_s 30")  # it can't raise a limit
    assert "wrong PIN" in desk.ask("unlock 1234", 1000)
    assert "unlocked" in desk.ask("unlock 4321", 1000)
    assert "breaker_a = 90 A" in desk.ask("set breaker_a 90")
    assert "4321" not in desk.type("\x1b[A" * 20)
    desk.type("\x15")
    assert "4321" not in desk.ask("log")


def test_setup_asks_again_until_an_answer_can_be(desk, tmp_path):
    shown = desk.type("setup\r")
    assert shown.endswith("[2]: ")
    assert "from 10 to 400" in desk.type("\r5\r")
    assert "3. Type" in desk.type("120\r")
    assert "same address" in desk.type("200a333mv\rheidelberg 1 20, heidelberg 1 20\r")
    assert "5. Current" in desk.type("heidelberg 1 20, heidelberg 2 20\r")
    assert "6. PIN" in desk.type("8\r")
    assert desk.type("none\r", 1000).endswith("saved; restarting\n> ")
    assert desk.stops == [(False, "setup")]
    values = Store(str(tmp_path)).load()
    assert values["breaker_a"] == 120
    assert values["ct"] == "200a333mv"
    assert settings.chargers(values) == [1, 2]
    assert settings.of_charger(values, 2, "address") == 2
    assert settings.of_charger(values, 2, "fallback_a") == 8


def test_setup_that_is_stopped_changes_nothing(desk):
    desk.type("setup\r\r120\r")
    assert desk.type("stop\r").endswith("> ")
    assert not desk.configuration.unsaved()


def test_100_000_random_lines_neither_crash_it_nor_deafen_it(desk):
    dice = random.Random(6)
    names = [row.name.replace("N", "2", 1) for row in settings.TABLE]
    words = (
        desk.commands.complete("") + names + list("0123456789") + ["none", "-1", "1e9", "99999"]
    )
    words += ["L1", "heidelberg", "json", "#", "\x1b[A", "\x1b[3~", "\t", "\x7f", "\x15", '""']
    noise = string.printable.replace("\n", "").replace("\r", "") + "\x00\x7f\x80\xff\x1b"
    for _ in range(100_000):
        if dice.random() < 0.7:
            line = " ".join(dice.choices(words, k=dice.randint(1, 5)))
        else:
            line = "".join(dice.choices(noise, k=dice.randint(0, 30)))
        desk.terminal.typed += line.encode("latin-1") + b"\r"
        while desk.terminal.typed:
            desk.shell.poll()
        desk.terminal.shown = b""
    settings.check(desk.configuration.wanted())
    desk.type("\rstop\r", 5000)
    assert desk.ask("version").startswith("Headroom")


def test_the_page_on_the_console_has_every_command_and_every_form_for_tools(desk):
    page = (Path(__file__).parents[2] / "docs" / "console.md").read_text(encoding="utf-8")
    quoted = set(re.findall(r"`(?:json )?([a-z_]+)[^`]*`", page))
    assert set(desk.commands.complete("")) <= quoted
    forms = set(re.findall(r"\| `json ([a-z]+)", page))
    for name in desk.commands.complete(""):
        said = desk.type(f"json {name}\r", 100)
        desk.type("stop\r")
        assert ("no form for tools" not in said) == (name in forms), name
