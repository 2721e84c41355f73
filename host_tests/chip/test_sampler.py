"""The RP2040's sampler: hardware round robin and DMA, against sines of known size."""

import pytest
from sampling import METER, SHOW, check, held, lines, stalled

from lab.chip.wave import Converter, Sine

RMS = (900.0, 310.0, 45.0)  # counts at ADC0, ADC1, ADC2

SAMPLER = """
class Board:
    ADC_PINS = (26, 27, 28)
    RATE_HZ = 7680

sampler = Sampler(Board)
"""


@pytest.fixture
def bench(parts):
    def begin(step):
        converter = Converter(step)
        for channel, rms in enumerate(RMS):
            parts.chip.adc_inputs[channel] = Sine(converter, rms)
        parts.run(SAMPLER + METER % step)
        return parts

    return begin


def test_the_chips_own_temperature_is_sampled_beside_the_currents(parts):
    """By the data sheet 706 mV at 27 C, less by 1.721 mV a kelvin: 61 C here."""
    for channel, rms in enumerate(RMS):
        parts.chip.adc_inputs[channel] = Sine(Converter(0), rms)
    code = round((706 - 1.721 * (61 - 27)) / 3300 * 4096)
    parts.chip.adc_inputs[4] = lambda now_ns: code
    sampler = SAMPLER.replace("Sampler(Board)", "Sampler(Board, True)")
    meter = (METER % 0).replace("inputs = s.channels", "inputs = 3")
    parts.run(sampler + meter.replace("(inputs)])", "(inputs)], inputs=[0, 1, 2])"))
    made = lines(parts, SHOW % 5)
    for window in made[1:]:
        check(window, RMS)
    assert made[-1][-1] == 0
    assert lines(parts, "print(list(set(s.samples[i] for i in range(3, 4 * s.frames, 4))))") == [
        [code]
    ]


@pytest.mark.parametrize("step", [0, 10])
def test_each_channel_shows_its_own_current(bench, step):
    rig = bench(step)
    made = lines(rig, SHOW % 5)
    for window in made[1:]:
        check(window, RMS)
    assert made[-1][-1] == 0


def test_the_ring_wraps_by_itself(bench):
    """30 s of work for the second DMA channel in 3 s: the ring is 300 ms long."""
    rig = bench(0)
    (before,) = lines(rig, "windows(1); print(s.channels * s.frames)")
    began, samples = rig.chip.ns, rig.chip.adc.conversions
    made = lines(rig, SHOW % 10)
    elapsed_s = (rig.chip.ns - began) / 1e9
    converted = rig.chip.adc.conversions - samples
    assert converted > 6 * before
    assert converted / elapsed_s == pytest.approx(3 * 7680, rel=0.001)
    for window in made[1:]:
        check(window, RMS)


@pytest.mark.parametrize("ms", [350, pytest.param(700, marks=pytest.mark.slow)])
def test_a_stall_longer_than_the_ring_is_counted_and_survived(bench, ms):
    """With the interrupts off nothing of MicroPython runs; the ring is overwritten unread."""
    rig = bench(0)
    rig.run("windows(2)")
    took_us, lost, made = stalled(rig, ms)
    assert took_us >= ms * 1000
    assert lost >= 7680 * (took_us - 300_000) / 1e6 - 1
    assert not made[0][1] or made[0][3] == lost
    for window in made[2:]:
        check(window, RMS)
    assert made[-1][3] == lost, "nothing more is lost afterwards"


def test_an_overflow_of_the_converters_fifo_is_survived(bench):
    """The DMA stands still for some results: which channel the next belongs to is unknown."""
    rig = bench(0)
    rig.run("windows(2)")
    lost, made = held(rig)
    assert lost >= 1
    for window in made[2:]:
        check(window, RMS)
