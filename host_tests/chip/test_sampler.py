"""The RP2040's sampler: hardware round robin and DMA, against sines of known size."""

import json

import numpy as np
import pytest

from lab.chip.wave import Converter, Sine

RMS = (900.0, 310.0, 45.0)  # counts at ADC0, ADC1, ADC2
GOAL = 0.001
GRID = 1 / 64  # of the result, which is in 1/128 count and then in hundredths

METER = """
class Board:
    ADC_PINS = (26, 27, 28)
    RATE_HZ = 7680

def meter(step):
    sampler = Sampler(Board)
    channels = [Channel(256 * 100, 0, 4095, step, leg < 2) for leg in range(3)]
    return sampler, Meter(sampler, channels)

def windows(count):
    made = []
    while len(made) < count:
        time.sleep_ms(3)
        if m.poll(time.ticks_ms()) & 2:
            w = m.window
            made.append([w.leg_ma[0], w.leg_ma[1], w.ev_ma, w.good, list(w.faults), m.lost_frames])
    return made

def stall(ms):
    interrupts = machine.disable_irq()
    spin(ms * 17_000)  # eight cycles a turn, so a little longer
    machine.enable_irq(interrupts)

@micropython.viper
def spin(turns: int):
    while turns:
        turns -= 1

import json, machine
s, m = meter(%d)
"""


@pytest.fixture
def bench(parts):
    def begin(step):
        converter = Converter(step)
        for channel, rms in enumerate(RMS):
            parts.chip.adc_inputs[channel] = Sine(converter, rms)
        parts.run(METER % step)
        return parts

    return begin


def windows(rig, code):
    return [json.loads(line) for line in rig.run(code).splitlines()]


def rounding(rms):
    """The most that rounding moves the RMS value, whichever moment the first sample meets.

    7680 Hz over 60 Hz are 128 samples a cycle, the same in every cycle: over a window the errors
    of rounding repeat and don't average out.
    """
    phases = np.linspace(0, 2 * np.pi / 128, 500)[:, None]
    codes = np.rint(rms * np.sqrt(2) * np.sin(2 * np.pi * np.arange(128) / 128 + phases))
    return np.max(abs(codes.std(axis=1) - rms))


def check(window):
    """A good window: each channel shows its own sine, nothing is lost."""
    *shown_q2, good, faults, _ = window
    assert good
    assert not any(faults)
    for shown, rms in zip(shown_q2, RMS, strict=True):
        assert abs(shown / 100 - rms) <= rounding(rms) + GRID + rms * GOAL, (shown, rms)


@pytest.mark.parametrize("step", [0, 10])
def test_each_channel_shows_its_own_current(bench, step):
    rig = bench(step)
    made = windows(rig, "for w in windows(5): print(json.dumps(w))")
    for window in made[1:]:
        check(window)
    assert made[-1][-1] == 0


def test_the_ring_wraps_by_itself(bench):
    """30 s of work for the second DMA channel in 3 s: the ring is 300 ms long."""
    rig = bench(0)
    (before,) = windows(rig, "windows(1); print(s.channels * s.frames)")
    began, samples = rig.chip.ns, rig.chip.adc.conversions
    made = windows(rig, "for w in windows(10): print(json.dumps(w))")
    elapsed_s = (rig.chip.ns - began) / 1e9
    converted = rig.chip.adc.conversions - samples
    assert converted > 6 * before
    assert converted / elapsed_s == pytest.approx(3 * 7680, rel=0.001)
    for window in made[1:]:
        check(window)


@pytest.mark.parametrize("ms", [350, pytest.param(700, marks=pytest.mark.slow)])
def test_a_stall_longer_than_the_ring_is_counted_and_survived(bench, ms):
    """With the interrupts off nothing of MicroPython runs; the ring is overwritten unread."""
    rig = bench(0)
    rig.run("windows(2)")
    took_us, lost, *made = windows(
        rig,
        f"t = ticks_us(); stall({ms}); print(ticks_diff(ticks_us(), t))\n"
        "m.poll(time.ticks_ms()); print(s.lost_frames)\n"
        "for w in windows(4): print(json.dumps(w))",
    )
    assert took_us >= ms * 1000
    assert lost >= 7680 * (took_us - 300_000) / 1e6 - 1
    assert not made[0][3] or made[0][5] == lost
    for window in made[2:]:
        check(window)
    assert made[-1][5] == lost, "nothing more is lost afterwards"


def test_an_overflow_of_the_converters_fifo_is_survived(bench):
    """The DMA stands still for some results: which channel the next belongs to is unknown."""
    rig = bench(0)
    rig.run("windows(2)")
    lost, *made = windows(
        rig,
        "s._data.active(0); time.sleep_ms(2)\n"
        "m.poll(time.ticks_ms()); print(s.lost_frames)\n"
        "for w in windows(4): print(json.dumps(w))",
    )
    assert lost >= 1
    for window in made[2:]:
        check(window)
