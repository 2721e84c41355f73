"""Typed bytes to lines, lines to commands, commands to text: none of it ever waits.

A command answers with a text, or with a *job*: a generator that works in small steps. The shell
resumes it every 10 ms or so, once the terminal has taken what it said before:

    def scan(self, words):          # a command that is a job
        for address in range(1, 248):
            while not self._answered(address):
                yield ""            # nothing to say yet; a step must not hold the loop
            yield "address %d: %s\\n" % (address, self._what())

A job yields text with its line ends. A line typed meanwhile is the value of that `yield` (None
if there is none), so that a job can ask questions. `stop` or Ctrl-C ends it: the generator is
closed, and its `finally` puts things right. Long answers are jobs too: no text is ever whole in
memory.
"""

import micropython
from micropython import const

from .output import Output

_LINE = const(400)
_CTRL_C = const(3)
_PROMPT = "> "


class Shell:
    """terminal  see ports/__init__.py
    run       takes a line, returns a text without its last line end, or a job
    """

    def __init__(self, terminal, run):
        self._terminal = terminal
        self._run = run
        self._output = Output(terminal)
        self._line = bytearray()
        self._typed = bytearray(32)
        self._job = None
        self._after_return = False

    def poll(self):
        """Take what was typed, send what there is room for; call every few milliseconds."""
        if not self._output.send():
            return  # the answer first: a pasted file can't outrun its echo
        if self._job:
            self._resume(None)
        for i in range(self._terminal.read_into(self._typed)):
            self._take(self._typed[i])

    def _take(self, byte):
        if byte == 10 and self._after_return:
            self._after_return = False
            return
        self._after_return = byte == 13
        if byte in (10, 13):
            self._finish()
        elif byte == _CTRL_C:
            self._interrupt()
        elif byte in (8, 127):
            if self._line:
                self._line = self._line[:-1]
                self._output.say("\b \b")
        elif 32 <= byte < 127 and len(self._line) < _LINE:
            self._line.append(byte)
            self._output.say(chr(byte))

    def _finish(self):
        line = self._line.decode().strip()
        self._line = bytearray()
        self._output.say("\n")
        if not self._job:
            self._begin(line)
        elif line == "stop":
            self._end()
        else:
            self._resume(line)

    def _begin(self, line):
        answer = self._run(line) if line else ""
        if isinstance(answer, str):
            self._output.say(answer + "\n" + _PROMPT if answer else _PROMPT)
            return
        micropython.kbd_intr(-1)  # Ctrl-C is now a byte among others: it ends the job
        self._job = answer
        self._resume(None)

    def _resume(self, line):
        try:
            self._output.say(self._job.send(line))
        except StopIteration:
            self._end()

    def _end(self):
        self._job.close()
        self._job = None
        micropython.kbd_intr(_CTRL_C)
        self._output.say(_PROMPT)

    def _interrupt(self):
        """Ctrl-C ends a job; without one it stops the meter, as it does on a board."""
        if not self._job:
            raise KeyboardInterrupt
        self._line = bytearray()
        self._output.say("^C\n")
        self._end()
