"""Current transformers, burdens and a 12-bit converter: amperes in, interleaved counts out."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 7680
FULL_SCALE = 4095
MID_SCALE = 2048
VREF_MV = 3300
NOISE_BLOCK = 1 << 16
Columns = NDArray[np.floating]
SOUND, OPEN, NO_BURDEN = 1.0, 0.0, 1000.0


@dataclass(frozen=True)
class Channel:
    """One CT: turns ratio, burden, and what its analog path adds.

    `third_share`  the third harmonic's share of the house's RMS current on this channel.
    `sense`        -1: its wire carries the return of L1's current, or the CT is turned round.
    `ev_share`     how much of the cars' current flows in its wire: 0 on a leg they don't load.
    """

    ct_ratio: float = 4000.0
    burden_mohm: float = 22000.0
    bias_counts: float = 0.0
    noise_counts: float = 0.7
    third_share: float = 0.0
    sense: int = 1
    ev_share: float = 1.0

    @property
    def counts_per_a(self) -> float:
        """Counts per ampere of primary current."""
        return self.burden_mohm / self.ct_ratio * 4096 / VREF_MV

    def mains_a(self, house_a: float, ev_a: float) -> float:
        """True RMS of the house's distorted current plus the car's sine, in phase."""
        first_a = house_a * math.sqrt(1.0 - self.third_share**2)
        return math.hypot(first_a + ev_a * self.ev_share, house_a * self.third_share)


MAINS_L1 = Channel(bias_counts=7.0, third_share=0.08)
MAINS_L2 = Channel(bias_counts=-12.0, third_share=0.05, sense=-1)  # split phase
EV_BRANCH = Channel(ct_ratio=2000.0, bias_counts=4.0)


class FrontEnd:
    """Turns RMS amperes into raw little-endian frames (L1, L2, EV), gap-free in phase.

    `gain` per channel breaks it: SOUND, OPEN (bias and noise only), or NO_BURDEN: what a CT
    without its burden resistor drives from rail to rail.
    """

    def __init__(
        self,
        channels: tuple[Channel, Channel, Channel] = (MAINS_L1, MAINS_L2, EV_BRANCH),
        mains_hz: float = 60.0,
        seed: int = 1,
    ) -> None:
        self.channels = channels
        self.frames = 0
        self.clipped = 0
        self.gain = [SOUND] * len(channels)
        self._turns_per_frame = mains_hz / RATE_HZ
        noise = np.random.default_rng(seed).standard_normal((NOISE_BLOCK, len(channels)))
        noise *= [channel.noise_counts for channel in channels]
        noise += [MID_SCALE + channel.bias_counts for channel in channels]
        self._rest = _Loop(noise)
        self._waves = _Loop(_waves(np.arange(RATE_HZ) * self._turns_per_frame))
        self._repeats = float(mains_hz).is_integer()  # every second is like the first

    def sample(self, count: int, legs_a: tuple[float, float], ev_a: float) -> bytes:
        """The next `count` frames while the house draws `legs_a` and the car `ev_a`."""
        if self._repeats:
            waves = self._waves.part(self.frames, count)
        else:
            waves = _waves(np.arange(self.frames, self.frames + count) * self._turns_per_frame)
        peaks = []
        for channel, house_a, gain in zip(self.channels, (*legs_a, 0.0), self.gain, strict=True):
            peak = math.sqrt(2) * channel.counts_per_a * gain * channel.sense
            first_a = house_a * math.sqrt(1.0 - channel.third_share**2) + ev_a * channel.ev_share
            peaks.append((peak * first_a, peak * house_a * channel.third_share))
        counts = waves @ np.array(peaks).T
        counts += self._rest.part(self.frames, count)
        self.frames += count
        np.rint(counts, out=counts)
        if counts.min() < 0 or counts.max() > FULL_SCALE:
            self.clipped += int(np.count_nonzero((counts < 0) | (counts > FULL_SCALE)))
            np.clip(counts, 0, FULL_SCALE, out=counts)
        return counts.astype("<u2").tobytes()


def _waves(turns: Columns) -> Columns:
    """The fundamental and its third harmonic at each moment, as two columns."""
    phase = 2 * np.pi * np.mod(turns, 1.0)
    return np.stack((np.sin(phase), np.sin(3 * phase)), axis=1)


class _Loop:
    """Rows that begin anew after the last."""

    def __init__(self, rows: Columns) -> None:
        self._rows = rows
        self._length = len(rows)

    def part(self, first: int, count: int) -> Columns:
        """`count` rows from the first-th on."""
        first %= self._length
        if first + count <= self._length:
            return self._rows[first : first + count]
        return self._rows[np.arange(first, first + count) % self._length]
