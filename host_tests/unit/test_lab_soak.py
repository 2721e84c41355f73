"""The soak's own parts: what it reads off the flash, what it misses, how its chargers lie."""

import asyncio
import json
import random
from collections import Counter
from types import SimpleNamespace

import pytest

from headroom.storage.events import Events
from headroom.storage.pair import Pair
from lab.sim.chargers.in_memory import InMemory
from lab.sim.frames import crc16
from lab.sim.truth import Conditions, Truth
from lab.soak import on_flash
from lab.soak.day import Day
from lab.soak.hour import BLINDING, LINE, plan
from lab.soak.judge import SoakJudge
from lab.soak.leak import leaks
from lab.soak.ledger import Ledger
from lab.soak.liars import KINDS, LIARS
from lab.soak.overloads import Overloads
from lab.soak.person import Person


def save(folder, name, value):
    pair = Pair(str(folder), name)
    pair.load(json.loads)
    pair.save(json.dumps(value))


def cut(path, size=20):
    path.write_bytes(path.read_bytes()[:size])


@pytest.fixture
def ledger(tmp_path):
    """Of a meter that has saved derate_pct 70 and then 75, and noted three events."""
    save(tmp_path, "settings", {"derate_pct": 70})
    save(tmp_path, "settings", {"derate_pct": 75})
    events = Events(str(tmp_path))
    for text in ("one", "two", "three"):
        events.note(text)
    events.write()
    ledger = Ledger(tmp_path, None)
    ledger.saved = {"derate_pct": 75}
    ledger.started()
    ledger.look_at_events()
    assert ledger.broken == []
    return ledger


def test_the_newest_whole_file_of_a_pair_counts(tmp_path):
    save(tmp_path, "settings", {"derate_pct": 70})
    save(tmp_path, "settings", {"derate_pct": 75})
    assert on_flash.pair(tmp_path, "settings") == (2, '{"derate_pct": 75}')
    cut(tmp_path / "settings.b")
    assert on_flash.pair(tmp_path, "settings") == (1, '{"derate_pct": 70}')
    cut(tmp_path / "settings.a")
    assert on_flash.pair(tmp_path, "settings") == (0, "")


def test_a_saved_setting_that_is_lost_is_missed(ledger, tmp_path):
    cut(tmp_path / "settings.b")
    ledger.started()
    assert any("saved settings are lost" in text for text in ledger.broken)
    assert any("settings: number 1 is the newest, after 2" in text for text in ledger.broken)


@pytest.mark.parametrize(("value", "fine"), [(75, True), (80, True), (78, False)])
def test_a_save_without_an_answer_is_done_or_not(ledger, tmp_path, value, fine):
    ledger.perhaps = {"derate_pct": 80}
    save(tmp_path, "settings", {"derate_pct": value})
    ledger.started()
    assert (ledger.broken == []) is fine


def test_what_a_save_in_which_the_power_failed_did_not_keep_is_not_asked_for(ledger):
    ledger.perhaps = {"charger2.priority": 4}
    ledger.started()
    assert ledger.broken == []
    assert ledger.saved == {"derate_pct": 75}


def test_an_event_that_is_lost_is_missed(ledger, tmp_path):
    log = tmp_path / "events.0"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:1] + lines[2:]))
    ledger.look_at_events()
    assert ledger.broken == ["event 2 is missing, 3 is the newest"]


def test_half_an_event_after_a_cut_is_none(ledger, tmp_path):
    with (tmp_path / "events.0").open("ab") as log:
        log.write(b"12345678 4 2 0 fo")
    ledger.look_at_events()
    assert ledger.broken == []


def test_ampere_hours_that_go_backwards_are_missed(ledger, tmp_path):
    save(tmp_path, "energy", [[1, 1, 1], [5, 5, 5]])
    save(tmp_path, "energy", [[2, 1, 1], [5, 5, 5]])
    ledger.started()
    assert on_flash.milliampere_hours(tmp_path) == [2005, 1005, 1005]
    cut(tmp_path / "energy.b")
    ledger.started()
    assert ledger.broken == ["energy: number 1 is the newest, after 2"]


def test_endurance_is_so_many_erasures_of_so_many_blocks():
    wear = on_flash.Wear()
    for _ in range(60):
        for change in ("open events.0 0", "write events.0 80", "close events.0 0"):
            wear.note(change)
    days = 100_000 * 340 / (60 * 24)
    assert wear.years(1) == pytest.approx(days / 365.25)


@pytest.fixture
def day(tmp_path):
    """Of a meter that answers what it is asked by nothing, and has started."""

    async def ask(line, timeout_s):
        return ""

    async def up(timeout_s):
        return {}

    found = Day(
        "1/0",
        SimpleNamespace(
            data=tmp_path,
            console=SimpleNamespace(ask=ask, until_up=up),
            world=SimpleNamespace(firmware_runs=lambda runs: None, history=[], t_s=0.0),
            firmware=SimpleNamespace(variables={}),
            judge=SimpleNamespace(),
            check=lambda: None,
        ),
    )
    found.ledger.check = up_to_nothing
    found._machine.on_change(True)
    return found


async def up_to_nothing():
    """No look at what it keeps."""


@pytest.mark.parametrize("grows", [0, 300])
@pytest.mark.parametrize("module_bytes", [0, 2000])
def test_a_leak_is_found_in_the_memory_of_a_start_that_ends_in_mid_hour(day, grows, module_bytes):
    """Also beside modules that are loaded on demand, one each twenty minutes."""
    for n in range(30):
        loaded = n // 10
        day._machine.on_memory(50_000 + grows * n + module_bytes * loaded, 100 + loaded)
    day._machine.on_change(False)
    assert [text[:14] for text in day.ledger.broken] == ["memory in use "] * bool(grows)


@pytest.mark.parametrize(("closed", "fine"), [(150, True), (250, False)])
def test_an_hour_that_writes_the_flash_too_often_is_bad(day, closed, fine):
    """20 years of 340 blocks, 100,000 times each, are 194 an hour."""
    for hour in (1, 2):
        for _ in range(closed):
            day._machine.on_flash("close energy.a 0")
        asyncio.run(day.live([], 0.0))
        assert len(day.ledger.broken) == (0 if fine else hour)


def test_a_day_has_all_that_may_happen_and_is_the_same_each_time():
    day = [happening for hour in range(24) for happening in plan("1/0", hour)]
    assert day == [happening for hour in range(24) for happening in plan("1/0", hour)]
    assert day != [happening for hour in range(24) for happening in plan("2/0", hour)]
    kinds = Counter(happening.what for happening in day)
    wanted = {*LINE, *BLINDING, *KINDS, "charger_off", "power", "power of all", "flash", "car"}
    assert wanted <= set(kinds)


def powered(family, address):
    liar = LIARS[family](address, lambda: 1000.0)
    liar.turnaround_s = 0.0
    liar.power_on(3600.0)
    return liar


def order(liar, register, value):
    """Whether it acknowledges."""
    body = bytes((liar.address, 6)) + register.to_bytes(2, "big") + value.to_bytes(2, "big")
    return InMemory([liar]).answer(body + crc16(body).to_bytes(2, "little")) is not None


@pytest.mark.parametrize(
    ("lie", "acknowledges", "signals_a", "shows"),
    [
        ("", True, 8.0, 80),
        ("stuck", True, 12.0, 120),
        ("hidden", True, 12.0, 80),
        ("restarted", True, 8.0, 80),
    ],
)
def test_liars_do_what_their_lie_says(lie, acknowledges, signals_a, shows):
    liar = powered("heidelberg", 1)
    order(liar, 261, 120)
    liar.begin(lie)
    assert liar.pilot_a == (16.0 if lie == "restarted" else 12.0)
    assert order(liar, 261, 80) is acknowledges
    assert liar.pilot_a == signals_a
    assert liar.read(261, False) == shows


def test_a_mute_one_does_as_told_and_acknowledges_half():
    liar = powered("evse_wb", 2)
    liar.begin("mute")
    heard = [order(liar, 1000, amps) for amps in range(6, 26)]
    assert liar.pilot_a == 25.0
    assert 4 < sum(heard) < 16


def test_a_firmware_has_its_time_from_its_start_to_name_who_has_too_much():
    liar = powered("heidelberg", 1)
    station = SimpleNamespace(name="charger1", model=liar, car=SimpleNamespace(draw_a=16.0))
    judge = SoakJudge([station], 100.0, 6.0, (), 60.0)
    judge.limit(80.0)
    named = []
    judge.on_excess = named.append
    now_s = 1000.0

    def ten_seconds():
        nonlocal now_s
        for _ in range(100):
            now_s += 0.1
            conditions = Conditions(sees=True, firmware=True)
            judge.tick(Truth(now_s, 0.1, (30.0, 30.0), 50.0, (6.0,), (True,)), conditions)

    judge.firmware_started()
    ten_seconds()
    judge.firmware_started()
    ten_seconds()
    assert named == []
    ten_seconds()
    assert named == [0]


def measured(grows=0, module_bytes=0, every=10):
    """[(bytes, modules)]; a module is loaded with each tenth, unless said."""
    return [
        (50_000 + n % 3 * 900 + grows * n + n // every * module_bytes, 100 + n // every)
        for n in range(30)
    ]


def test_memory_that_grows_all_the_time_leaks():
    assert not leaks(measured())
    assert not leaks(measured(module_bytes=20_000))
    assert not leaks(measured(module_bytes=600, every=4))
    assert not leaks([(used + 28_000 * (n > 15), 107) for n, (used, _) in enumerate(measured())])
    of_a_day = (371.2, 370.1, 372.4, 370.2, 371.3, 371.5, 370.3, 370.7, 370.9, 372.7, 371.5, 371.6)
    of_a_day += (373.0, 372.6, 371.7)  # what is in use at a moment differs by 3 kB
    assert not leaks([(round(1000 * kb), 113) for kb in of_a_day])
    assert leaks([(round(1000 * kb) + 220 * n, 113) for n, kb in enumerate(of_a_day)])
    assert leaks(measured(grows=300))
    assert leaks(measured(grows=300, module_bytes=600))


@pytest.mark.parametrize("waits", [True, False])
def test_who_has_seen_an_overload_lets_the_chargers_charge_again_where_the_meter_waits(waits):
    asked = []

    class Console:
        async def ask(self, line, patience_s):
            asked.append(line)
            return "supervisor: ...: 'resume' lets the chargers charge again" if waits else "none"

    assert asyncio.run(Person(Console(), None, random.Random(1)).let_them_charge()) == waits
    assert asked == (["faults", "resume"] if waits else ["faults"])


@pytest.mark.parametrize(
    ("began_s", "may_wait"), [((0, 900), False), ((0, 900, 1800), True), ((0, 3000, 3650), False)]
)
def test_a_meter_that_waits_for_resume_before_the_third_overload_in_an_hour_is_bad(
    began_s, may_wait
):
    """In truth, or with a CT that is clipped."""
    overloads = Overloads()
    for at_s in began_s[:-1]:
        for amps in (90.0, 120.0, 120.0, 90.0):
            overloads.tick(at_s, (60.0, amps))
    overloads.began(began_s[-1])
    assert overloads.may_wait(began_s[-1] + 10) == may_wait


@pytest.mark.parametrize("seed", range(5))
def test_a_save_keeps_what_the_ledger_knows_though_two_people_type(seed):
    ledger, wanted, known = Ledger(None, None), {}, []

    class Console:
        def __init__(self):
            self.turn = asyncio.Lock()

        async def ask(self, line, patience_s):
            async with self.turn:
                await asyncio.sleep(0)
                if line == "save":
                    known.append(ledger.perhaps == wanted)
                    return "saved; restarting"
                _, name, value = line.split()
                wanted[name] = int(value)
                return "in force after 'save'"

    async def two_at_once():
        person = Person(Console(), ledger, random.Random(seed))
        await asyncio.gather(person.save_a_change(), person.save_a_change())

    asyncio.run(two_at_once())
    assert known == [True, True]
