"""A TCP connection that never waits for anything: the one file that imports socket."""

import errno
import select
import socket
import sys

_BUSY = (errno.EINPROGRESS, 119)  # an ESP32 says 119
_GONE = select.POLLERR | select.POLLHUP


class Connection:
    """To an IPv4 address in numbers; OSError wherever it can't be, or is no more."""

    def __init__(self, host, port):
        self._socket = socket.socket()
        try:
            self._socket.setblocking(False)
            address = host, port
            if sys.platform == "linux":  # it takes no such pair; of numbers nobody is asked
                address = socket.getaddrinfo(host, port)[0][-1]
            self._socket.connect(address)
        except OSError as error:
            if error.errno not in _BUSY:
                self._socket.close()
                raise
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLOUT)

    def stands(self):
        """Is it connected by now?"""
        for _, events in self._poll.ipoll(0):
            if events & _GONE:
                raise OSError(errno.ECONNREFUSED)
            return bool(events & select.POLLOUT)
        return False

    def read_into(self, buffer):
        """How many bytes came; 0 if none did."""
        count = self._socket.readinto(buffer)
        if count == 0:
            raise OSError(errno.ECONNRESET)  # the other end has left
        return count or 0

    def write(self, buffer):
        """How many of these bytes were taken."""
        return self._socket.write(buffer) or 0

    def close(self):
        """Whatever becomes of it."""
        self._socket.close()
