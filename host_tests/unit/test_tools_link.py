"""The link of the tools to a meter, when at its port is none, or one that says strange things."""

import contextlib
import json
import os
import pty
import threading
import tty

import pytest
import serial
from scripted_meter import LEG, STATUS, Scripted

from meter import event_log, link
from meter.errors import MeterError, UsageError
from meter.link import Link


class Port:
    """A console on a pty: `name` to open, `heard` what came, `chatter` what it says unasked."""

    def __init__(self, **answers):
        self.console = Scripted(STATUS | {"legs": [LEG]}, **answers)
        self.heard = b""
        self.chatter = b""
        self._ours, self._theirs = pty.openpty()
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        self.name = os.ttyname(self._theirs)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._talk)
        self._thread.start()

    def _talk(self):
        while not self._over.wait(0.005):
            with contextlib.suppress(BlockingIOError):
                came = os.read(self._ours, 4096)
                self.heard += came
                if not self.chatter:
                    self.console.write(came)
            with contextlib.suppress(BlockingIOError):
                os.write(self._ours, self.chatter or self.console.read())

    def close(self):
        self._over.set()
        self._thread.join()
        os.close(self._ours)
        os.close(self._theirs)


@pytest.fixture
def port():
    """port(**answers) -> a Port."""
    opened = []

    def made(**answers):
        opened.append(Port(**answers))
        return opened[-1]

    yield made
    for one in opened:
        one.close()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("set zone A\x03", "x03"),  # Ctrl-C ends the firmware
        ("set zone A\x15set legs 1", "x15"),
        ("set zone A\rpin 1234", "r' cannot be typed"),
        ("set name Zürich", "'ü' cannot be typed"),
        ("set tariff " + 400 * "x", "at most 400"),
    ],
)
def test_what_the_console_would_take_for_something_else_is_not_sent(port, line, why):
    there = port()
    with Link(there.name) as meter:
        before = there.heard
        with pytest.raises(UsageError, match=why):
            meter.ask(line)
        assert there.heard == before
        assert meter.status()["boot"] == 1


def test_something_else_that_talks_all_the_time_is_no_meter(port, monkeypatch):
    monkeypatch.setattr(link, "PATIENCE_S", 0.2)
    there = port()
    there.chatter = b"$GPGGA,123519,4807.038,N,01131.000,E\r\n"
    with pytest.raises(MeterError, match="no meter answers"):
        Link(there.name)


def test_a_port_that_another_program_has(port):
    there = port()
    with (
        serial.Serial(there.name, exclusive=True),
        pytest.raises(MeterError, match="another program has"),
    ):
        Link(there.name)


@pytest.mark.parametrize("said", ["", "[1]", "5", "null", "{}", '{"version": "0.1.0", "leg'])
def test_an_answer_that_lacks_what_is_needed_is_damaged(port, said):
    with Link(port(json_status=said).name) as meter, pytest.raises(MeterError, match="damaged"):
        meter.status()


def test_strange_bytes_of_the_log_are_text(port, capsys):
    text = "odd \x1b[2J\u202e [red]bytes[/green]"
    event = json.dumps({"number": 1, "boot": 0, "s": 3, "text": text})
    event_log.show(port(json_log_50=event).name, 50)
    assert "odd \ufffd[2J\ufffd [red]bytes[/green]" in capsys.readouterr().out
