"""Watts against formulae: the power of two waves, from their harmonics, in floating point."""

import math

import numpy as np
import pytest

from headroom import records
from headroom.metering import cross, kernel
from headroom.metering.channel import Channel
from lab.bench.metering.waveforms import RATE_HZ, Replay, play
from lab.bench.power import accuracy, waves
from lab.sim.digitise import FrontEnd

CT = FrontEnd(accuracy.MA_PER_COUNT, noise_counts=0.5)
SENSOR = FrontEnd(accuracy.MV_PER_COUNT, noise_counts=0.5)


def powers(*wired, board=accuracy.BOARD, **settings):
    """The last window's Power; each of `wired` is (wave, front end, lead in degrees)."""
    sampler = Replay(*waves.columns(wired, accuracy.SECONDS))
    meter = accuracy.build(sampler, board, **settings)
    for _ in play(meter, sampler):
        pass
    return meter.power


def house(v, l1, l2, **settings):
    lead = accuracy.CT_LEAD_DEG
    return powers((l1, CT, lead), (l2, CT, lead), (v, SENSOR, accuracy.V_LEAD_DEG), **settings)


@pytest.mark.parametrize("degrees", [0, 26, -26, 53, -53, 72.5, -72.5, 180])
@pytest.mark.parametrize(("amperes", "hz"), [(1, 60), (10, 65), (60, 50), (180, 45)])
def test_real_and_reactive_power_of_sines(amperes, hz, degrees):
    v = waves.sine(120, hz, 33)
    result = accuracy.measure("", v, waves.sine(amperes, hz, 33 - degrees))
    assert result.within, result
    assert abs(result.error_var) <= result.allowed_w + 0.003 * result.true_va


@pytest.mark.parametrize("percent", [110, 120])
def test_beyond_the_rails_the_power_of_that_leg_is_unknown(percent):
    power = house(waves.sine(120, 60), waves.sine(2 * percent + 40, 60), waves.sine(10, 60, 180))
    assert power.good
    assert power.known == 0b10


@pytest.mark.parametrize("step", [0, 10])
def test_harmonics_of_both_count_with_their_own_angles(step):
    v = waves.Wave(60, (118, 0, 6, 0, 4), (0.4, 0, 1.0, 0, 2.0))
    i = waves.Wave(60, (20, 0, 14, 0, 9), (0.1, 0, 2.4, 0, -0.5))
    assert accuracy.measure("", v, i, step=step).within


def test_two_legs_from_one_voltage_and_the_means_left_out():
    """L2 runs half a cycle behind L1; both inputs are off centre, the voltage's too."""
    v, l1, l2 = waves.sine(120, 60), waves.sine(30, 60, -30), waves.sine(10, 60, 180 + 150)
    ct = FrontEnd(accuracy.MA_PER_COUNT, bias_counts=60)
    sensor = FrontEnd(accuracy.MV_PER_COUNT, bias_counts=-50)
    lead = accuracy.CT_LEAD_DEG
    power = powers((l1, ct, lead), (l2, ct, lead), (v, sensor, accuracy.V_LEAD_DEG))
    cosine = math.cos(math.pi / 6)
    assert list(power.mw)[:2] == pytest.approx([3600e3 * cosine, -1200e3 * cosine], rel=0.004)
    assert list(power.mvar)[:2] == pytest.approx([1800e3, -600e3], rel=0.01)
    assert list(power.mva)[:2] == pytest.approx([3600e3, 1200e3], rel=0.003)
    assert power.mv == pytest.approx(120_000, rel=0.002)
    assert power.mhz == pytest.approx(60_000, abs=30)
    assert (power.known, power.assumed) == (0b11, 0b10)


def test_three_phases_from_one_voltage_on_a_board_with_an_input_of_its_own():
    board = accuracy.on_five_inputs()
    v = waves.sine(230, 50, 10)
    legs = [waves.sine(amperes, 50, 10 - 120 * n - 20) for n, amperes in enumerate((20, 5, 9))]
    wired = [(leg, CT, accuracy.CT_LEAD_DEG) for leg in legs]
    idle = (waves.sine(0, 50), CT, 0)
    sensor = (v, SENSOR, accuracy.V_LEAD_DEG)
    power = powers(
        *wired, idle, sensor, board=board, legs=3, nominal_v=230,
        **{"ct3.lead_mdeg": round(1000 * accuracy.CT_LEAD_DEG)},
    )  # fmt: skip
    for c, amperes in enumerate((20, 5, 9)):
        va = 230_000 * amperes
        assert power.mw[c] == pytest.approx(va * math.cos(math.radians(20)), abs=0.003 * va + 10e3)
        assert power.mvar[c] == pytest.approx(
            va * math.sin(math.radians(20)), abs=0.01 * va + 10e3
        )
    assert power.assumed == 0b110


def test_an_ev_branch_between_two_legs_has_the_voltage_of_both():
    board = accuracy.on_five_inputs()
    v, car = waves.sine(120, 60), waves.sine(16, 60, -12)
    none = (waves.sine(0, 60), CT, 0)
    legs = [(waves.sine(20, 60), CT, 2.7), (waves.sine(20, 60, 180), CT, 2.7)]
    ev = (car, FrontEnd(accuracy.MA_PER_COUNT / 2, noise_counts=0.5), 4.026)
    wired = [*legs, none, ev, (v, SENSOR, accuracy.V_LEAD_DEG)]
    power = powers(
        *wired, board=board, ev_source="ct", ev_burden_mohm=22000,
        **{"charger1.profile": "heidelberg"},
    )  # fmt: skip
    assert power.mw[2] == pytest.approx(240 * 16e3 * math.cos(math.radians(12)), rel=0.004)
    assert power.mva[2] == pytest.approx(240 * 16e3, rel=0.004)
    assert power.known == 0b111


def test_the_lead_that_a_ct_type_is_known_for_is_taken_off():
    """An SCT-013-000 with 22 ohm: 4 degrees. Uncorrected that is 6 % at a power factor of 0.6."""
    v, i = waves.sine(120, 60), waves.sine(20, 60, -53.13)
    ct = FrontEnd(accuracy.MA_PER_COUNT / 2, noise_counts=0.5)
    power = powers(
        (i, ct, 4.026), (waves.sine(5, 60, 180), ct, 4.026), (v, SENSOR, accuracy.V_LEAD_DEG),
        ct="100a50ma", breaker_a=60, **{"ct1.lead_mdeg": 0, "ct2.lead_mdeg": 0},
    )  # fmt: skip
    assert power.mw[0] == pytest.approx(0.6 * 2400e3, abs=0.003 * 2400e3)


@pytest.mark.parametrize("times", [1, 20])
def test_recorded_appliances(times):
    folder = accuracy.data_folder()
    if not folder:
        pytest.skip(f"recorded appliances: {accuracy.DATA_VARIABLE} is not set")
    found = [r for r in accuracy.appliances(folder, times) if r.good]
    assert len(found) >= 100
    assert [r for r in found if not r.within] == []


def test_a_gap_makes_one_window_unknown_and_the_next_is_right():
    v, l1 = waves.sine(120, 60), waves.sine(20, 60, -40)
    lead = accuracy.CT_LEAD_DEG
    wired = [(l1, CT, lead), (waves.sine(5, 60, 180), CT, lead), (v, SENSOR, accuracy.V_LEAD_DEG)]
    sampler = Replay(*waves.columns(wired, accuracy.SECONDS))
    meter = accuracy.build(sampler)
    seen = []
    for window in play(meter, sampler):
        seen.append((window.seq, meter.power.known, meter.power.mw[0], meter.power.faults))
        if window.seq == 5:
            sampler.lost_frames += 100
    gap = [record for record in seen if record[3]]
    assert [record[:2] for record in gap] == [(6, 0)]
    assert gap[0][3] == records.LOST
    for _, known, mw, _ in seen[3:5] + seen[6:]:
        assert known == 3
        assert mw == pytest.approx(2400e3 * math.cos(math.radians(40)), rel=0.005)


def test_a_gap_in_time_moves_neither_frequency_nor_the_watts_of_an_assumed_leg():
    """400 ms are lost in the midst of a window: the waves go on elsewhere in their cycle."""
    board = accuracy.on_five_inputs()
    wired = [(waves.sine(20, 50, -120 * n), CT, accuracy.CT_LEAD_DEG) for n in range(3)]
    wired += [(waves.sine(0, 50), CT, 0), (waves.sine(230, 50), SENSOR, accuracy.V_LEAD_DEG)]
    columns = waves.columns(wired, 4.0)
    at, lost = 12_700, 3_140
    sampler = Replay(*[np.delete(column, slice(at, at + lost)) for column in columns])
    meter = accuracy.build(
        sampler, board, legs=3, nominal_v=230, voltage="zmpt101b",
        **{"ct3.lead_mdeg": round(1000 * accuracy.CT_LEAD_DEG)},
    )  # fmt: skip
    left = sampler.left
    gaps = 0
    for window in play(meter, sampler):
        if left - sampler.left >= at - 1000 and not sampler.lost_frames:
            while left - sampler.left < at:
                meter.poll(0)
            sampler.lost_frames = lost
        gaps += bool(meter.power.faults & records.LOST)
        if window.seq > 3 and meter.power.good:
            assert meter.power.mhz == pytest.approx(50_000, abs=30)
            assert list(meter.power.mw)[:3] == pytest.approx([4600e3] * 3, rel=0.003)
    assert gaps == 1


def test_where_the_sun_feeds_the_car_the_watts_of_its_leg_are_known():
    """The car draws 20 A, of which 12 are the house's own: mains below EV is no fault of a CT."""
    board = accuracy.on_five_inputs()
    none = (waves.sine(0, 60), CT, 0)
    car = (waves.sine(20, 60), CT, accuracy.CT_LEAD_DEG)
    lead = round(1000 * accuracy.CT_LEAD_DEG)
    for amperes, sense in ((8, 1), (6, -1)):
        mains = (waves.sine(amperes, 60, 90 - 90 * sense), CT, accuracy.CT_LEAD_DEG)
        wired = [mains, none, none, car, (waves.sine(120, 60), SENSOR, accuracy.V_LEAD_DEG)]
        sampler = Replay(*waves.columns(wired, 11.0))
        meter = accuracy.build(
            sampler, board, legs=1, ev_source="ct",
            **{"charger1.profile": "heidelberg", "ct4.lead_mdeg": lead},
        )  # fmt: skip
        for _ in play(meter, sampler):
            pass
        assert meter.window.doubtful
        assert meter.power.known == 0b11
        assert meter.power.mw[0] == pytest.approx(sense * amperes * 120e3, rel=0.01)


def test_what_failed_once_is_no_part_of_the_next_window(monkeypatch):
    lead = accuracy.CT_LEAD_DEG
    wired = [(waves.sine(20, 60), CT, lead), (waves.sine(5, 60, 180), CT, lead)]
    columns = waves.columns([*wired, (waves.sine(120, 60), SENSOR, 0.16)], accuracy.SECONDS)
    sampler = Replay(*columns)
    meter = accuracy.build(sampler)
    with monkeypatch.context() as patch:
        for window in play(meter, sampler):
            if window.seq == 5:
                patch.setattr("headroom.metering.power.times", lambda *_: 1 // 0)
            elif window.seq == 6:
                assert not meter.power.known
                patch.undo()
            elif window.seq > 6:
                assert meter.power.mw[0] == pytest.approx(2400e3, rel=0.005)


def test_what_fails_in_the_watts_leaves_the_currents_as_they_are(monkeypatch):
    wired = [
        (waves.sine(20, 60), CT, 0), (waves.sine(5, 60), CT, 0), (waves.sine(120, 60), SENSOR, 0)
    ]  # fmt: skip
    columns = waves.columns(wired, accuracy.SECONDS)

    def readings():
        sampler = Replay(*columns)
        meter = accuracy.build(sampler)
        return meter, [(w.good, *w.leg_ma, *w.faults) for w in play(meter, sampler)]

    _, before = readings()
    monkeypatch.setattr("headroom.metering.power.times", lambda *_: 1 // 0)
    meter, after = readings()
    assert after == before
    assert not meter.power.good
    assert not meter.power.known


def test_the_kernel_with_a_voltage_takes_the_same_sums_and_two_more():
    """Against numpy's own sums, the counts going to both rails."""
    random = np.random.default_rng(4)
    for step in (0, 10):
        samples = random.integers(0, 4096, (175, 3)).astype(np.uint16)
        flat = [int(x) for x in samples.ravel()]
        with_v, without = (
            Channel(1 << 8, 0, 4095, step, True),
            Channel(1 << 8, 0, 4095, step, True),
        )
        products = [2048 + 2 * step, 1900, 0, 0, 0, 0]
        kernel.accumulate(0, 0, flat, 175, 3, without.sums)
        cross.accumulate_with(0, 0, flat, 175, 3, with_v.sums, 2, products)
        assert with_v.sums == without.sums
        true = samples.astype(np.int64)
        true = true + (true + 512 >> 10) * step
        current = true[:, 0] - with_v.sums[kernel.MID]
        volts = true[:, 2] - products[cross.V_MID]
        before = np.concatenate([[1900 - products[cross.V_MID]], volts[:-1]])
        for at, voltage in ((cross.NOW, volts), (cross.THEN, before)):
            assert (products[at] << 14) + products[at + 1] == int(np.sum(current * voltage))
        assert products[cross.BEFORE] == true[-1, 2]


def test_the_two_kernels_mean_the_same_places():
    for name in ("MID", "STEP", "RAILS", "OF_CYCLE", "OF_WINDOW", "CLIPPED", "LIMB"):
        there = getattr(kernel, name, None) or getattr(kernel, "_" + name, 0)
        assert getattr(cross, "_" + name) == there


def test_a_converter_that_takes_its_inputs_elsewhere_in_turn():
    """The skew is the sampler's to say: all inputs at once, as of a metering chip."""
    t = np.arange(round(accuracy.SECONDS * RATE_HZ)) / RATE_HZ
    v, i = waves.sine(120, 60), waves.sine(20, 60, -60)
    lead = accuracy.CT_LEAD_DEG
    columns = [
        CT.digitise(i.through(lead).at(t)), CT.digitise(i.through(lead).at(t)),
        SENSOR.digitise(v.through(accuracy.V_LEAD_DEG).at(t)),
    ]  # fmt: skip
    for spacing_ppm, right in ((0, True), (333_333, False)):
        sampler = Replay(*columns)
        sampler.spacing_ppm = spacing_ppm
        meter = accuracy.build(sampler)
        for _ in play(meter, sampler):
            pass
        assert (abs(meter.power.mw[0] - 1200e3) < 12e3) is right
