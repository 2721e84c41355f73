"""The shell on terminals that take little or nothing: it never waits and loses nothing."""

import random
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom.console import shell as shell_module
from headroom.console.shell import Shell

QUEUE = 1536  # bytes that wait for a slow terminal
LONGEST = 400  # characters of a line


class Terminal:
    """Takes `room` bytes a call; counts the calls, since each of them may cost time."""

    def __init__(self, room=1 << 30):
        self.room = room
        self.typed = b""
        self.shown = b""
        self.reads = 0
        self.writes = 0

    def read_into(self, buffer):
        self.reads += 1
        count = min(len(buffer), len(self.typed))
        buffer[:count] = self.typed[:count]
        self.typed = self.typed[count:]
        return count

    def write(self, buffer, count):
        self.writes += 1
        count = min(count, self.room() if callable(self.room) else self.room)
        self.shown += bytes(buffer[:count])
        return count


class Commands:
    """Remembers the lines that it was given and answers with `answer`."""

    SECRET = ()

    def __init__(self, answer=""):
        self.lines = []
        self.answer = answer

    def run(self, line):
        self.lines.append(line)
        return self.answer

    def complete(self, text):
        if text == "trouble":
            raise MemoryError("memory allocation failed")
        return []


def typed(text, answer="", room=1 << 30, polls=3000):
    """(the lines that were run, what was shown) once `text` was typed."""
    terminal, commands = Terminal(room), Commands(answer)
    shell = Shell(terminal, commands, "", pytest.fail)
    terminal.typed = text if isinstance(text, bytes) else text.encode()
    for _ in range(polls):
        shell.poll()
    return commands.lines, terminal.shown


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_each_line_end_ends_one_line(end):
    lines, shown = typed(f"status{end}get legs{end}")
    assert lines == ["status", "get legs"]
    assert shown == b"> status\r\n> get legs\r\n> "


def test_an_empty_line_runs_nothing():
    lines, shown = typed("\r\n\r\n  \r\n")
    assert lines == []
    assert shown.count(b"> ") == 4


@pytest.mark.parametrize("key", ["\b", "\x7f"])
def test_backspace_takes_back_what_there_is_and_no_more(key):
    lines, _ = typed(f"ab{key * 5}stats{key}us\r")
    assert lines == ["status"]


def test_control_bytes_and_bytes_beyond_ascii_are_no_text():
    lines, _ = typed(b"st\x00\x02a\x07t\x1cu\xff\x80s\xc3\xa9\r")
    assert lines == ["status"]


def test_a_line_that_is_too_long_is_refused_and_not_run_cut_off():
    """Cut off, "set charger1.max_a 16" might have become "set charger1.max_a 1"."""
    lines, shown = typed("x" * LONGEST + "\r")
    assert lines == ["x" * LONGEST]
    lines, shown = typed("x" * (LONGEST + 1) + "\rstatus\r")
    assert lines == ["status"]
    assert b"error: the line is longer than 400 characters; nothing was changed" in shown
    lines, _ = typed("x" * 5000 + "\b" * 5000 + "status\r", polls=9000)
    assert "x" not in "".join(lines)


def test_what_comes_after_its_end_is_left_for_whoever_reads_next():
    """mpremote's Ctrl-A comes at once after its Ctrl-C."""
    terminal = Terminal()
    shell = Shell(terminal, Commands(), "", pytest.fail)
    shell.close()
    terminal.typed = b"\r\x01"
    for _ in range(10):
        shell.poll()
    assert terminal.typed == b"\r\x01"
    assert terminal.shown == b"> ", "what was said before is shown"


@pytest.mark.parametrize("room", [1, 7, 31, 4095])
def test_a_slow_terminal_gets_every_byte_in_order(room):
    answer = "\n".join(f"line {n} of a long answer" for n in range(45))
    lines, shown = typed("get\rget\r", answer, room, polls=10_000)
    assert lines == ["get", "get"]
    text = (answer + "\n").replace("\n", "\r\n").encode()
    assert shown == b"> get\r\n" + text + b"> get\r\n" + text + b"> "


def test_pasted_lines_wait_for_the_answers_before_them():
    answer = "x" * (QUEUE - 100)
    lines, shown = typed("a\n" * 16, answer, room=100, polls=10_000)
    assert lines == ["a"] * 16
    assert shown == b"> " + 16 * (b"a\r\n" + answer.encode() + b"\r\n> ")


def test_a_terminal_that_takes_nothing_costs_one_write_a_poll_and_stops_the_reading():
    terminal, commands = Terminal(0), Commands("x" * 1400)
    shell = Shell(terminal, commands, "", pytest.fail)
    terminal.typed = b"status\r" * 200
    for poll in range(1, 5000):
        shell.poll()
        assert terminal.writes <= poll
    assert terminal.reads == 0
    assert commands.lines == []
    terminal.room = 1 << 30
    for _ in range(3000):
        shell.poll()
    assert commands.lines == ["status"] * 200
    assert terminal.shown == b"> " + 200 * (b"status\r\n" + b"x" * 1400 + b"\r\n> ")


def test_a_job_waits_for_a_slow_terminal_too():
    steps = []

    def job():
        for n in range(50):
            steps.append(n)
            yield f"step {n} " + "x" * 1000 + "\n"

    terminal, commands = Terminal(0), Commands()
    commands.run = lambda line: job()
    shell = Shell(terminal, commands, "", pytest.fail)
    terminal.room = 1 << 30
    terminal.typed = b"scan\r"
    for _ in range(3):
        shell.poll()
    terminal.room = 0
    begun = len(steps)
    for _ in range(1000):
        shell.poll()
    assert len(steps) <= begun + 1
    terminal.room = 13
    for _ in range(10_000):
        shell.poll()
    whole = b"".join(b"step %d " % n + b"x" * 1000 + b"\r\n" for n in range(50))
    assert terminal.shown == b"> scan\r\n" + whole + b"> "


def at_once():
    raise MemoryError("memory allocation failed")


def in_a_step(steps):
    yield steps
    raise IndexError("list index out of range")


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("now", "MemoryError"),
        ("step", "IndexError"),
        ("wrong step", "AttributeError"),  # 7 is no text
        ("none", "TypeError"),  # nor is None a job
        ("trouble\t\x15", "MemoryError"),
    ],
)
def test_what_nobody_foresaw_ends_the_command_and_nothing_else(line, error):
    noted = []
    terminal, commands = Terminal(), Commands()
    answers = {
        "now": at_once,
        "step": lambda: in_a_step("one\n"),
        "wrong step": lambda: in_a_step(7),
        "none": lambda: None,
        "version": lambda: "fine",
    }
    commands.run = lambda line: answers[line]()
    shell = Shell(terminal, commands, "", noted.append)
    terminal.typed = line.encode() + b"\rversion\r"
    for _ in range(30):
        shell.poll()
    shown = terminal.shown.decode()
    assert shown.count("error: a fault of the firmware, please report it: " + error) == 1
    assert "nothing was changed" not in shown, "who knows"
    assert shown.endswith("version\r\nfine\r\n> ")
    assert len(noted) == 1
    assert error in noted[0]


def test_a_first_command_that_fails_does_not_keep_the_meter_from_starting():
    noted = []
    commands = Commands()
    commands.run = lambda line: at_once()
    Shell(Terminal(), commands, "check", noted.append).poll()
    assert len(noted) == 1


def test_a_job_is_closed_when_what_is_typed_to_it_fails():
    closed, noted = [], []

    def job():
        try:
            while True:
                yield ""
        finally:
            closed.append(1)

    terminal, commands = Terminal(), Commands()
    commands.run = lambda line: job()
    shell = Shell(terminal, commands, "", noted.append)
    terminal.typed = b"scan\rtrouble\t"
    for _ in range(20):
        shell.poll()
    assert (len(noted), closed) == (1, [1])


def test_ctrl_c_in_a_command_still_ends_the_meter():
    terminal, commands = Terminal(), Commands()

    def run(line):
        raise KeyboardInterrupt

    commands.run = run
    shell = Shell(terminal, commands, "", pytest.fail)
    terminal.typed = b"status\r"
    shell.poll()
    with pytest.raises(KeyboardInterrupt):
        shell.poll()


@pytest.mark.parametrize(("step_ms", "steps_a_poll"), [(1, 3), (2, 2), (9, 1)])
def test_a_job_that_works_makes_the_steps_that_fit_into_a_few_ms(
    step_ms, steps_a_poll, monkeypatch
):
    clock = SimpleNamespace(ms=0)
    ticks = SimpleNamespace(ticks_ms=lambda: clock.ms, ticks_diff=lambda end, begin: end - begin)
    monkeypatch.setattr(shell_module, "time", ticks)

    def job():
        while True:
            clock.ms += step_ms
            yield

    terminal, commands = Terminal(), Commands()
    commands.run = lambda line: job()
    shell = Shell(terminal, commands, "", pytest.fail)
    terminal.typed = b"work\r"
    shell.poll()
    for _ in range(5):
        before_ms = clock.ms
        shell.poll()
        assert clock.ms - before_ms == steps_a_poll * step_ms


# Ctrl-C is left out: without a job it is meant to end the meter.
@given(st.binary(max_size=300).map(lambda data: data.replace(b"\x03", b"")), st.randoms())
def test_random_bytes_on_a_random_terminal_raise_nothing(data, chance):
    lines, _ = typed(data, "answer", lambda: chance.choice((0, 0, 1, 5, 1000)), polls=600)
    assert all(line == line.strip() and line.isprintable() and line for line in lines)


def test_after_any_noise_a_command_works():
    chance = random.Random(4)
    for _ in range(300):
        noise = bytes(chance.choices([*range(3), *range(4, 256)], k=chance.randrange(200)))
        lines, shown = typed(noise + b"\x1b[D\x15\rstatus\r", "fine", polls=600)
        assert lines[-1] == "status"
        assert shown.endswith(b"fine\r\n> ")
