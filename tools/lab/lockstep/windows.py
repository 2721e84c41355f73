"""Windows ready-made for the firmware in virtual time: what a stretch of samples would show.

For long runs: nobody makes samples and nobody sums them up. vm/windows.py is the other end, and
has the meaning of a record.
"""

import math
import struct
from dataclasses import replace
from pathlib import Path

from lab.sim.front_end import FULL_SCALE, MID_SCALE, FrontEnd
from lab.sim.voltage import COUNTS_PER_V, LATE_FRAMES, LEAD, VOLTS

from .machine import Machine
from .memory import MEMORY
from .session import LockstepSession

CHUNK_FRAMES = 768  # a tenth of a second
HEAD = struct.Struct("<II")  # how many frames; period of the mains in 1/256 frame
CHANNEL = struct.Struct("<IIII")  # mean, power about it, that of the mains in 1/128; clipped
PRODUCTS = struct.Struct("<iiii")  # of L1, of L2: current x voltage in 1/64 count^2, of the same
# set of samples and of the set before
ROUNDING = 1 / 12  # power of what a converter rounds


class Windows(FrontEnd):
    """Like FrontEnd; its `sample` gives one record."""

    def sample(self, count: int, legs_a: tuple[float, float], ev_a: float) -> bytes:
        record = HEAD.pack(count, round(256 / self._turns_per_frame))
        for channel, house_a, gain in zip(self.channels, (*legs_a, 0.0), self.gain, strict=True):
            scale = math.sqrt(2) * channel.counts_per_a * gain
            first = house_a * math.sqrt(1.0 - channel.third_share**2) + ev_a * channel.ev_share
            first *= scale
            third = scale * house_a * channel.third_share
            mains = (first**2 + third**2) / 2
            mean = MID_SCALE + channel.bias_counts
            clipped = first + third > FULL_SCALE - mean or first + third > mean
            if clipped:
                mains = min(mains, MID_SCALE**2)
                self.clipped += count
            power = mains + channel.noise_counts**2 + ROUNDING
            record += CHANNEL.pack(
                round(mean * 128), round(power * 128), round(mains * 128), clipped
            )
        self.frames += count
        return record + self._products(legs_a, ev_a)

    def _products(self, legs_a: tuple[float, float], ev_a: float) -> bytes:
        return PRODUCTS.pack(0, 0, 0, 0)


class VoltageWindows(Windows):
    """Like VoltageFrontEnd: the third channel is the voltage, of a power factor of 1."""

    volts = VOLTS

    def sample(self, count: int, legs_a: tuple[float, float], ev_a: float) -> bytes:
        record = super().sample(count, legs_a, ev_a)
        peak = math.sqrt(2) * self.volts * COUNTS_PER_V
        power = round(peak**2 / 2 * 128)
        end = HEAD.size + 2 * CHANNEL.size
        voltage = CHANNEL.pack(MID_SCALE * 128, power, power, False)
        return record[:end] + voltage + record[end + CHANNEL.size :]

    def _products(self, legs_a: tuple[float, float], ev_a: float) -> bytes:
        turn = 2 * math.pi * self._turns_per_frame
        late = turn * LATE_FRAMES + LEAD
        peak = math.sqrt(2) * self.volts * COUNTS_PER_V
        found = []
        for channel, house_a, gain in zip(self.channels, legs_a, self.gain, strict=False):
            first = math.sqrt(2) * channel.counts_per_a * gain * channel.sense
            first *= house_a * math.sqrt(1.0 - channel.third_share**2) + ev_a * channel.ev_share
            found += [round(32 * first * peak * math.cos(a)) for a in (late, late - turn)]
        return PRODUCTS.pack(*found)


WINDOWS = replace(MEMORY, front_end=Windows, chunk_frames=CHUNK_FRAMES)
VOLTAGE_WINDOWS = replace(MEMORY, front_end=VoltageWindows, chunk_frames=CHUNK_FRAMES)


class WindowsSession(LockstepSession):
    """Like LockstepSession, without samples."""

    joints = WINDOWS

    def _firmware(self, folder: Path) -> Machine:
        machine = super()._firmware(folder)
        machine.variables["HEADROOM_WINDOWS"] = "1"
        return machine
