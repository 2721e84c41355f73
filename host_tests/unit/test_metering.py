"""Metering against formulae: RMS of sines and harmonics, frequency, faults, charge."""

import math
import time
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom import records
from headroom.console.commands.calibrate import Calibrate
from headroom.metering import calibration, ct_types, health, kernel
from headroom.metering.channel import Channel
from headroom.metering.meter import WINDOW, Meter
from headroom.settings import table
from lab.bench.metering.waveforms import RATE_HZ, Replay, play, sine
from lab.sim.digitise import FrontEnd

MA_PER_COUNT = 4000 * 3300 / 4096 / 22  # 200 A : 50 mA, 22 ohm, 3.3 V at 12 bit
FLOOR_MA = MA_PER_COUNT / math.sqrt(12)  # of 12-bit quantisation
GAIN_Q8 = calibration.ma_per_count_q8(ct_types.ua_per_mv("200a50ma", 0, 22000), 3300, 12)


def channel(is_leg=True, step=0, noise_q7=0):
    return Channel(GAIN_Q8, noise_q7, 4095, step, is_leg)


def windows(*columns, channels=None, chunk=40):
    """Every window's (RMS of the first channel, faults of it, good, millihertz)."""
    sampler = Replay(*columns, chunk=chunk)
    meter = Meter(
        sampler, channels or [channel(i < len(columns) - 1) for i in range(len(columns))]
    )
    return [
        (reading.leg_ma[0], reading.faults[0], reading.good, meter.frequency.millihertz())
        for reading in play(meter, sampler)
    ]


def counts(amperes, **front_end):
    return FrontEnd(MA_PER_COUNT, **front_end).digitise(amperes)


def quiet(seconds):
    return counts(sine(0.0, 60, seconds), noise_counts=0.5)


@given(
    st.integers(1, 2047),
    st.floats(0, 2048),
    st.integers(-126, 126),
    st.integers(0, 1 << 13),
    st.integers(1, 1024 << 8),
)
def test_the_kernels_root_is_that_of_the_variance_less_the_noise(frames, rms, bias, noise, gain):
    """From sums to mA, within 1/128 count and 1/2^14 for the root, and 1/2 mA for rounding."""
    sums = Channel(gain, noise, 4095, 0, True).sums
    squares = int(frames * (rms * rms + bias * bias))
    sums[kernel.OF_WINDOW] = frames * (2048 + bias)
    sums[kernel.OF_WINDOW + 1] = squares >> 14
    sums[kernel.OF_WINDOW + 2] = squares & 0x3FFF
    sums[kernel.OF_WINDOW + 3] = frames
    ma = kernel.close(sums, kernel.OF_WINDOW)
    power_q7 = max(0, squares * 128 // frames - bias * bias * 128)
    counts = math.sqrt(min(max(0, power_q7 - noise) / 128, 2048**2))
    assert abs(ma - counts * gain / 256) <= gain / 256 * (1 / 128 + counts / (1 << 14)) + 0.5
    assert sums[kernel.POWER_Q7] == power_q7
    assert sums[kernel.MEAN] == 2048 + bias
    assert not any(sums[kernel.OF_WINDOW : kernel.CLIPPED])


@pytest.mark.parametrize("hz", [45, 50, 53.3, 59.9, 60, 65])
@pytest.mark.parametrize("rms_a", [1.0, 10.0, 55.5, 106.0, 200.0])
def test_rms_of_a_sine_within_the_quantisation_floor(rms_a, hz):
    found = windows(counts(sine(rms_a, hz, 2.2), bias_counts=13), quiet(2.2))
    for ma, faults, good, _ in found[2:]:
        assert abs(ma - rms_a * 1000) <= FLOOR_MA + rms_a
        assert good
        assert not faults


def test_rms_adds_harmonics_in_power_and_leaves_out_the_mean():
    wave = sine(30, 60, 2.0) + sine(12, 180, 2.0, phase=1.1) + sine(5, 300, 2.0, phase=2.0) + 9.0
    found = windows(counts(wave), quiet(2.0))
    assert found[-1][0] == pytest.approx(1000 * math.sqrt(30**2 + 12**2 + 5**2), abs=FLOOR_MA + 33)


@pytest.mark.parametrize("hz", [45, 47.5, 50, 60, 65])
def test_frequency_is_found_in_the_current(hz):
    assert windows(counts(sine(20, hz, 4)), quiet(4))[-1][3] == pytest.approx(hz * 1000, abs=60)


@pytest.mark.parametrize("phase", range(4))
def test_a_peak_as_narrow_as_one_sample_crosses_once_a_cycle(phase):
    cycle = np.full(128, 2048)
    cycle[phase] = 2048 + 900
    cycle[phase + 20] = 2048 + 150
    cycle[phase + 64 : phase + 68] = 2048 - 300
    assert windows(np.tile(cycle, 240), quiet(4))[-1][3] == pytest.approx(60_000, abs=30)


@pytest.mark.parametrize("hz", [50, 60])
@pytest.mark.parametrize(
    ("on", "of", "begins"), [(1, 2, 0), (1, 3, 0), (2, 3, 0), (1, 4, 0), (3, 6, 0), (9, 10, 60)]
)
def test_a_heater_that_leaves_out_cycles_is_a_current_like_any_other(hz, on, of, begins):
    """On the leg that carries most, from the start or the cycle in which it begins."""
    cycle = np.floor(hz * np.arange(6 * RATE_HZ) / RATE_HZ).astype(int)
    house = sine(2.0, hz, 6.0, phase=0.0)
    heats = (cycle % of < on) & (cycle >= begins)
    leg = house + np.where(heats, sine(25.0, hz, 6.0, phase=0.0), 0.0)
    columns = counts(leg), counts(sine(5.0, hz, 6.0)), quiet(6)
    sampler = Replay(*columns)
    meter = Meter(sampler, [channel(), channel(), channel(False)])
    readings = [(reading.good, reading.leg_ma[0]) for reading in play(meter, sampler)][10:]
    assert all(good for good, _ in readings)
    assert meter.frequency.millihertz() == pytest.approx(1000 * hz, abs=60)
    mean_square = np.mean([ma * ma for _, ma in readings])
    assert math.sqrt(mean_square) == pytest.approx(1000 * np.std(leg[2 * RATE_HZ :]), rel=0.02)


@pytest.mark.parametrize(("hz", "swing"), [(0, 900), (60, 300), (47, 500)])
def test_an_input_that_is_not_in_use_says_nothing_of_the_frequency(hz, swing):
    """It floats: noise, or a hum of its own that is stronger than any current."""
    if hz:
        floats = 2048 + swing * np.sin(2 * np.pi * hz * np.arange(4 * RATE_HZ) / RATE_HZ)
    else:
        floats = np.random.default_rng(1).uniform(2048 - swing, 2048 + swing, 4 * RATE_HZ)
    columns = counts(sine(20.0, 50, 4.0)), np.rint(floats)
    sampler = Replay(*columns)
    meter = Meter(sampler, [channel(), channel(False)], ev_used=False)
    cycles_ma = []
    for now_ms in range(0, 4000, 5):
        if meter.poll(now_ms):
            cycles_ma.append(meter.cycle.leg_ma[0])
    assert meter.frequency.millihertz() == pytest.approx(50_000, abs=50)
    assert cycles_ma[50:] == pytest.approx([20_000] * len(cycles_ma[50:]), rel=0.01)


def test_frequency_of_a_peaky_rectifier_current_is_that_of_the_mains():
    t = np.arange(4 * RATE_HZ) / RATE_HZ
    pulses = np.sign(np.sin(2 * np.pi * 60 * t)) * np.maximum(
        0, abs(np.sin(2 * np.pi * 60 * t)) - 0.8
    )
    assert windows(counts(pulses * 200), quiet(4))[-1][3] == pytest.approx(60000, abs=60)


@pytest.mark.parametrize(
    ("wave", "fault"),
    [
        (counts(sine(0, 60, 3), noise_counts=0.6), records.NO_SIGNAL),
        (counts(sine(0, 60, 3)), records.STUCK),
        (counts(sine(260, 60, 3)), records.CLIPPED),
        (counts(sine(20, 60, 3), bias_counts=260), records.BIAS),
        (counts(sine(20, 38, 3)), records.FREQUENCY),
        (counts(sine(20, 90, 3)), records.FREQUENCY),
        (counts(sine(0, 60, 3), noise_counts=60), records.NOISE),
    ],
)
def test_each_fault_is_named_and_the_window_is_not_good(wave, fault):
    _, faults, good, _ = windows(wave, quiet(3))[-1]
    assert faults & fault
    assert not good
    assert records.FAULT_NAMES[fault]


def test_machine_code_that_computes_wrongly_is_a_fault(monkeypatch):
    """As where freezing changed a constant: every leg read 13 mA, and nothing else was wrong."""
    assert kernel.sound()
    monkeypatch.setattr(kernel, "close", lambda sums, of: 13)
    _, faults, good, _ = windows(counts(sine(40, 60, 2)), quiet(2))[-1]
    assert faults == records.ARITHMETIC
    assert not good


def test_a_ct_unplugged_under_load_is_seen_in_the_next_window():
    loaded, open_ct = sine(40, 60, 2), sine(0, 60, 2)
    found = windows(counts(np.concatenate([loaded, open_ct]), noise_counts=0.6), quiet(4))
    first_bad = next(i for i, window in enumerate(found) if not window[2])
    assert first_bad <= 10 + 1  # 2 s are ten windows; the eleventh has nothing but noise
    assert all(window[1] & records.NO_SIGNAL for window in found[first_bad + 1 :])


def test_a_bias_step_spoils_one_window_and_is_followed():
    wave = np.concatenate([sine(30, 60, 2), sine(30, 60, 2) + 150 * MA_PER_COUNT / 1000])
    found = windows(counts(wave), quiet(4))
    bad = [window for window in found if not window[2]]
    assert 1 <= len(bad) <= 2
    assert found[-1][0] == pytest.approx(30000, abs=FLOOR_MA + 30)


def test_the_noise_floor_is_subtracted_in_power():
    """5 counts of noise read as 0.73 A; with it known, 1 A reads as 1 A instead of 1.24 A."""
    noise = np.random.default_rng(7)
    wave = counts(sine(1.0, 60, 6) + noise.normal(0, 5 * MA_PER_COUNT / 1000, 6 * RATE_HZ))
    raw = windows(wave, quiet(6))[-1][0]
    known = channel(noise_q7=round((25 + 1 / 12) * 128))
    corrected = [w[0] for w in windows(wave, quiet(6), channels=[known, channel(False)])[5:]]
    assert raw == pytest.approx(1239, abs=80)
    assert sum(corrected) / len(corrected) == pytest.approx(1000, abs=40)


def test_the_rp2040_steps_are_put_back():
    wave = sine(150, 60, 2)
    swallowed = FrontEnd(MA_PER_COUNT, step=10).digitise(wave)
    corrected = windows(swallowed, quiet(2), channels=[channel(step=10), channel(False)])[-1][0]
    raw = windows(swallowed, quiet(2))[-1][0]
    assert corrected == pytest.approx(150_000, rel=0.001)
    assert abs(raw - 150_000) > 4 * abs(corrected - 150_000)


def test_a_gap_begins_a_new_window_and_is_counted():
    sampler = Replay(counts(sine(30, 60, 3)), quiet(3), chunk=77)
    meter = Meter(sampler, [channel(), channel(False)])
    seen = []
    for now_ms in range(0, 3000, 10):
        if now_ms == 1000:
            sampler.lost_frames += 500
        while done := meter.poll(now_ms):
            if done & WINDOW:
                seen.append((meter.window.good, bool(meter.window.faults[0] & records.LOST)))
    assert meter.lost_frames == 500
    assert seen.count((False, True)) == 1
    assert seen[-1] == (True, False)


@pytest.mark.long
@given(st.integers(1, 128), st.integers(0, 2000))
def test_the_reading_does_not_depend_on_how_the_samples_arrive(chunk, offset):
    wave = counts(sine(42, 60, 1.0))[offset:]
    reference = windows(wave, quiet(1.0)[offset:], chunk=128)
    assert windows(wave, quiet(1.0)[offset:], chunk=chunk) == reference


@pytest.mark.long
@given(st.lists(st.integers(0, 999), min_size=40, max_size=40), st.integers(0, (1 << 30) - 1))
def test_a_poll_when_it_is_due_finds_the_cycle_complete(phases_us, start_ms):
    """A clock of whole milliseconds says when; the poll itself is anywhere within one."""
    sampler = Replay(counts(sine(42, 60, 1.0)), quiet(1.0))
    meter = Meter(sampler, [channel(), channel(False)])
    came = 0
    elapsed_ms = 0
    found = []
    for phase_us in phases_us:
        arrived = (elapsed_ms * 1000 + phase_us) * RATE_HZ // 1_000_000
        sampler.chunk = arrived - came
        came = arrived
        now_ms = time.ticks_add(start_ms, elapsed_ms)
        found.append(meter.poll(now_ms))
        wait_ms = time.ticks_diff(meter.due_ms, now_ms)
        assert 0 < wait_ms <= 128 / 7.68 + 2
        if found[-1] & WINDOW:
            assert time.ticks_diff(now_ms, meter.window.at_ms) <= 3
        elapsed_ms += wait_ms
    assert all(found[1:])


def test_stale_after_three_windows_without_a_good_one():
    watch = health.Health()
    watch.good(20)
    watch.wait(530)
    assert not watch.stale()
    watch.wait(1)
    assert watch.stale()
    assert any("stale" in text for text in health.names(records.Reading(2), watch.stale()))


@pytest.mark.parametrize(
    ("ct", "burden_mohm", "ma_per_count"),
    [  # ratio x 3300 mV / 4096 / burden; voltage types: rated A / 0.333 V x 3300 mV / 4096
        ("100a50ma", 22000, 2000 * 3300 / 4096 / 22),
        ("200a100ma", 10000, 2000 * 3300 / 4096 / 10),
        ("200a50ma", 22000, 4000 * 3300 / 4096 / 22),
        ("100a333mv", 22000, 100 / 0.333 * 3300 / 4096),
        ("200a333mv", 1000, 200 / 0.333 * 3300 / 4096),
    ],
)
def test_a_ct_type_gives_a_calibrated_reading(ct, burden_mohm, ma_per_count):
    gain_q8 = calibration.ma_per_count_q8(ct_types.ua_per_mv(ct, 0, burden_mohm), 3300, 12)
    assert gain_q8 / 256 == pytest.approx(ma_per_count, rel=1e-4)


def test_one_clamp_reading_sets_the_gain():
    assert calibration.new_gain_ppm(1_000_000, 40_000, 41_000, 200_000) == 1_025_000
    assert calibration.new_gain_ppm(1_025_000, 41_000, 40_000, 200_000) == 1_000_000


@pytest.mark.parametrize(
    ("shown_ma", "reference_ma", "why"),
    [
        (40_000, 0, "above 0"),
        (40_000, 250_000, "rated for 200 A"),
        (-1, 40_000, "moves"),
        (500, 520, "too little"),
        (40_000, 60_000, "wrong CT type"),
    ],
)
def test_a_calibration_that_cannot_be_is_refused(shown_ma, reference_ma, why):
    with pytest.raises(calibration.NotNow, match=why):
        calibration.new_gain_ppm(1_000_000, shown_ma, reference_ma, 200_000)


def test_the_noise_is_not_taken_from_a_leg_that_carries_a_current():
    """5 counts of it, subtracted for ever, would leave 0 A where 0.7 A flow."""
    for wave, allowed in ((sine(0.7, 60, 4), False), (sine(0.0, 60, 4), True)):
        legs = channel()
        windows(counts(wave, noise_counts=1.0), quiet(4), channels=[legs, channel(False)])
        meter = SimpleNamespace(channels=[legs], ev_used=True, window=records.Reading(1))
        calibrate = Calibrate(meter, {})
        if allowed:
            name, noise_q7 = calibrate.run("L1", "zero")
            assert (name, noise_q7) == ("l1_noise", pytest.approx(128 * (1 + 1 / 12), rel=0.1))
        else:
            with pytest.raises(table.Refused, match="a current, not noise"):
                calibrate.run("L1", "zero")


def test_a_moving_current_is_not_steady():
    steady, moving = channel(), channel()
    ramp = sine(30, 60, 4) * np.linspace(1, 1.5, 4 * RATE_HZ)
    windows(counts(sine(30, 60, 4)), quiet(4), channels=[steady, channel(False)])
    windows(counts(ramp), quiet(4), channels=[moving, channel(False)])
    assert steady.steady_ma() == pytest.approx(30_000, abs=50)
    assert moving.steady_ma() == -1
