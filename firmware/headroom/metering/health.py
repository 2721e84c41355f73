"""Is the measurement to be believed? Named faults with a threshold, a time and a reaction.

| fault     | threshold                         | seen after      | reaction                        |
|-----------|-----------------------------------|-----------------|---------------------------------|
| stale     | no good window for 3 windows      | 600 ms          | fallback; keep-alive stops      |
| clipped   | a sample within 1 count of a rail | 1 window, 200 ms| window not good: nothing rises  |
| unsettled | mean over 127 counts off the bias | 1 window        | window not good; bias follows   |
| lost      | the sampler dropped frames        | at once         | window begun anew, not good     |
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
