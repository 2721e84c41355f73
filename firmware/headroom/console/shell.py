"""Line editing over a byte stream that never waits: what can't be sent now is sent later."""

from micropython import const

_LINE = const(400)
_OUT = const(4096)
_PROMPT = "> "


class Shell:
    """Bytes in, whole lines to `run(line)`, its answer out.

    terminal  see ports/__init__.py
    run       takes a line, returns the answer's text; an empty answer prints nothing
    """

    def __init__(self, terminal, run):
        self._terminal = terminal
        self._run = run
        self._line = bytearray()
        self._typed = bytearray(32)
        self._out = bytearray(_OUT)
        self._view = memoryview(self._out)
        self._first = 0
        self._last = 0
        self._after_return = False
        self.dropped = 0

    def poll(self):
        """Take what was typed, send what there is room for; call every few milliseconds."""
        self._send()
        if self._first != self._last:
            return  # the answer first: a pasted file can't outrun its echo
        for i in range(self._terminal.read_into(self._typed)):
            self._take(self._typed[i])

    def say(self, text):
        """Queue text for the terminal; `\\n` becomes a new line. Too much is dropped, counted."""
        for byte in text.encode():
            if byte == 10:
                self._put(13)
            self._put(byte)

    def _take(self, byte):
        if byte == 10 and self._after_return:
            self._after_return = False
            return
        self._after_return = byte == 13
        if byte in (10, 13):
            self._finish()
        elif byte in (8, 127):
            if self._line:
                _del_last(self._line)
                self.say("\b \b")
        elif 32 <= byte < 127 and len(self._line) < _LINE:
            self._line.append(byte)
            self._put(byte)

    def _finish(self):
        line = self._line.decode().strip()
        self._line = bytearray()
        self.say("\n")
        answer = self._run(line) if line else ""
        if answer:
            self.say(answer + "\n")
        self.say(_PROMPT)

    def _put(self, byte):
        if self._last == _OUT:
            self._compact()
        if self._last == _OUT:
            self.dropped += 1
            return
        self._out[self._last] = byte
        self._last += 1

    def _compact(self):
        self._out[: self._last - self._first] = self._out[self._first : self._last]
        self._last -= self._first
        self._first = 0

    def _send(self):
        if self._first == self._last:
            self._first = self._last = 0
            return
        self._first += self._terminal.write(self._view[self._first :], self._last - self._first)


def _del_last(line):
    """Remove the last byte of a bytearray; MicroPython's has no pop."""
    line[:] = line[:-1]
