"""The console's keys, help and answers, typed at as a user or a tool would."""

import json
import random
import re
import string
from pathlib import Path

import pytest
from desk import CHARGER

from headroom.console import shown
from headroom.console.commands.views import Views
from headroom.settings import table, together


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
    texts = shown.meanings()
    for row in table.TABLE:
        name = row.name.replace("N", "3", 1) if "N." in row.name else row.name
        said = desk.ask(f"help {name}")
        assert texts[row.name] in said
        if table.is_text(row):
            assert f"{row.maximum} characters" in said
        elif not row.choices:
            assert f"{row.minimum} to {row.maximum}" in said
    assert desk.ask("help nonsense").startswith("error: unknown")


def test_the_forms_for_tools_are_one_object_a_line(desk):
    desk.events.note("started")
    for command in (
        "status",
        "get",
        "chargers",
        "why",
        "faults",
        "energy",
        "version",
        "log",
        "hash",
    ):
        lines = desk.ask(f"json {command}", 1000).splitlines()
        assert lines, command
        assert all(isinstance(json.loads(line), dict) for line in lines)
    status = json.loads(desk.ask("json status"))
    assert status["chargers"] == [CHARGER]
    assert status["unsaved"] is False
    shown = desk.type("json watch 200\r")
    assert json.loads(shown.splitlines()[1]) == status
    assert desk.type("stop\r").endswith("stop\n> ")


def test_more_faults_than_the_queue_has_room_for_are_still_one_object(desk, monkeypatch):
    many = [f"6.0 A kept for charger{n}, which does not answer" for n in range(90)]

    def now_with_many(self):
        yield
        return {"faults": many, "legs": [], "good": True}

    monkeypatch.setattr(Views, "_now", now_with_many)
    said = json.loads(desk.ask("json status", 2000))
    assert (said["faults"], said["legs"], said["good"]) == (many, [], True)


def test_a_job_ends_on_stop_and_on_ctrl_c_and_without_one_ctrl_c_is_service(desk):
    assert "ends this" in desk.type("watch\r")
    assert desk.type("stop\r").endswith("> ")
    desk.type("watch\r")
    assert desk.type("\x03").endswith("^C\n> ")
    assert desk.ask("version").startswith("Headroom")
    assert "get their fallback" in desk.type("half a line\x03")
    assert desk.stops == [(True, "service")]


def test_ctrl_c_with_a_pin_set_stops_nothing(desk):
    desk.ask("pin 4321", 1000)
    desk.ask("lock")
    assert "'unlock PIN' first" in desk.type("half a line\x03")
    assert desk.type("\x03" * 9 + "\r").count("'unlock PIN' first") == 9
    assert desk.stops == []
    assert desk.ask("version").startswith("Headroom")


def test_resume_ends_what_waits_for_a_person_and_nothing_else(desk):
    assert desk.ask("resume").startswith("error: nothing waits for it")
    desk.latched = True
    assert desk.ask("resume") == "the chargers charge again after a minute without overload\n"
    assert not desk.latched


def test_what_is_typed_ahead_of_a_working_job_waits_for_its_turn(desk):
    shown = desk.type("pin 1234\rhash\rversion\rset derate_pct 70\r", 2000)
    assert shown.index("PIN set") < shown.index("version\n") < shown.index("derate_pct = 70 %")
    assert re.search(r"hash\n[0-9a-f]{8}\n", shown)


@pytest.mark.long
def test_100_000_random_lines_neither_crash_it_nor_deafen_it(desk):
    dice = random.Random(6)
    names = [row.name.replace("N", "2", 1) for row in table.TABLE]
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
    together.check(desk.configuration.wanted())
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
