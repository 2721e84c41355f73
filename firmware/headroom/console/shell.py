"""Typed bytes to lines, lines to commands, commands to text: none of it ever waits.

A command answers with a text, or with a *job*: a generator that works in small steps of one or
two ms. The shell resumes it every 10 ms or so, once the terminal has taken what it said before:

    def scan(self, words):          # a command that is a job
        for address in range(1, 248):
            while not self._answered(address):
                yield ""            # nothing to say yet; a step must not hold the loop
            yield "address %d: %s\\n" % (address, self._what())

A job yields text with its line ends. "" means that it waits and listens: a line typed then is the
value of that `yield` (else None), so that a job can ask questions, and `stop` or Ctrl-C ends it:
the generator is closed, and its `finally` puts things right. None means that it works and won't be
long: what is typed waits, and as many such steps are made at once as time allows. Long answers are
jobs too: no text is ever whole in memory.

What nobody foresaw, a bug or a memory that is full, ends the command and nothing else: it is told,
noted, and the meter goes on. The chargers must not lose their control by what somebody types.
"""

import time

from micropython import const

from .editor import Editor
from .output import Output

_CTRL_C = const(3)
_BUSY_MS = const(3)  # after that no further step is begun
_FAULT = (
    "error: a fault of the firmware, please report it: %r; the chargers are controlled as before, "
    "'get' and 'status' show what the command has changed\n"
)


class Shell:
    """terminal  see ports/__init__.py
    commands  see commands.py: `run(line)` gives a text without its last line end, or a job
    first     a command to begin with, "" for none
    note      hears of faults: a function of a text
    output    of this terminal, if it is there already
    """

    def __init__(self, terminal, commands, first, note, output=None):
        self._terminal = terminal
        self._run = commands.run
        self._note = note
        self._output = output or Output(terminal)
        self._editor = Editor(self._output.say, commands.complete, commands.SECRET)
        self._typed = bytearray(32)
        self._count = 0  # bytes in it
        self._next = 0  # the first of them that isn't dealt with
        self._line = first  # a command that is to be run
        self._job = None
        self._listening = True
        self._after_return = False
        self._begun_ms = 0
        self._closed = False
        if not first:
            self._editor.prompt()

    def poll(self):
        """Take what was typed, send what there is room for; call every few milliseconds."""
        self._begun_ms = time.ticks_ms()
        if self._output.send():  # the answer first: a pasted file can't outrun its echo
            self._contain(self._work)

    def close(self):
        """Read no more: what comes is for MicroPython's prompt, or for the next start."""
        self._closed = True

    def busy(self):
        """Whether a command works, and does not only wait: that makes garbage."""
        return not self._listening

    def _contain(self, work):
        """Do it; whatever it raises ends here."""
        try:
            work()
        except Exception as error:  # noqa: BLE001  no command may stop the meter
            self._note("fault at the console: %r" % error)
            self._output.say(_FAULT % error)
            self._end()

    def _work(self):
        if self._line:
            self._begin()
        if self._job:
            self._resume(None)
        if self._next == self._count:
            reads = self._listening and not self._closed
            self._count = self._terminal.read_into(self._typed) if reads else 0
            self._next = 0
        while self._next < self._count and self._listening and not self._late():
            count = self._editor.take_text(self._typed, self._next, self._count)
            if count:
                self._next += count
                self._after_return = False
                continue
            byte = self._typed[self._next]
            self._next += 1
            self._take(byte)
            if self._line:
                return  # taking it took its time: run at the next call

    def _take(self, byte):
        if byte == 10 and self._after_return:
            self._after_return = False
            return
        self._after_return = byte == 13
        if byte in (10, 13):
            self._finish()
        elif byte == _CTRL_C:
            self._interrupt()
        else:
            self._editor.take_key(byte)

    def _finish(self):
        line = self._editor.finish(not self._job)
        if not self._job:
            self._line = line or ""
            if not line:
                self._editor.prompt()
        elif line == "stop":
            self._end()
        elif line is not None:
            self._resume(line)

    def _begin(self):
        line, self._line = self._line, ""
        answer = self._run(line)
        if isinstance(answer, str):
            if answer:
                self._output.say(answer + "\n")
            self._editor.prompt()
            return
        self._job = iter(answer)

    def _resume(self, line):
        try:
            text = self._job.send(line)
            while text is None and not self._late():
                text = self._job.send(None)
        except StopIteration:
            self._end()
            return
        self._listening = text == ""
        if text:
            self._output.say(text)

    def _late(self):
        return time.ticks_diff(time.ticks_ms(), self._begun_ms) >= _BUSY_MS

    def _end(self):
        job, self._job = self._job, None
        self._listening = True
        if job:
            job.close()
        self._editor.prompt()

    def _interrupt(self):
        """Ctrl-C ends a job; without one it is 'service', which may need the PIN."""
        self._output.say("^C\n")
        if self._job:
            self._end()
        else:
            self._line = "service"
