"""What the terminal could not take yet: a bounded queue of bytes that never waits."""

from micropython import const

_SIZE = const(1536)  # the longest piece of an answer, the JSON of a charger, has 1,340


class Output:
    """Queues text for `terminal` (see ports/__init__.py); too much is dropped and counted."""

    def __init__(self, terminal):
        self._terminal = terminal
        self._bytes = bytearray(_SIZE)
        self._view = memoryview(self._bytes)
        self._first = 0
        self._last = 0
        self.dropped = 0

    def say(self, text):
        """Queue text; `\\n` becomes a new line."""
        data = text.replace("\n", "\r\n").encode()
        if self._last + len(data) > _SIZE:
            self._compact()
        count = min(len(data), _SIZE - self._last)
        self.dropped += len(data) - count
        self._bytes[self._last : self._last + count] = data[:count]
        self._last += count

    def send(self):
        """Pass on what there is room for; True once everything has left."""
        if self._first != self._last:
            waiting = self._last - self._first
            self._first += self._terminal.write(self._view[self._first : self._last], waiting)
        if self._first == self._last:
            self._first = self._last = 0
        return not self._last

    def _compact(self):
        self._bytes[: self._last - self._first] = self._bytes[self._first : self._last]
        self._last -= self._first
        self._first = 0
