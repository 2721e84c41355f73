"""The world, at the other end of standard input. Time passes here only: see ../machine.py.

Before `horizon_us` nothing arrives, so the firmware may live on without asking; only a millisecond
if it has sent something on a line, for a charger may answer then. Whoever looks at the clock pays
for it: a loop that only looks comes to its end, too.
"""

import struct
import sys

import micropython
import uos

WAITS, WORKS, POWERLESS = 0, 1, 2
LINE, METER, CONSOLE, FLASH, MEMORY, FORM, FED = 0, 1, 2, 3, 4, 5, 6  # as in ../machine.py
LOOK_US = 2  # what it costs to look at the clock
ANSWER_US = 1000  # the soonest that a charger answers
_PIECE = "<QBI"
_REPLY = "<QqHHHH"

now_us = horizon_us = int(uos.getenv("HEADROOM_STARTS_US") or 0)
sampler = None  # whoever takes the samples: take(file, bytes, when the first is taken)
arrived = (bytearray(), bytearray(), bytearray())  # by channel, and not yet read
_sent = bytearray()
_file = open(0, "r+b", buffering=0)
_header = bytearray(struct.calcsize(_REPLY))


@micropython.native
def look():
    """The time in us, a little later than at the last look."""
    global now_us
    now_us += LOOK_US
    if now_us >= horizon_us:
        _ask(now_us, WORKS)
    return now_us


@micropython.native
def wait(us):
    """Let so much time pass."""
    global now_us
    until_us = now_us + us
    if until_us < horizon_us:
        now_us = until_us
    else:
        _ask(until_us, WAITS)


def send(channel, data):
    """Bytes leave now."""
    global horizon_us
    if channel < CONSOLE:
        horizon_us = min(horizon_us, now_us + ANSWER_US)
    _sent.extend(struct.pack(_PIECE, now_us, channel, len(data)))
    _sent.extend(data)


@micropython.native
def read(channel, buffer):
    """Move what has arrived into `buffer`; how many bytes that was."""
    waiting = arrived[channel]
    if not waiting:
        return 0
    count = min(len(buffer), len(waiting))
    buffer[:count] = waiting[:count]
    waiting[:] = waiting[count:]
    return count


def power_fails():
    """Now; what has been sent is still on its way. The world ends this process."""
    _ask(now_us, POWERLESS)


def _ask(until_us, kind):
    """Wait, and take in what has arrived meanwhile."""
    global now_us, horizon_us, _sent
    _file.write(struct.pack(_PIECE, until_us, kind, len(_sent)) + _sent)
    if _sent:
        _sent = bytearray()
    if _file.readinto(_header) != len(_header):
        sys.exit()  # the world has ended
    now_us = until_us
    horizon_us, first_us, samples, *streams = struct.unpack(_REPLY, _header)
    if samples:
        if sampler:
            sampler.take(_file, samples, first_us)
        else:
            _file.read(samples)
    for channel in range(len(streams)):
        if streams[channel]:
            arrived[channel].extend(_file.read(streams[channel]))
