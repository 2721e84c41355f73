"""The console of a chip: MicroPython's own standard input and output."""

import select
import sys

from micropython import const

_CTRL_C = const(3)
_BURST = const(32)  # bytes a call; an ESP32's UART FIFO holds 128


class Terminal:
    """Never waits. A USB host that is connected but doesn't read would block a write for half a
    second, so each byte is written only once the stream has said that it has room."""

    def __init__(self, board):
        self._byte = bytearray(1)
        self._typed = select.poll()
        self._typed.register(sys.stdin, select.POLLIN)
        self._room = select.poll()
        self._room.register(sys.stdout, select.POLLOUT)

    def read_into(self, buffer):
        count = 0
        while count < len(buffer) and _any(self._typed):
            if not sys.stdin.buffer.readinto(self._byte):
                break
            buffer[count] = self._byte[0]
            count += 1
            if self._byte[0] == _CTRL_C:
                break  # what follows may be for MicroPython's prompt
        return count

    def write(self, buffer, count):
        written = 0
        while written < min(count, _BURST) and _any(self._room):
            self._byte[0] = buffer[written]
            sys.stdout.buffer.write(self._byte)
            written += 1
        return written


def _any(poll):
    for _ in poll.ipoll(0):
        return True
    return False
