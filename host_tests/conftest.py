"""For every test: at the end of the run no process that a test started may be left."""

import os
import signal
import time
from pathlib import Path

import hypothesis
import micropython  # noqa: F401  the shim: from here on `time` and `asyncio` are MicroPython's too

hypothesis.settings.register_profile("headroom", deadline=None)  # no test measures time
hypothesis.settings.load_profile("headroom")

MARK = "HEADROOM_TEST_RUN"
GRACE_S = 3


def pytest_sessionstart():
    os.environ[MARK] = str(os.getpid())  # children inherit it, orphans keep it


def pytest_sessionfinish(session):
    end = time.monotonic() + GRACE_S
    while (left := _left()) and time.monotonic() < end:
        time.sleep(0.1)
    for pid, command in left.items():
        os.kill(pid, signal.SIGKILL)
        print(f"\nleft running by a test: {command}")
        session.exitstatus = 1


def _left():
    """Process id and command line of what this run has started and not ended (Linux only)."""
    mark = f"{MARK}={os.getpid()}".encode()
    left = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                left[int(folder.name)] = command
        except OSError:
            continue  # it has just ended, or is another user's
    return {pid: command for pid, command in left.items() if command}
