"""Runs under MicroPython: four ways to take the RMS of the same counts, error and time for each.

    micropython on_vm.py FILE FIRST_FRAME FRAMES    prints one line of JSON

FILE holds little-endian uint16 counts, one channel. The peers' formulae are written anew from
their descriptions: EmonLib follows the offset with a filter of 1/1024 per sample; ESPHome's
ct_clamp leaves out a sample that equals the one before; the plain loop is the textbook formula.
"""

import json
import math
import sys
import time
from array import array

from headroom.metering.channel import Channel
from headroom.metering.kernel import OF_CYCLE, OF_WINDOW, accumulate, close

_GAIN = 1000  # so that a count is a thousand of what the kernel takes for mA


def ours(samples, first, frames):
    sums = Channel(_GAIN << 8, 0, 4095, 0, True).sums
    done = 0
    while done < frames:  # cycle by cycle, as the meter does
        count = min(128, frames - done)
        accumulate(first + done, 0, samples, count, 1, sums)
        close(sums, OF_CYCLE)
        done += count
    return close(sums, OF_WINDOW) / _GAIN


def emonlib(samples, first, frames):
    offset = 2048.0
    squares = 0.0
    for i in range(first, first + frames):
        sample = samples[i]
        offset += (sample - offset) / 1024
        filtered = sample - offset
        squares += filtered * filtered
    return math.sqrt(squares / frames)


def ct_clamp(samples, first, frames):
    last = -1
    total = squares = 0.0
    used = 0
    for i in range(first, first + frames):
        value = samples[i]
        if value == last:
            continue
        last = value
        used += 1
        total += value
        squares += value * value
    mean = total / used
    return math.sqrt(max(0.0, squares / used - mean * mean))


def plain(samples, first, frames):
    total = squares = 0
    for i in range(first, first + frames):
        total += samples[i]
        squares += samples[i] * samples[i]
    mean = total / frames
    return math.sqrt(squares / frames - mean * mean)


def main(path, first, frames):
    with open(path, "rb") as file:
        samples = array("H", file.read())
    result = {}
    for law in (ours, emonlib, ct_clamp, plain):
        law(samples, first, frames)  # once to warm up
        repeats = 20 if law is ours else 5
        begun = time.ticks_us()
        for _ in range(repeats):
            rms = law(samples, first, frames)
        elapsed_us = time.ticks_diff(time.ticks_us(), begun)
        ns = elapsed_us * 1000 / repeats / frames
        result[law.__name__] = {"rms_counts": rms, "ns_per_sample": ns}
    print(json.dumps(result))


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
