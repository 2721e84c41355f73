"""Metering's arithmetic on pseudo-random numbers, for whatever Python runs this: one JSON line.

Needs no arguments and no files. The numbers reach every bound that kernel.py and channel.py state.
"""

import json
from array import array

import micropython  # noqa: F401  on CPython the shim, which the firmware needs

from headroom.metering import channel, kernel

FRAMES = 175  # the longest mains cycle


def numbers():
    x = 7
    while True:
        x = (x * 16645 + 11) & 0xFFFF
        yield x >> 4


def main():
    made = []
    chance = numbers()
    samples = array("H", [0] * (FRAMES * 3))
    for shape in range(4):
        for i in range(len(samples)):
            x = next(chance)
            samples[i] = (x, x & 63 | 2016, 4095 if i % 128 < 64 else 0, 4095)[shape]
        for step in (0, 10):
            stats = array("i", [0, 0, 4095, 0])
            kernel.accumulate(samples, shape % 3, FRAMES, 3, 2048 + 2 * step, step, stats)
            track = array("i", [0] * 8)  # more than it takes
            kernel.crossings(samples, 1, FRAMES, 3, 2048, 12, track)
            power = channel.mean_square_q7(stats[1] >> 14, stats[1] & 16383, stats[0], FRAMES)
            made += list(stats) + list(track) + [power, channel.root_q7(max(0, power))]
    for _ in range(40):
        value = next(chance) << 18 | next(chance) << 6 | next(chance) & 63
        made += [
            kernel.isqrt(value),
            channel.root_q7(value >> 1),
            channel.scale(value >> 10, 262143),
        ]
    print(json.dumps(made))


main()
