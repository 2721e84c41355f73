"""Metering's arithmetic on pseudo-random numbers, for whatever Python runs this: one JSON line.

Needs no arguments and no files. The numbers reach every bound that kernel.py states.
"""

import json
from array import array

import micropython  # noqa: F401  on CPython the shim, which the firmware needs

from headroom.metering import cross, kernel
from headroom.metering.channel import Channel

FRAMES = 175  # the longest mains cycle
LARGEST_GAIN_Q8 = (1024 << 8) - 1


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
            sums = Channel(LARGEST_GAIN_Q8, 5, 4095, step, True).sums
            for _ in range(11):  # of a window that is full to the limit
                kernel.accumulate(shape % 3, 0, samples, FRAMES, 3, sums)
                made += list(sums)
                made.append(kernel.close(sums, kernel.OF_CYCLE))
            made.append(kernel.close(sums, kernel.OF_WINDOW))
            made += list(sums)
            products = array("i", [2048 + 2 * step, 4115, 0, 0, 0, 0])
            for _ in range(3):
                cross.accumulate_with(shape % 3, 0, samples, FRAMES, 3, sums, 2, products)
            made += list(products) + list(sums)
            for ahead, mid in ((3 * 120, 2048), (3, 2040)):  # the ring's end lies in it
                end = len(samples)
                made.append(kernel.repeats(3, 3 + ahead, samples, FRAMES, 3, end, 3 * 60, mid))
            track = array("i", [0] * 8)  # more than it takes
            kernel.crossings(1, 0, samples, FRAMES, 3, 2048, 12, track)
            made += list(track)
    for _ in range(40):
        value = next(chance) << 18 | next(chance) << 6 | next(chance) & 63
        sums = Channel(value >> 12, next(chance), 4095, 0, True).sums
        sums[kernel.OF_CYCLE] = (2048 - 127 + (value & 255)) * FRAMES  # at times too far off
        sums[kernel.OF_CYCLE + 1] = value >> 14
        sums[kernel.OF_CYCLE + 2] = value & 16383
        sums[kernel.OF_CYCLE + 3] = FRAMES
        made.append(kernel.close(sums, kernel.OF_CYCLE))
        made += list(sums[kernel.MEAN :])
    print(json.dumps(made))


main()
