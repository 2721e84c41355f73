"""Watts from counts, for whatever Python runs this; on MicroPython the heap is locked meanwhile.

Each line that it prints is a JSON list, the same wherever it runs: of some windows the voltage's
faults, what is known, and the power of each channel. The voltage is healthy, then cut, then back.
"""

import json
import math
from array import array

from heap import lock, unlock

from headroom.app import building
from headroom.console import watts as shown
from headroom.reporting.watts import WattStatus
from headroom.settings import table, together

FRAMES = 2304  # 18 cycles of 128


class Board:
    CHANNELS = ("L1", "L2", "EV")
    VOLTAGE = "EV"
    BURDEN_OHM = 22
    VREF_MV = 3300
    ADC_BITS = 12
    ADC_STEP = 0
    ADC_SLOPE_PPM = 1_000_000


class House:
    """A sampler whose ring holds sines with a third harmonic; their peaks are in counts."""

    def __init__(self):
        self.channels = 3
        self.rate_hz = 7680
        self.frames = FRAMES
        self.samples = array("H", [2048] * (FRAMES * 3))
        self.lost_frames = 0
        self.jitter_us = 0
        self.spacing_ppm = 333_333

    def play(self, peaks, degrees):
        for at in range(FRAMES):
            for c in range(3):
                turn = 2 * math.pi * (at + c / 3) / 128
                angle = turn + math.radians(degrees[c])
                wave = math.sin(angle) + 0.1 * math.sin(3 * turn)
                self.samples[at * 3 + c] = max(0, min(4095, int(2040.5 + 7 * c + peaks[c] * wave)))

    def advance(self):
        return 38


def tell(meter, windows, every):
    power = meter.power
    now_ms = 0
    for n in range(windows):
        lock()
        while not meter.poll(now_ms) & 2:
            now_ms = (now_ms + 5) & 0x3FFFFFFF
        unlock()
        if n % every == every - 1:
            shown = [power.faults, power.known, power.mv, power.mhz]
            print(json.dumps([shown, list(power.mw), list(power.mva), list(power.mvar)]))


def main():
    table.fit(Board)
    values = table.defaults()
    values.update({"voltage": "zmpt101b", "ev_source": "estimate", "ct1.lead_mdeg": 1500})
    together.check(values)
    house = House()
    meter = building.meter(values, Board, house)
    for peaks, degrees, windows in (
        ((300, 150, 260), (-30, 150, 0), 12),
        ((1900, 2000, 270), (170, -60, 0), 6),
        ((3, 3, 260), (90, 90, 0), 6),
        ((300, 150, 4), (0, 0, 0), 6),
        ((300, 150, 260), (-30, 150, 0), 12),
    ):
        house.play(peaks, degrees)
        tell(meter, windows, 3)
    house.lost_frames += 1
    tell(meter, 4, 1)
    show(meter)
    print(json.dumps(["end"]))


def show(meter):
    """As the console does."""
    status = WattStatus([""] * 5, [None] * 3, meter, None, None, None, None, None, ())
    legs = [status._power(c) for c in range(2)]
    for c in range(2):
        legs[c]["name"] = "L%d" % (c + 1)
    power = meter.power
    volts = {"mv": power.mv, "low_mv": power.low_mv, "high_mv": power.high_mv, "good": power.good}
    total = status._watt_hours(2)
    now = {"voltage": volts, "legs": legs, "energy": [], "house": total}
    print(json.dumps(list(shown.lines(now)) + list(shown.energy(now))))


main()
