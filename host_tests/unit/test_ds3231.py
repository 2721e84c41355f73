"""A clock that is kept: by a DS3231, modelled by its data sheet, and over a restart by a Pico.

Python's own calendar says what time it is.
"""

import importlib
import sys
import time
import types
from datetime import datetime, timedelta

import pytest
from ds3231_model import CONTROL, EOSC, OSF, STATUS, Ds3231Model, bcd
from relay_plant import relay
from wished_house import House

from headroom import app, ports
from headroom.app.clock import Clock
from headroom.app.ds3231 import ClockChip, Ds3231
from headroom.planning import utc
from headroom.ports import options
from headroom.reporting.wishes import Wishes
from headroom.settings import table, together

BEGIN = datetime(2027, 12, 31, 23, 59, 30)


def written(now):
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def model():
    """Set to BEGIN, and running."""
    chip = Ds3231Model()
    Ds3231(chip).write(*utc.read(written(BEGIN)))
    return chip


def kept(model):
    """A clock that has never been told, with that chip."""
    clock = Clock()
    chip = ClockChip(Ds3231(model), clock)
    chip.look(200)
    return clock, chip


def shown(clock):
    return utc.written(clock.day, clock.second) if clock.known else ""


@pytest.mark.parametrize(
    "seconds", [0, 29, 30, 86_400 * 59 + 1, 86_400 * 60 + 86_399, 86_400 * 366]
)
def test_it_has_the_time_across_midnight_leap_days_and_years_without_power(model, seconds):
    assert model.now == BEGIN
    model.without_power(seconds, battery=True)
    clock, chip = kept(model)
    assert shown(clock) == written(BEGIN + timedelta(seconds=seconds))
    assert chip.fault == ""


def test_what_is_written_runs_by_the_battery_and_says_that_it_is_sound(model):
    assert not model.registers[STATUS] & OSF
    assert not model.registers[CONTROL] & EOSC
    assert model.registers[2] == 0x23, "24 hours"


def cut(model):
    model.without_power(5)


def unplug(model):
    model.answers = False


def twelve_hours(model):
    model.registers[2] = 0x40 | 0x20 | 0x11


def no_digits(model):
    model.registers[0] = 0x7A


def no_month(model):
    model.registers[5] = 0x00


def next_century(model):
    model.registers[5] |= 0x80


def long_ago(model):
    model.registers[6] = 0x19


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (cut, "has lost the time, its battery is empty or missing"),
        (unplug, "does not answer: look at its wires and its supply"),
        (twelve_hours, "tells nonsense"),
        (no_digits, "tells nonsense"),
        (no_month, "tells nonsense"),
        (next_century, "tells nonsense"),
        (long_ago, "tells nonsense"),
    ],
)
def test_one_that_cant_be_believed_is_named_and_the_time_is_unknown(model, happens, said):
    happens(model)
    clock, chip = kept(model)
    assert not clock.known
    assert said in chip.fault
    model.answers = True
    clock.tell(*utc.read(written(BEGIN)))
    chip.set(clock.day, clock.second)
    chip.look(200)
    assert chip.fault == ""
    assert shown(kept(model)[0]) == written(BEGIN)


def test_a_known_time_follows_the_chip_but_not_one_that_fails_or_jumps(model):
    clock, chip = kept(model)
    clock.tell(clock.day, clock.second - 4)  # our crystal is slow
    for _ in range(600):
        model.advance(1)
        clock.pass_time(1000)
        chip.look(1000)
    assert shown(clock) == written(model.now)
    model.advance(3600)
    for _ in range(600):
        clock.pass_time(1000)
        chip.look(1000)
    assert "has jumped by" in chip.fault
    assert shown(clock) == written(model.now - timedelta(seconds=3000))
    model.answers = False
    for _ in range(60):
        clock.pass_time(1000)
        chip.look(1000)
    assert "does not answer" in chip.fault
    assert shown(clock) == written(model.now - timedelta(seconds=2940))


@pytest.mark.parametrize("lost", [True, False])
def test_one_that_did_not_take_the_time_is_set_once_it_answers_and_moves_no_clock(model, lost):
    clock, chip = kept(model)
    told = BEGIN + timedelta(seconds=40)
    model.answers = False
    clock.tell(*utc.read(written(told)))
    chip.set(clock.day, clock.second)
    assert chip.fault == "DS3231 does not answer: it was not set"
    if lost:
        cut(model)
    model.answers = True
    for second in range(1, 1300):
        model.advance(1)
        clock.pass_time(1000)
        chip.look(1000)
        assert shown(clock) == written(told + timedelta(seconds=second))
    assert chip.fault == ""
    assert model.now == told + timedelta(seconds=1299)


@pytest.mark.parametrize("nonsense", [True, False])
def test_a_fault_that_stays_is_told_in_the_same_words_so_the_log_has_it_once(model, nonsense):
    clock, chip = kept(model)
    model.advance(3600)
    told = set()
    for second in range(3600):
        if nonsense:
            model.registers[0], model.registers[2] = bcd(second % 60), 0x71
        else:
            model.advance(1)
        clock.pass_time(997)  # not in step with the chip's seconds
        chip.look(997)
        told.add(chip.fault)
    assert len(told - {""}) == 1


@pytest.fixture
def wired(tmp_path, monkeypatch, clock):
    """A house whose chip is a file, as a PC has it; `model` behind it, `turn` shows it anew."""
    monkeypatch.setenv("HEADROOM_PINS", str(tmp_path))
    relay()
    model = Ds3231Model()
    path = tmp_path / "i2c-10-12"
    path.write_bytes(model.registers)

    def make():
        house = House(
            clock, voltage="", charger1__schedule="daily 03:00-04:00 off",
            charger1__schedule_unknown="off", clock_sda_pin=10, clock_scl_pin=12,
        )  # fmt: skip
        house.told = Wishes(house.planning)
        return house

    return make, model, path


def test_a_restart_has_the_time_that_somebody_told_before(wired):
    make, model, path = wired
    house = make()
    assert house.run(2) == [0], "unknown: off"
    assert next(house.told.faults()).startswith("DS3231 has lost the time")
    assert house.told.news().startswith("DS3231 has lost the time")
    house.planning.set_time(written(BEGIN))
    assert house.run(2) == [1 << 28]
    assert list(house.told.faults()) == []
    model.registers[:] = path.read_bytes()
    assert model.now == BEGIN
    model.without_power(3 * 3600 + 60, battery=True)
    path.write_bytes(model.registers)
    again = make()
    assert again.run(1) == [0], "03:00 to 04:00"
    assert again.planning.time() == written(BEGIN + timedelta(hours=3, seconds=60))
    path.unlink()
    again.planning.set_time(written(BEGIN))
    assert again.planning.clock_chip.fault == "DS3231 does not answer: it was not set"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"clock_sda_pin": 11}, "two wires: clock_sda_pin and clock_scl_pin, or none"),
        ({"clock_scl_pin": 11}, "two wires: clock_sda_pin and clock_scl_pin, or none"),
        (
            {"clock_sda_pin": 11, "clock_scl_pin": 11},
            "clock_scl_pin and clock_sda_pin are both 11",
        ),
        ({"clock_sda_pin": 11, "clock_scl_pin": 12, "contact_pin": 12}, "are both 12"),
        ({"clock_sda_pin": 10, "clock_scl_pin": 12}, "charger1.pin and clock_sda_pin are both 10"),
        ({"clock_sda_pin": 0, "clock_scl_pin": 1}, "clock_scl_pin 1 is not free on this board"),
    ],
)
def test_pins_that_cant_be(changes, said):
    with pytest.raises(table.Refused) as refused:
        together.check(relay(**changes))
    assert said in str(refused.value)


SCRATCH = {"RP2040": 0x4005800C, "RP2350": 0x400D800C}  # by the data sheets: WATCHDOG SCRATCH0


@pytest.fixture(params=SCRATCH)
def pico(request, monkeypatch):
    """(ports/rp2_kept.py, its registers by address): 0 after power-on."""
    registers = dict.fromkeys(range(SCRATCH[request.param], SCRATCH[request.param] + 16, 4), 0)
    monkeypatch.setitem(sys.modules, "machine", types.SimpleNamespace(mem32=registers))
    monkeypatch.setattr(
        sys.implementation, "_machine", "Pico with " + request.param, raising=False
    )
    monkeypatch.delitem(sys.modules, "headroom.ports.rp2_kept", raising=False)
    monkeypatch.delattr(ports, "rp2_kept", raising=False)
    return importlib.import_module("headroom.ports.rp2_kept"), registers


def test_a_restart_that_is_asked_for_keeps_the_time_and_a_second_one_does_not(pico, monkeypatch):
    module, _ = pico
    monkeypatch.setattr(time, "ticks_ms", lambda: 0)
    assert module.take() is None, "power-on"
    day, second = utc.read(written(BEGIN))
    module.keep(day, second * 1000 + 700)
    monkeypatch.setattr(time, "ticks_ms", lambda: 31_400)  # since the reset
    clock = Clock()
    clock.resume(module.take())
    assert shown(clock) == written(BEGIN + timedelta(seconds=32))
    clock.pass_time(900)
    assert shown(clock) == written(BEGIN + timedelta(seconds=33))
    assert module.take() is None


def test_registers_that_hold_anything_else_are_no_time(pico, monkeypatch):
    module, registers = pico
    monkeypatch.setattr(time, "ticks_ms", lambda: 0)
    for place in range(3):
        module.keep(10_000, 5)
        registers[sorted(registers)[place]] ^= 1 << (20 if place == 0 else 3)
        assert module.take() is None
    module.keep(10_000, 86_400_000)
    assert module.take() is None


def test_a_meter_that_restarts_keeps_the_time(clock, monkeypatch, pico):
    module, _ = pico
    monkeypatch.setattr(options, "kept_time", lambda: module)
    monkeypatch.setattr(time, "ticks_ms", lambda: 0)
    settings = {"voltage": "", "charger1__schedule": "daily 03:00-04:00 off"}
    house = House(clock, **settings)
    house.planning.keep_time()
    assert not House(clock, **settings).planning.clock.known, "nobody knew it"
    house.planning.set_time(written(BEGIN))
    house.planning.keep_time()
    again = House(clock, **settings)
    assert again.planning.time() == written(BEGIN)
    assert not House(clock, **settings).planning.clock.known, "a reset that nobody asked for"


@pytest.mark.parametrize("service", [False, True])
def test_who_ends_at_the_prompt_keeps_no_time_for_nobody_knows_how_long_it_stays(
    monkeypatch, service
):
    kept = []
    planning = types.SimpleNamespace(keep_time=lambda: kept.append("time"))

    class Ended:
        def __init__(self, board):
            self.planning, self.ending = planning, types.SimpleNamespace(service=service)

        async def run(self):
            pass

        def last_words(self):
            pass

        def failure(self):
            return None

    monkeypatch.setattr(app, "assembled", Ended)
    monkeypatch.setattr(app.memory, "built", lambda done: None)
    port = types.SimpleNamespace(reset=lambda: kept.append("reset"))
    monkeypatch.setattr(ports, "current", lambda: port)
    if service:
        with pytest.raises(KeyboardInterrupt):
            app.main(None)
    else:
        app.main(None)
    assert kept == ([] if service else ["time", "reset"])
