"""Volts, watts and energy as people and tools are told them."""

import asyncio
import json
from types import SimpleNamespace

import numpy as np
import pytest
from board_in_memory import Board
from watts_bench import CT, meter_of

from headroom import ports, records
from headroom.app.assembly import assembled
from headroom.console import screen
from headroom.metering import voltage
from headroom.metering.energy import Energy
from headroom.metering.health import Health
from headroom.metering.power import Power
from headroom.metering.watthours import WattHours
from headroom.reporting.status import Status
from headroom.reporting.watts import WattReporter, WattStatus
from headroom.settings.store import Store
from headroom.storage.pair import Pair
from lab.bench.metering.waveforms import Replay
from lab.bench.power import accuracy, waves
from meter import monitor, report
from meter.record import Record

DAY_MS = 24 * 3600 * 1000


def power_of(mw, known=0b11):
    power = Power(2, 0b10)
    power.known = known
    for c in range(2):
        power.mw[c] = mw[c]
    return power


def status_of(meter):
    controller = SimpleNamespace(
        limits=SimpleNamespace(leg_limit_ma=80_000), base_ma=[0] * 2, allocations=[],
        budget=SimpleNamespace(percent=lambda leg: 0), ev=SimpleNamespace(beyond_ma=0),
    )  # fmt: skip
    store = SimpleNamespace(source="defaults", note="")
    parts = meter, Health(), Energy(3), controller, SimpleNamespace(chargers=[])
    status = WattStatus(
        ("pico", "1.28.0", "", "power on", "e6614103e7452e2f"), (store, "01234567", 120), *parts,
        SimpleNamespace(tripped=""), [],
    )  # fmt: skip
    steps = status.collect()
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


@pytest.mark.long
def test_energy_of_a_day_in_both_directions_and_of_the_house():
    """L1 draws 1,234.567 W, L2 feeds in 456.789 W until noon: the legs add up in each window."""
    energy = WattHours(2, 7680)
    morning, evening = power_of((1_234_567, -2_456_789)), power_of((1_234_567, 0))
    for n in range(DAY_MS // 200):
        energy.add(morning if n < DAY_MS // 400 else evening, 1536)
    hours = 12
    exact = {
        0: (2 * hours * 1234.567, 0), 1: (0, hours * 2456.789),
        3: (hours * 1234.567, hours * (2456.789 - 1234.567)),
    }  # fmt: skip
    for c, (imported, exported) in exact.items():
        assert energy.imported(c) == pytest.approx(imported, abs=1)
        assert energy.exported(c) == pytest.approx(exported, abs=1)


@pytest.mark.long
def test_energy_by_the_whole_metering_is_within_0_3_percent():
    """From counts to watt-hours: a day's windows of a load at a power factor of 0.8."""
    meter = meter_of(waves.sine(121, 60), waves.sine(9, 60, -36.87))
    energy = WattHours(2, 7680)
    for _ in range(DAY_MS // 200):
        energy.add(meter.power, 1536)
    floor = 24 * accuracy.FLOOR_A * 121
    assert energy.imported(0) == pytest.approx(
        24 * 121 * 9 * 0.8, abs=24 * 121 * 9 * 0.003 + floor
    )
    assert energy.exported(0) == 0


def test_what_is_unknown_is_not_counted_and_no_house_without_a_leg():
    energy = WattHours(2, 7680)
    for known in (0b01, 0b00):
        for _ in range(5 * 3600):
            energy.add(power_of((1_000_000, 1_000_000), known), 1536)
    assert [energy.imported(c) for c in range(4)] == [1000, 0, 0, 0]


def test_watt_hours_survive_a_restart_and_a_file_that_is_none(tmp_path):
    energy = WattHours(2, 7680)
    for _ in range(5 * 3600 * 2):
        energy.add(power_of((3_000_000, -1_000_000)), 1536)
    pair = Pair(str(tmp_path), "watthours")
    pair.save(energy.dump())
    pair.save("[[1, 2, 3], [4, 5, 6, 7]]")
    pair, again = Pair(str(tmp_path), "watthours"), WattHours(2, 7680)
    again.restore(pair.load(again.parse))
    assert [again.imported(c) for c in range(4)] == [6000, 0, 0, 4000]
    assert [again.exported(c) for c in range(4)] == [0, 2000, 0, 0]
    assert pair.notes[0].startswith("watthours.b passed over")


def test_watt_hours_of_a_large_panel_go_on_for_decades(tmp_path):
    """100 A at 277 V on three legs, day and night, for thirty years: 21.8 GWh."""
    energy = WattHours(3, 7680)
    all_wh = 3 * 27_700 * 24 * 365 * 30
    energy.restore([[all_wh // 3 - 1] * 3 + [0, all_wh - 3], [0] * 5])
    hour = 7680 * 3600
    power = Power(3, 0, 3)
    power.mw[0], power.mw[1], power.mw[2], power.known = 27_700_000, 27_700_000, 27_700_000, 0b111
    for _ in range(18_000):  # an hour of windows
        energy.add(power, hour // 18_000)
    pair = Pair(str(tmp_path), "watthours")
    pair.save(energy.dump())
    pair, again = Pair(str(tmp_path), "watthours"), WattHours(3, 7680)
    again.restore(pair.load(again.parse))
    assert pair.notes == []
    for totals in (energy, again):
        assert [totals.imported(c) for c in (0, 4)] == [
            all_wh // 3 + 27_699,
            all_wh + 3 * 27_700 - 3,
        ]
    kept = [
        numbers
        for totals in vars(energy).values()
        if isinstance(totals, list)
        for numbers in totals
    ]
    assert all(number < 1 << 30 for numbers in kept for number in numbers), "no heap object"


def test_watt_hours_outlive_another_source_of_the_cars_current():
    board = accuracy.on_five_inputs()
    kept = "[[1000, 2000, 300, 3000], [1, 2, 3, 4]]"
    for source in ("ct", "register", "ct"):
        sampler = Replay(*[np.full(8, 2048, np.uint16)] * 5)
        energy = accuracy.build(sampler, board, ev_source=source).watthours
        energy.restore(energy.parse(kept))
        kept = energy.dump()
    assert [energy.imported(c) for c in range(4)] == [1000, 2000, 300, 3000]


def test_the_status_has_watts_beside_what_it_had():
    meter = meter_of(waves.sine(118, 60), waves.sine(20, 60, 180 - 40))
    energy = meter.watthours = WattHours(2, 7680)
    for _ in range(5 * 3600):
        energy.add(meter.power, 1536)
    now = status_of(meter)
    assert now["voltage"]["mv"] == pytest.approx(118_000, rel=0.003)
    assert (now["voltage"]["good"], now["voltage"]["faults"]) == (True, [])
    assert now["mains_mhz"] == pytest.approx(60_000, abs=30)
    l1 = now["legs"][0]
    assert l1["w"] == pytest.approx(-2360 * 0.766, abs=15)
    assert l1["va"] == pytest.approx(2360, abs=12)
    assert l1["pf_ppt"] == pytest.approx(-766, abs=6)
    assert [leg["assumed"] for leg in now["legs"]] == [False, True]
    assert now["energy"][0]["export_wh"] == pytest.approx(1808, abs=15)
    assert now["energy"][0]["wh_estimate"] == 0, "as before: from ampere-hours"
    assert now["house"]["export_wh"] == pytest.approx(1808 - 590, abs=15)
    now["lock"] = "no PIN"
    shown = "".join([*screen.status_head(now), *screen.energy(now)])
    assert "power factor -0.7" in shown
    assert "imported" in shown


@pytest.mark.parametrize(
    ("w", "ppt", "shown"),
    [
        (999.6, 1000, "1.00"),
        (996.4, 996, "1.00"),
        (-955.6, -956, "-0.96"),
        (-999.6, -1000, "-1.00"),
        (404.4, 404, "0.40"),
    ],
)
def test_a_power_factor_is_rounded_to_the_nearest(w, ppt, shown):
    """Of 1,000 VA: what a heater shows is 1.00."""
    meter = meter_of(waves.sine(118, 60), waves.sine(20, 60))
    meter.power.mw[0], meter.power.mva[0] = round(1000 * w), 1_000_000
    now = status_of(meter)
    assert now["legs"][0]["pf_ppt"] == ppt
    now["lock"] = "no PIN"
    assert f"power factor {shown}\n" in "".join(screen.status_head(now))


def test_unknown_watts_say_so():
    meter = meter_of(waves.sine(20, 60), waves.sine(20, 60))
    now = status_of(meter)
    assert not now["voltage"]["good"]
    assert now["legs"][0]["w"] is None
    text = "voltage " + voltage.FAULT_NAMES[voltage.OPEN]
    assert now["voltage"]["faults"] == [text]
    assert text in now["faults"]
    shown = "".join(screen.status_head(now))
    assert "watts are unknown, see the faults" in shown
    assert "L1   power unknown" in shown


def test_without_a_voltage_nothing_is_added():
    sampler = Replay(*waves.columns([(waves.sine(20, 60), CT, 0)] * 3, 1.0))
    meter = accuracy.build(sampler, voltage="", ev_source="ct")
    assert meter.power is None
    controller = SimpleNamespace(limits=SimpleNamespace(leg_limit_ma=0), base_ma=[0, 0],
        allocations=[], budget=SimpleNamespace(percent=lambda leg: 0),
        ev=SimpleNamespace(beyond_ma=0))  # fmt: skip
    store = SimpleNamespace(source="defaults", note="")
    status = Status(
        ("pico", "1", "", "", ""), (store, "0", 120), meter, Health(), Energy(3), controller,
        SimpleNamespace(chargers=[]), SimpleNamespace(tripped=""), [],
    )  # fmt: skip
    assert set(status.energy()) == {"nominal_v", "energy"}
    assert set(status.leg(0)) == {
        "name", "ma", "base_ma", "limit_ma", "headroom_ma", "breaker_budget_pct"
    }  # fmt: skip


def test_what_changes_of_the_voltage_is_an_event():
    told = []
    power = Power(2, 0)
    reporter = WattReporter(
        SimpleNamespace(note=told.append),
        SimpleNamespace(window=records.Reading(2), power=power), Health(),
        SimpleNamespace(ev=SimpleNamespace(beyond_ma=0), allocations=[]),
        SimpleNamespace(chargers=[]), SimpleNamespace(tripped=""),
    )  # fmt: skip
    for faults in (0, voltage.LOW, voltage.LOW, records.LOST, 0):
        power.faults = faults
        reporter.look(1000)
    low = voltage.FAULT_NAMES[voltage.LOW]
    assert told == ["voltage " + low, "voltage no longer " + low]


def test_what_the_house_draws_at_least_is_of_whole_minutes_without_a_car():
    power = Power(2, 0)
    state = SimpleNamespace(online=True, charging=False)
    charger = SimpleNamespace(state=state, name="charger1", where=lambda: "", error="")
    row = SimpleNamespace(holds_ma=0, reason=records.NO_CAR, allowed_ma=0, limit=0)
    reporter = WattReporter(
        SimpleNamespace(note=lambda text: None),
        SimpleNamespace(window=records.Reading(2), power=power), Health(),
        SimpleNamespace(ev=SimpleNamespace(beyond_ma=0), allocations=[row]),
        SimpleNamespace(chargers=[charger]), SimpleNamespace(tripped=""),
    )  # fmt: skip

    def live(seconds, l1_w, l2_w, known=3):
        power.known = known
        power.mw[0], power.mw[1] = l1_w * 1000, l2_w * 1000
        for _ in range(seconds):
            reporter.look(1000)
        return reporter.idle_w

    assert live(59, 500, 300) == -1
    assert live(1, 500, 300) == 800
    assert live(60, 2000, 300) == 800
    assert live(30, 0, 0) == 800
    assert live(90, 0, 0, known=1) == 800, "one leg alone says nothing"
    state.charging = True
    assert live(90, 100, 100) == 800
    state.charging = False
    assert live(60, 400, 100) == 500
    assert live(60, -3000, 100) == 0, "the sun feeds in"


def test_a_voltage_that_flickers_leaves_the_log_to_what_protects():
    """For an hour, each second: then a trip and a measurement that ends are still told."""
    told = []
    power, health = Power(2, 0), Health()
    supervisor = SimpleNamespace(tripped="")
    reporter = WattReporter(
        SimpleNamespace(note=told.append),
        SimpleNamespace(window=records.Reading(2), power=power), health,
        SimpleNamespace(ev=SimpleNamespace(beyond_ma=0), allocations=[]),
        SimpleNamespace(chargers=[]), supervisor,
    )  # fmt: skip
    for second in range(3600):
        power.faults = voltage.LOW if second % 2 else 0
        reporter.look(1000)
    assert 60 <= len(told) <= 80
    supervisor.tripped = "overload"
    health.wait(10_000)
    reporter.look(1000)
    assert any("overload" in text for text in told)
    assert any("no good measurement" in text for text in told)


def test_monitor_and_report_show_what_is_measured(tmp_path):
    """The counters of energy go on over a restart, which costs what was not saved."""
    now = status_of(meter_of(waves.sine(120, 60), waves.sine(20, 60)))
    now |= {"chargers": [], "settings_hash": "0", "lock": "", "unsaved": False, "boot": 1}
    assert "L1  20.0  2400 W" in monitor.line(now)
    assert "120.0 V" in monitor.line(now)
    path = tmp_path / "record"
    with path.open("w", encoding="utf-8") as file:
        for at_s, imported in ((0, 1000), (60, 1500), (120, 1300), (180, 2000)):
            now["energy"][0]["import_wh"] = imported
            now["house"]["import_wh"] = imported
            print(json.dumps({"time_s": at_s} | now), file=file)
    record = Record(path)
    assert record.watt_hours("L1", "import_wh") == 500 + 0 + 700
    assert record.watt_hours("house", "import_wh") == 1200
    assert record.watt_hours("L3", "import_wh") is None
    assert "L1              1.20          0.00" in report._measured(record)
    report.draw(record, [], [])


def test_a_whole_app_with_a_voltage_keeps_its_watt_hours(tmp_path, monkeypatch, clock):
    board = Board(tmp_path)
    store = Store(board.folder)
    store.save(store.load() | {"ev_source": "register", "voltage": "zmpt101b"})
    monkeypatch.setattr(ports, "current", lambda: board)
    Pair(board.folder, "watthours").save("[[7000, 8000, 0, 9000], [1, 2, 0, 3]]")
    app = assembled(board)
    assert app._status.energy()["house"] == {"import_wh": 9000, "export_wh": 3}
    with pytest.raises(asyncio.TimeoutError):
        clock.run(asyncio.wait_for(app.run(), 5))
    app.last_words()
    again = Pair(board.folder, "watthours")
    assert again.load(lambda text: text) == "[[7000, 8000, 0, 9000], [1, 2, 0, 3]]"
    assert again.which == 1, "written anew"
