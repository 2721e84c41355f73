"""Settings through the console: dump, paste, refusals, save, PIN and setup."""

import errno
import json
import re

import pytest
from desk import Desk

from headroom.charging import custom
from headroom.settings import table
from headroom.settings.store import Store


def test_chargers_that_find_no_memory_are_refused_before_a_restart_fails(desk):
    desk.free_bytes = 10_000
    assert "charger1.profile = heidelberg" in desk.ask("set charger1.profile heidelberg")
    two = "set charger2.profile heidelberg charger2.address 2"
    assert "no memory for 2 more chargers" in desk.ask(two)
    voltage = "set voltage zmpt101b ev_source register"
    assert "no memory for 1 more charger and a voltage: freeze" in desk.ask(voltage)
    desk.free_bytes = 25_000
    assert "voltage = zmpt101b" in desk.ask(voltage)
    assert "charger2" not in desk.ask("diff")


def test_what_set_refuses_is_not_saved(desk, tmp_path):
    """Each could be, but not beside the others."""
    for one in ("charger1.profile heidelberg", "charger1.circuit_a 20"):
        assert "in force after" in desk.ask("set " + one)
    for other in ("charger1.fallback_a 17", "ct 200a333mv breaker_a 300", "charger1.group 2"):
        assert "nothing was changed" in desk.ask("set " + other)
    assert "saved; restarting" in desk.ask("save")
    kept = Store(str(tmp_path)).load()
    assert (kept["charger1.circuit_a"], kept["breaker_a"]) == (20, 100)
    assert not {"charger1.fallback_a", "charger1.group"} & set(kept)


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
    assert said.count("# the profile 'custom' is not in these lines: ") == 1
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
    plain = table.parse
    with monkeypatch.context() as patch:
        patch.setattr(table, "parse", lambda name, text: {}[name])
        patch.setattr(desk.shell, "_note", desk.events.note)
        assert "a fault of the firmware" in desk.ask("set breaker_a 90")
    assert table.parse is plain
    desk.ask("set derate_pct 70")
    assert "1 lines were refused" in desk.ask("end")
    assert not desk.configuration.unsaved()
    assert "fault at the console: KeyError" in desk.ask("log")


@pytest.mark.parametrize("line", ["et breaker_a 90", "set breaker_a", "setbreaker_a 90"])
def test_a_batch_of_which_a_line_was_damaged_is_not_taken_without_a_hash_either(desk, line):
    for typed in ("begin", "set ct 200a333mv", line):
        desk.ask(typed)
    assert "1 lines were refused" in desk.ask("end")
    assert not desk.configuration.unsaved()
    assert desk.type("begin\rset ct 200a333mv\rend\r")
    assert desk.configuration.unsaved(), "the next one begins anew"


def test_no_line_loses_what_the_custom_profile_had(desk, tmp_path, monkeypatch):
    file = tmp_path / "custom.json"
    desk.ask('profile base "heidelberg"', 1000)
    kept = file.read_text()
    dumps = json.dumps
    with monkeypatch.context() as patch:  # MicroPython writes what JSON has no word for
        patch.setattr(json, "dumps", lambda value: dumps(value).replace("Infinity", "inf"))
        assert "'1e999' is not JSON" in desk.ask("profile max_ma 1e999", 1000)
    assert file.read_text() == kept
    for error in (OSError(errno.EIO, "EIO"), OSError(errno.ENOSPC, "ENOSPC")):
        with monkeypatch.context() as patch:
            patch.setattr(custom, "write", raising(error))
            said = desk.ask("profile min_ma 7000", 1000)
            assert said.startswith("error: could not save custom.json (")
    with monkeypatch.context() as patch:
        patch.setattr(custom, "read", raising(OSError(errno.EIO, "EIO")))
        said = desk.ask("profile min_ma 7000", 1000)
        assert said.startswith("error: custom.json can't be read (")
    assert file.read_text() == kept
    file.write_text(kept[:-3])
    for line in ("profile", "profile min_ma 7000"):
        assert "it is not JSON; 'profile clear' begins anew; nothing" in desk.ask(line, 1000)
    assert file.read_text() == kept[:-3]
    assert "not complete" in desk.ask("profile clear", 1000)
    assert file.read_text() == "{}"


def raising(error):
    def fail(*_):
        raise error

    return fail


def test_a_refusal_says_what_is_allowed_and_changes_nothing(desk):
    desk.ask("set derate_pct 70")
    wanted_before = desk.configuration.wanted()
    for line, wanted in (
        ("set breaker_a 5", "from 10 to 400 A"),
        ("set breaker_a ten", "whole number"),
        ("set breaker_a 90 nonsense 1", "unknown setting"),
        ("set breaker_a", "pairs"),
        ("set breaker_a 350", "is rated 200 A"),
        ("set breaker_a 200", "burden_mohm 18667 or less"),
        ("end", "'begin'"),
        ("nonsense", "unknown command"),
        ("json unlock", "no form for tools"),
        ("watch 1", "from 200 to 60000"),
        ("log many", "from 1 to 1000"),
        ("calibrate L1 5", "steady within 2 % for 2 s"),
        ("pin 12", "4 to 16 digits"),
        ("unlock 1234", "no PIN is set"),
        ("defaults derate_pct", "'defaults' takes nothing after it"),
        ("save later", "'save' takes nothing after it"),
        ("reboot after that", "'reboot' takes nothing after it"),
        ("service none", "'service' takes nothing after it"),
        ("json hash breaker_a", "'hash' takes nothing after it"),
    ):
        said = desk.ask(line)
        assert re.fullmatch(r"error: [^\n]+; nothing was changed\n", said), line
        assert wanted in said
    assert desk.configuration.wanted() == wanted_before
    assert desk.stops == []


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


def test_the_volts_need_the_pin_while_chargers_poll_our_watts(desk):
    desk.ask("pin 4321", 1000)
    desk.ask("set emulate sdm630")
    desk.ask("lock")
    assert "'unlock PIN' first" in desk.ask("set nominal_v 240")
    assert "'unlock PIN' first" in desk.type("begin\rset nominal_v 240\rset emulate none\rend\r")
    desk.ask("unlock 4321", 1000)
    desk.ask("set emulate none")
    desk.ask("lock")
    assert "nominal_v = 240 V" in desk.ask("set nominal_v 240")


def test_mpremote_is_let_in_only_with_the_pin(desk):
    desk.ask("pin 4321", 1000)
    desk.ask("lock")
    assert "'unlock PIN' first" in desk.ask("service")
    assert desk.stops == []
    desk.ask("unlock 4321", 1000)
    assert "half an hour" in desk.ask("service")
    assert desk.stops == [(True, "service")]


def test_a_pin_that_cant_be_written_is_refused_and_the_old_one_stays(desk, monkeypatch):
    desk.ask("pin 4321", 1000)
    with monkeypatch.context() as patch:
        patch.setattr(desk.lock, "_pair", FullFlash())
        assert desk.ask("pin 999999", 1000).startswith("error: could not save the PIN")
        assert "could not save the PIN" in desk.ask("pin none")
    desk.ask("lock")
    assert "wrong PIN" in desk.ask("unlock 999999", 1000)
    assert desk.ask("unlock 4321", 1000).startswith("unlocked")


class FullFlash:
    def save(self, text):
        raise OSError(28, "No space left")


def test_a_damaged_lock_refuses_and_says_what_to_read(tmp_path):
    for name in ("lock.a", "lock.b"):
        (tmp_path / name).write_bytes(b"?")
    desk = Desk(tmp_path)
    for line in ("unlock 4321", "unlock", "unlock none"):
        assert "docs/console.md" in desk.ask(line)
    for line in ("service", "pin none", "set breaker_a 90", "setup"):
        assert desk.ask(line).startswith("error: "), line
    assert "locked" in desk.ask("status")


def test_setup_asks_again_until_an_answer_can_be(desk, tmp_path):
    shown = desk.type("setup\r")
    assert shown.endswith("[2]: ")
    assert "from 10 to 400" in desk.type("\r5\r")
    assert "3. Type" in desk.type("200\r")
    assert "rated 100 A" in desk.type("100a50ma\r"), "no burden would make it fit"
    assert "4. Burden" in desk.type("200a50ma\r")
    assert "like 18 or 9.1" in desk.type("18,5\r")
    assert "burden_mohm 18667 or less" in desk.type("22\r")
    assert "5. Chargers" in desk.type("18\r")
    assert "same address" in desk.type("heidelberg 1 20, heidelberg 1 20\r")
    assert "6. Current" in desk.type("heidelberg 1 20, heidelberg 2 20\r")
    assert "7. GPIO" in desk.type("8\r")
    assert "contact_pin 29 is not free on this board" in desk.type("29\r")
    assert "8. PIN" in desk.type("none\r")
    assert desk.type("none\r", 1000).endswith("saved; restarting\n> ")
    assert desk.stops == [(False, "setup")]
    values = Store(str(tmp_path)).load()
    assert values["breaker_a"] == 200
    assert values["burden_mohm"] == values["ev_burden_mohm"] == 18_000
    assert table.chargers(values) == [1, 2]
    assert table.of_charger(values, 2, "address") == 2
    assert table.of_charger(values, 2, "fallback_a") == 8


def test_setup_takes_the_burdens_that_are_sold(desk, tmp_path):
    desk.type("setup\r\r200\r200a100ma\r9.1\r\r\r\r\r", 1000)
    values = Store(str(tmp_path)).load()
    assert values["burden_mohm"] == values["ev_burden_mohm"] == 9100
    assert "[9.1]: " in Desk(tmp_path).type("setup\r\r\r\r")


def test_setup_keeps_the_pin_unless_another_is_typed(desk, tmp_path):
    desk.ask("pin 4321", 1000)
    assert "none [the present one]: " in desk.type("setup\r\r\r\r\r\r\r\r")
    assert desk.type("\r", 1000).endswith("saved; restarting\n> ")
    assert desk.lock.has_pin
    again = Desk(tmp_path)
    assert "unlocked" in again.ask("unlock 4321", 1000)
    again.type("setup\r\r\r\r\r\r\r\rnone\r", 1000)
    assert not Desk(tmp_path).lock.has_pin


def test_setup_that_is_stopped_changes_nothing(desk):
    desk.type("setup\r\r120\r")
    assert desk.type("stop\r").endswith("> ")
    assert not desk.configuration.unsaved()
