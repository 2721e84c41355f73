"""`meter console` on a pty: it says nothing by itself, passes both ways, ends on Ctrl-]."""

import os
import pty
import select
import subprocess
import sys
import time

import pytest

from meter import console as tool
from meter.errors import UsageError

PATIENCE_S = 20


def read_until(fd, wanted):
    got = b""
    end = time.monotonic() + PATIENCE_S
    while wanted not in got and time.monotonic() < end:
        if select.select([fd], [], [], 0.1)[0]:
            got += os.read(fd, 4096)
    assert wanted in got
    return got


@pytest.fixture
def joined():
    """(the meter's end of the serial line, the user's end of the terminal, the process)."""
    meter, port = pty.openpty()
    user, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "meter", "console", os.ttyname(port)],
        stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
    )  # fmt: skip
    yield meter, user, process
    process.kill()
    process.wait()
    for fd in (meter, port, user, terminal):
        os.close(fd)


def test_the_console_is_silent_until_the_user_types(joined):
    meter, user, process = joined
    read_until(user, b"Ctrl-]")
    assert not select.select([meter], [], [], 0.5)[0], "bytes were sent on opening"

    os.write(meter, b"L1 12.3 A\r\n")
    read_until(user, b"L1 12.3 A")
    os.write(user, b"status\r")
    assert read_until(meter, b"\r") == b"status\r"

    os.write(user, b"\x1d")
    assert process.wait(PATIENCE_S) == 0
    assert not select.select([meter], [], [], 0.2)[0], "bytes were sent on closing"


def test_without_a_terminal_it_says_so(tmp_path, monkeypatch):
    port = tmp_path / "port"
    port.touch()
    monkeypatch.setattr(sys, "stdin", open(os.devnull))  # noqa: SIM115 (closed with the test)
    with pytest.raises(UsageError, match="needs a terminal"):
        tool.console(str(port))


def test_an_absent_port_is_refused():
    with pytest.raises(UsageError, match="there is no port '/dev/there-is-none'"):
        tool.console("/dev/there-is-none")
