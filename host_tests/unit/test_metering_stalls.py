"""Whoever holds the loop until the ring is full: no window is called good that isn't whole."""

import math

import numpy as np
import pytest
from metering_bench import Dma

from headroom.metering.channel import Channel
from headroom.metering.meter import WINDOW, Meter

RATE_HZ = 7680
ROUNDING = 1 / math.sqrt(12)  # counts; what rounding has of its own, a reading moves by at most
BEFORE, AFTER = (30.0, 900.0), (900.0, 45.0)  # counts RMS of L1 and EV: both jump in the stall
READ_FRAMES = 16  # come in the 2 ms that a slow board takes for one cycle


def counts(hz, jump_s, seconds):
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    columns = []
    for before, after in zip(BEFORE, AFTER, strict=True):
        rms = np.where(t < jump_s, before, after)
        columns.append(np.rint(2048 + math.sqrt(2) * rms * np.sin(2 * np.pi * hz * t)))
    return np.stack(columns, axis=1).astype(np.uint16)


def near(shown, rms):
    return all(
        abs(ma / 100 - counts) <= ROUNDING + counts * 0.004
        for ma, counts in zip(shown, rms, strict=True)
    )


@pytest.mark.parametrize("hz", [50.0, 59.9])
@pytest.mark.parametrize("stall_ms", [270, 283, 297, 299, 300, 350, 700])
@pytest.mark.parametrize("phase_ms", [0, 7, 13])
def test_a_good_window_is_whole(hz, stall_ms, phase_ms):
    """The currents jump while nobody reads. What was whole before is good, and what is after."""
    begin_ms = 900 + phase_ms
    end_ms = begin_ms + stall_ms
    wave = counts(hz, end_ms / 1000, 3)
    sampler = Dma(wave, RATE_HZ, READ_FRAMES)
    meter = Meter(sampler, [Channel(100 << 8, 0, 4095, 0, leg) for leg in (True, False)])
    seen = []
    while sampler.elapsed_ms < 2400:
        stalls = begin_ms <= sampler.elapsed_ms < end_ms
        sampler.elapsed_ms = end_ms if stalls else sampler.elapsed_ms + 3
        if meter.poll(sampler.elapsed_ms) & WINDOW and meter.window.good:
            seen.append((meter.window.leg_ma[0], meter.window.ev_ma, meter.window.at_ms))
    assert seen[2:]
    for *shown, at_ms in seen[2:]:
        if at_ms <= end_ms:
            assert near(shown, BEFORE)
        elif at_ms >= end_ms + 220:
            assert near(shown, AFTER)
    assert seen[-1][2] > 2000
