"""`scan` on a line of simulated chargers: what it finds and proposes, and that it can stop."""

import json
import time
from types import SimpleNamespace

import pytest
from charging_bench import Bench

from headroom.charging import families, profile, scan
from headroom.charging.bus import Bus
from headroom.console.commands.installer import Installer
from headroom.settings.table import Refused
from lab.sim import chargers as sim

PLACES = {  # family: the address to look for it at
    "heidelberg": 5, "obo": 101, "mennekes": 50, "abb": 1, "evse_wb": 1, "smartevse": 3,
    "phoenix": 4, "cfos": 1, "delta": 1, "eprowallbox": 1, "esp32_evse": 1,
}  # fmt: skip


class Answering:
    """Only a charger whose serial format is that of the line hears us."""

    def __init__(self, bench):
        self.bench = bench
        self.answer = bench.line.answer
        bench.line.answer = self

    def __call__(self, frame):
        baud, parity, stop = self.bench.line.opened[-1]
        for model in self.bench.models:
            form = model.serial
            if model.address == frame[0] and (form.baud, form.parity, form.stop_bits) == (
                baud,
                parity,
                stop,
            ):
                return self.answer(frame)
        return None


def lines_of(bench, job, seconds=3600):
    """Everything that a job says while the bus runs beside it."""
    said = ""
    end_ms = bench.clock.ms + seconds * 1000
    for text in job:
        said += text or ""
        assert bench.clock.ms < end_ms
        if not bench.clock.run(bench.bus.turn(time.ticks_ms())):
            bench.clock.advance(10)
    return said.splitlines()


@pytest.mark.parametrize("name", list(PLACES))
def test_each_family_is_found_where_it_is_delivered(name):
    address = PLACES[name]
    with Bench(lambda clock: sim.ALL[name](address, clock)) as bench:
        Answering(bench)
        bench.bus = Bus(bench.rtu, [], [])
        said = lines_of(bench, Installer(bench.bus, None, None, "", None, ()).scan([]))
        *found, count = [line for line in said if not line.endswith("%")]
        assert count == "1 found"
        assert len(found) == 1
        form = sim.ALL[name].serial
        where = f"address {address} at {form.baud} 8{form.parity}{form.stop_bits}: "
        assert found[0].startswith(where)
        assert name in found[0].removeprefix(where).split(" or ")
        assert bench.bus.guest is None
        assert "50 %" in said


def test_tools_are_told_who_is_where_and_how_far_it_is():
    with Bench(lambda clock: sim.ALL["evse_wb"](1, clock)) as bench:
        Answering(bench)
        bench.bus = Bus(bench.rtu, [], [])
        said = lines_of(bench, Installer(bench.bus, None, None, "", None, ()).json_scan([]))
    events = [json.loads(line) for line in said]
    (found,) = [event for event in events if "address" in event]
    form = sim.ALL["evse_wb"].serial
    assert (found["address"], found["baud"]) == (1, form.baud)
    assert (found["parity"], found["stop"]) == (form.parity, form.stop_bits)
    assert "evse_wb" in found["families"]
    assert [event["percent"] for event in events if "percent" in event][-1] == 100


def test_every_family_as_delivered_is_on_the_list_of_lines():
    for name in families.FAMILIES:
        if name != "custom":
            assert profile.load(name).line() in scan.LINES


def test_two_chargers_at_one_address_are_said_to_be_two():
    with Bench(lambda clock: sim.Heidelberg(2, clock)) as bench:
        good = bench.line.answer

        def both(frame):
            reply = good(frame)
            return bytes(byte & 0x7E for byte in reply) if reply else None  # they talk together

        bench.line.answer = both
        bench.bus = Bus(bench.rtu, [], [])
        said = lines_of(bench, Installer(bench.bus, None, None, "", None, ()).scan([]))
        assert any(
            line.startswith("address 2 at 19200 8E1: garbled; two devices") for line in said
        )


def test_it_can_be_stopped_and_chargers_are_served_meanwhile():
    with Bench(sim.Heidelberg) as bench:
        bench.allocate(10)
        bench.run(5)
        job = Installer(bench.bus, None, None, "", None, ()).scan(["all"])
        while next(job) is None:
            pass  # its code is being loaded
        assert bench.bus.guest is not None
        bench.run(30)
        assert bench.models[0].pilot_a == 10
        bench.allocate(6)
        before_ms = bench.clock.ms
        while bench.models[0].pilot_a != 6:
            bench.clock.run(bench.bus.turn(time.ticks_ms()))
            assert bench.clock.ms < before_ms + 400
        job.close()
        assert bench.bus.guest is None
        bench.blind()
        bench.run(5)
        frames = len(bench.line.frames)
        bench.run(20)
        assert len(bench.line.frames) == frames


def test_nothing_there_says_what_to_look_at():
    with Bench(sim.Heidelberg) as bench:
        bench.models[0].power_off()
        bench.bus = Bus(bench.rtu, [], [])
        said = lines_of(bench, Installer(bench.bus, None, None, "", None, ()).scan([]))
        assert said[-1].startswith("0 found; is A on A")


def profile_command(folder):
    """The command, on a meter whose data lie in `folder`."""
    installer = Installer(None, None, None, str(folder), SimpleNamespace(locked=False), ())
    return lambda line: "".join(text or "" for text in installer.profile(line.split()))


def test_a_profile_is_typed_in_key_by_key(tmp_path):
    ask = profile_command(tmp_path)
    with pytest.raises(Refused, match="unknown key"):
        ask("colour 1")
    with pytest.raises(Refused, match="not JSON"):
        ask("baud 9600 8N1")
    assert not (tmp_path / "custom.json").exists()
    assert "not complete: custom.json: 'baud' is missing" in ask('title "My box"')
    assert "complete; set chargerN.profile custom" in ask('base "heidelberg"')
    assert "'baud' is one of: 1200" in ask("baud 9601")
    assert 'title "My box"' in ask("")
    ask("clear")
    assert (tmp_path / "custom.json").read_text() == "{}"


def test_what_profile_shows_makes_the_same_profile_elsewhere(tmp_path):
    (tmp_path / "other").mkdir()
    here, there = profile_command(tmp_path), profile_command(tmp_path / "other")
    here('base "heidelberg"')
    here('title "My box"')
    here('limit {"register": 261, "step_ma": 500}')
    there('parity "N"')
    shown = here("")
    for line in shown.splitlines():
        if not line.startswith("#"):
            there(line.removeprefix("profile "))
    assert there("") == shown
    kept = json.loads((tmp_path / "other" / "custom.json").read_text())
    assert kept["limit"] == {"register": 261, "step_ma": 500}
