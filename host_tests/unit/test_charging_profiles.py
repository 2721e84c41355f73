"""Every built-in profile against a pymodbus server of that charger, written from its documents."""

from functools import partial
from itertools import pairwise

import pytest
from charging_bench import Bench

from headroom.charging import commission, families
from headroom.reporting.status import line_dead_ma
from lab.sim import chargers as sim

FALLBACK_A = 8
WATCHDOG_S = {  # from the makers' documents, or what the profile must set; None: there is none
    "heidelberg": 15, "obo": 15, "mennekes": 10, "abb": 30, "smartevse": 11, "delta": 30,
    "eprowallbox": 20, "evse_wb": None, "phoenix": None, "cfos": None, "esp32_evse": None,
}  # fmt: skip
STOPS = {"abb", "smartevse"}  # on silence they stop; the others take the fallback current
FAILSAFE = dict.fromkeys(WATCHDOG_S, commission.PROVEN) | {
    "smartevse": commission.UNPROVEN,  # built in, nothing to read
    **dict.fromkeys([name for name, s in WATCHDOG_S.items() if s is None], commission.ABSENT),
}
# Registers in flash that a charger as sold needs written: once each, then never again.
FLASH = {
    "heidelberg": {258: 1, 262: 1}, "obo": {28: 1, 30: 1}, "mennekes": {0x073A: 1},
    "abb": {0x4106: 1}, "smartevse": {}, "evse_wb": {2000: 1}, "phoenix": {4000: 1}, "cfos": {},
    "delta": {201: 1, 202: 1, 203: 1, 204: 1}, "esp32_evse": {},
    "eprowallbox": {40409: 1, 40410: 1, 40412: 1, 40413: 1},
}  # fmt: skip
MEASURES = {"heidelberg", "obo", "mennekes", "abb", "cfos", "delta", "eprowallbox", "esp32_evse"}
families_only = [name for name in families.FAMILIES if name != "custom"]


@pytest.fixture(params=families_only)
def bench(request):
    with Bench(sim.ALL[request.param], fallback_a=FALLBACK_A) as made:
        made.allocate(10)
        made.run(20)
        made.model = made.models[0]
        made.profile_name = request.param
        yield made


def pilot_a(bench):
    return round(bench.model.pilot_a, 2)


def test_set_pause_resume(bench):
    state = bench.chargers[0].state
    assert state.online
    for amps in (10, 0, 6, 0, 12, 16, 6):
        bench.allocate(amps)
        bench.run(12)
        assert pilot_a(bench) == amps
        assert state.offer_ma == amps * 1000
    assert bench.chargers[0].frames_bad == 0


def test_it_is_never_told_less_than_its_minimum_or_more_than_allowed(bench):
    for ma in (6000, 6999, 7001, 9999, 15999):
        bench.allocate(ma / 1000)
        bench.run(12)
        assert 6 <= bench.model.pilot_a <= ma / 1000
        assert bench.model.pilot_a > ma / 1000 - 1.01


def test_what_it_says_of_the_car(bench):
    state = bench.chargers[0].state
    bench.model.draw_a = 9.5
    bench.run(3)
    assert state.car
    assert state.charging
    if bench.profile_name in MEASURES:
        assert max(state.reported_ma) == 9500
        assert state.reported_age_ms == 0
    else:
        assert max(state.reported_ma) == -1
    bench.model.draw_a = 0
    bench.run(3)
    assert state.car
    bench.model.plugged = False
    bench.run(3)
    assert not state.car
    assert not state.charging


def test_its_failsafe_is_what_it_is_said_to_be(bench):
    assert bench.chargers[0].commissioning.failsafe == FAILSAFE[bench.profile_name]
    assert bench.model.watchdog_s == WATCHDOG_S[bench.profile_name]


def test_when_we_die_its_watchdog_acts_and_we_recover(bench):
    name, watchdog_s = bench.profile_name, WATCHDOG_S[bench.profile_name]
    bench.allocate(14)
    bench.run(12)
    bench.pass_time(watchdog_s + 6 if watchdog_s else 3600)
    assert pilot_a(bench) == (14 if watchdog_s is None else 0 if name in STOPS else FALLBACK_A)
    bench.run(12)
    assert pilot_a(bench) == 14


def test_when_the_measurement_is_stale_it_gets_its_fallback_and_then_silence(bench):
    bench.allocate(14)
    bench.run(12)
    bench.blind()
    bench.run(5)
    frames = len(bench.line.frames)
    assert pilot_a(bench) == FALLBACK_A
    bench.run(60)
    has_watchdog = WATCHDOG_S[bench.profile_name] is not None
    assert (len(bench.line.frames) == frames) is has_watchdog, "one without may restart unseen"
    assert pilot_a(bench) == (0 if bench.profile_name in STOPS else FALLBACK_A)


def test_after_a_power_cut_it_is_told_again(bench):
    bench.allocate(14)
    bench.run(12)
    bench.model.power_off()
    bench.run(10)
    assert not bench.chargers[0].state.online
    assert bench.chargers[0].state.offer_ma == -1
    bench.model.power_on()
    bench.run(40)
    assert bench.chargers[0].state.online
    assert pilot_a(bench) == 14


@pytest.mark.long
def test_flash_is_written_once_and_never_again(bench):
    assert bench.model.flash_writes == FLASH[bench.profile_name]
    for amps in (10, 0, 12) * 8:
        bench.allocate(amps)
        bench.run(30)
    bench.model.power_off()
    bench.run(30)
    bench.model.power_on()
    bench.run(60)
    assert bench.model.flash_writes == FLASH[bench.profile_name]
    counted = bench.chargers[0].commissioning.flash_writes
    words = {"delta": 1, "eprowallbox": 1}.get(bench.profile_name, 0)  # one value of two registers
    assert counted == sum(FLASH[bench.profile_name].values()) - words


def test_last_words_reach_it(bench):
    bench.allocate(14)
    bench.run(12)
    bench.bus.last_words()
    for frame in bench.line.frames[-4:]:
        bench.server.answer(frame)
    assert pilot_a(bench) == FALLBACK_A


def test_a_fallback_of_nothing_pauses():
    for name in families_only:
        with Bench(sim.ALL[name], fallback_a=0) as bench:
            bench.allocate(10)
            bench.run(20)
            assert bench.models[0].pilot_a == pytest.approx(10, abs=0.01), name
            bench.blind()
            bench.run(60)
            assert bench.models[0].pilot_a == 0, name


def test_an_option_is_the_other_reading_of_the_facts():
    with Bench(partial(sim.Mennekes, low_first=True), profiles=["mennekes"]) as bench:
        bench.models[0].draw_a = 10.0
        bench.allocate(10)
        bench.run(20)
        assert bench.models[0].pilot_a != 10
        assert "word order" in bench.chargers[0].note()
    with Bench(
        partial(sim.Mennekes, low_first=True), profiles=["mennekes/low_word_first"]
    ) as bench:
        bench.models[0].draw_a = 10.0
        bench.allocate(10)
        bench.run(20)
        assert bench.models[0].pilot_a == 10
        assert max(bench.chargers[0].state.reported_ma) == 10000
    for option, phases, amps in (("", 3, 0), ("/three_phase", 3, 10), ("/ocpp_state", 1, 10)):
        with Bench(partial(sim.Delta, phases=phases), profiles=["delta" + option]) as bench:
            bench.allocate(10)
            bench.run(20)
            assert bench.models[0].pilot_a == pytest.approx(amps)
            assert bench.chargers[0].state.car


def test_firmware_without_its_optional_registers_still_works():
    with Bench(partial(sim.Cfos, metered=False)) as bench:
        bench.allocate(10)
        bench.run(30)
        assert bench.models[0].pilot_a == 10
        assert bench.chargers[0].state.online
        assert max(bench.chargers[0].state.reported_ma) == -1
        assert bench.chargers[0].faults["refused"] == 1


def test_a_mennekes_is_raised_every_5_s_at_most_and_lowered_at_once():
    with Bench(sim.Mennekes) as bench:
        model = bench.models[0]
        bench.allocate(6)
        bench.run(20)
        raised_s = []
        for step in range(120):
            before_a = model.pilot_a
            bench.allocate(6 + step / 12)
            bench.run(0.25)
            if model.pilot_a > before_a:
                raised_s.append(step * 0.25)
        assert len(raised_s) >= 4
        assert min(after - before for before, after in pairwise(raised_s)) >= 4.75
        bench.allocate(6)
        bench.run(0.5)
        assert model.pilot_a == 6


def test_smartevse_nodes_share_one_broadcast():
    with Bench(*(partial(sim.SmartEvse, address=a) for a in (2, 3, 8))) as bench:
        bench.allocate(16, 6, 0)
        bench.run(10)
        assert [model.pilot_a for model in bench.models] == [16, 6, 0]
        # Recorded: slot 0 is the master, slots 1, 2 and 7 are these nodes.
        sent = [frame for frame in bench.line.frames if frame[0] == 9]
        assert sent[-1][:9] == bytes.fromhex("09 10 00 20 00 08 10 00 00")
        currents = [int.from_bytes(sent[-1][i : i + 2], "big") for i in range(7, 23, 2)]
        assert currents == [0, 160, 60, 0, 0, 0, 0, 0]
        frames = len(bench.line.frames)
        bench.allocate(10, 6, 0)
        bench.clock.run(bench.bus.turn(bench.clock.ms))
        assert bench.line.frames[frames][0] == 9  # the reduction goes by broadcast, at once
        assert [model.pilot_a for model in bench.models] == [10, 6, 0]


def test_a_node_that_missed_a_broadcast_may_hold_what_it_did_until_it_is_read():
    """Noise on the reduction, and then it can't be read any more."""
    with Bench(sim.SmartEvse) as bench:
        bench.allocate(16)
        bench.run(10)
        state, model = bench.chargers[0].state, bench.models[0]
        assert (state.ceiling_ma, model.pilot_a) == (16_000, 16)
        bench.line.answer = lambda frame: None
        bench.allocate(6)
        for _ in range(200):
            bench.run(0.05)
            assert model.pilot_a * 1000 <= state.ceiling_ma
        bench.line.answer = bench.server.answer
        bench.run(20)
        assert (state.ceiling_ma, model.pilot_a) == (6000, 6)


def test_what_may_flow_for_ever_if_the_line_dies():
    """8 A of fallback, a charger that stops, and one that keeps its last current, up to 32 A."""
    with Bench(sim.Heidelberg, sim.Abb, sim.Phoenix, fallback_a=FALLBACK_A) as bench:
        bench.chargers[2].state.setting_ma = 32000
        assert line_dead_ma(bench.chargers) == 8000 + 0 + 32000
