"""Is the measurement to be believed? Named faults, each with a threshold, a time and a reaction.

Thresholds are in counts of the converter, RMS is that of a whole window.

| fault     | where    | threshold                                   | seen in | reaction     |
|-----------|----------|---------------------------------------------|---------|--------------|
| no signal | legs     | of what repeats with the mains less than    | 200 ms  | not good     |
|           |          | 0.75 counts, or than a sixth of all power:  |         |              |
|           |          | CT open, shorted, unplugged (presence.py)   |         |              |
| stuck     | legs     | not even noise: RMS below 0.09              | 200 ms  | not good     |
| clipped   | all      | a sample within 1 count of a rail           | 200 ms  | not good     |
| bias      | all      | mean more than 200 counts off centre        | 200 ms  | not good     |
| unsettled | all      | mean more than 127 counts off the last one  | 200 ms  | not good     |
| noise     | RMS > 24 | five zero crossings a cycle or more, or none| 1.6 s   | not good     |
| frequency | RMS > 24 | below 44 Hz, or above 66 Hz                 | 1.6 s   | not good     |
| lost      | all      | the sampler dropped or overwrote frames     | 200 ms  | begun anew   |
| below EV  | EV's legs| EV above 1.1 x mains + 1 A (comparison.py)  | 10 s    | raises none  |
| unmoved   | EV's legs| five steps of the cars, of the last eight,  | 5 steps | not good     |
|           |          | that it did not make (standing_test.py)     |         |              |
| arithmetic| all      | at the start, 1000 counts give not 1000 mA  | 200 ms  | not good     |
| stale     | meter    | no good window for 550 ms                   | 0.85 s  | fallback, no |
|           |          |                                             |         | keep-alive   |

A window that is not good raises nothing; the third in a row makes the meter stale. A window has
the whole cycles that come nearest to 200 ms: 189 to 211 ms, so two take 421 ms at most, and three
568 at least. From a fault to the fallback it is one window more: one in which a fault comes late
may still be good. That is 0.8 s at 50 and 60 Hz, 0.85 s at most, and the time in which the fault
is seen comes first where it is longer than a window. If the samples end it is 0.6 s. So a CT that
is unplugged under load ends in fallback within a second, and is never taken for an idle house.
"""

from micropython import const

from .. import records

_LONGEST_MS = const(1 << 28)


class Health:
    """Counts for how long there has been no good window, in `blind_ms`."""

    def __init__(self):
        self.blind_ms = 0

    def good(self, age_ms):
        """A good window has come; its last sample is `age_ms` old."""
        self.blind_ms = age_ms

    def wait(self, elapsed_ms):
        """Time has passed without one."""
        self.blind_ms = min(self.blind_ms + elapsed_ms, _LONGEST_MS)

    def stale(self):
        """True once nothing good was measured for three windows."""
        return self.blind_ms > records.STALE_MS


def names(reading, stale):
    """The faults of a reading in plain English, for people: a list, empty when all is well."""
    found = ["stale: no good measurement for %d ms" % records.STALE_MS] if stale else []
    for channel in range(reading.legs + 1):
        where = "L%d " % (channel + 1) if channel < reading.legs else "EV "
        for bit, text in records.FAULT_NAMES.items():
            if reading.faults[channel] & bit:
                found.append(where + text)
    return found
