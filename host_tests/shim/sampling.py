"""A sampler and a Meter on the emulated chip, and what a good window must show of known sines."""

import json

import numpy as np

GOAL = 0.001
GRID = 1 / 64  # of the result, which is in 1/128 count and then in hundredths

# What the parts are tried with.
PARTS = """
import gc, time, board, micropython
from array import array
from time import ticks_us, ticks_diff
from headroom.ports.rp2 import Sampler
from headroom.metering.channel import Channel
from headroom.metering.meter import Meter
"""
# Needs `sampler`; the last input is the EV branch, as Meter has it.
METER = """
import json, machine

def windows(count):
    made = []
    while len(made) < count:
        time.sleep_ms(3)
        if m.poll(time.ticks_ms()) & 2:
            w = m.window
            made.append([list(w.leg_ma) + [w.ev_ma], w.good, list(w.faults), m.lost_frames])
    return made

def stall(ms):
    interrupts = machine.disable_irq()
    spin(ms * 17_000)  # eight cycles a turn, so a little longer
    machine.enable_irq(interrupts)

@micropython.viper
def spin(turns: int):
    while turns:
        turns -= 1

s = sampler
inputs = s.channels
m = Meter(s, [Channel(256 * 100, 0, 4095, %d, leg < inputs - 1) for leg in range(inputs)])
"""
SHOW = "for w in windows(%d): print(json.dumps(w))"


def lines(rig, code):
    """What the code printed, each line from JSON."""
    return [json.loads(line) for line in rig.run(code).splitlines()]


def stalled(rig, ms):
    """Hold the processor, interrupts off, for `ms`; (how long it was in us, frames then lost,
    the windows after it).
    """
    took_us, lost, *made = lines(
        rig,
        f"t = ticks_us(); stall({ms}); print(ticks_diff(ticks_us(), t))\n"
        f"m.poll(time.ticks_ms()); print(s.lost_frames)\n{SHOW % 4}",
    )
    return took_us, lost, made


def held(rig):
    """Keep DMA from taking results for 2 ms; (frames then lost, the windows after it)."""
    lost, *made = lines(
        rig,
        "s._data.active(0); time.sleep_ms(2)\n"
        f"m.poll(time.ticks_ms()); print(s.lost_frames)\n{SHOW % 4}",
    )
    return lost, made


def rounding(rms):
    """The most that rounding moves the RMS value, whichever moment the first sample meets.

    7680 Hz over 60 Hz are 128 samples a cycle, the same in every cycle: over a window the errors
    of rounding repeat and don't average out.
    """
    phases = np.linspace(0, 2 * np.pi / 128, 500)[:, None]
    codes = np.rint(rms * np.sqrt(2) * np.sin(2 * np.pi * np.arange(128) / 128 + phases))
    return np.max(abs(codes.std(axis=1) - rms))


def check(window, sines):
    """A good window: each channel shows its own sine (RMS in counts), nothing is lost."""
    shown_q2, good, faults, _ = window
    assert good, window
    assert not any(faults)
    for shown, rms in zip(shown_q2, sines, strict=True):
        assert abs(shown / 100 - rms) <= rounding(rms) + GRID + rms * GOAL, (shown, rms)
