"""Pseudo terminals and the sample FIFO, as the firmware on a PC sees them; all non-blocking."""

import asyncio
import contextlib
import fcntl
import os
import pty
import termios
import tty
from collections.abc import Callable
from pathlib import Path

from .chargers.model import SerialFormat

PIPE_BYTES = 16384


class PseudoTerminal:
    """A raw pty pair: `fd` is our end, `path` names the other one.

    Its slave is kept open here as well, so our end lives on when the other side restarts.
    """

    def __init__(self) -> None:
        self.fd, self._slave_fd = pty.openpty()
        tty.setraw(self._slave_fd)
        os.set_blocking(self.fd, False)
        self.path = os.ttyname(self._slave_fd)
        self.form: SerialFormat | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def read(self) -> bytes:
        """What has arrived, or nothing."""
        try:
            return os.read(self.fd, 4096)
        except (BlockingIOError, OSError):
            return b""

    def write(self, data: bytes) -> None:
        """Send; what a full buffer can't take is lost, as on a UART that nobody reads."""
        with contextlib.suppress(BlockingIOError, OSError):
            os.write(self.fd, data)

    def listen(self, readable: Callable[[], None]) -> None:
        """Call `readable` in the running loop whenever there is something to read."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.fd, readable)

    def deaf(self) -> None:
        """Call nobody any more."""
        if self._loop is not None:
            self._loop.remove_reader(self.fd)
            self._loop = None

    def flush(self) -> None:
        """Throw away what nobody has read yet, either way."""
        termios.tcflush(self._slave_fd, termios.TCIOFLUSH)

    def close(self) -> None:
        self.deaf()
        os.close(self._slave_fd)
        os.close(self.fd)


class SampleFifo:
    """The stream of converter frames. When nobody reads, whole chunks are dropped."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.dropped_bytes = 0
        os.mkfifo(path)
        self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            fcntl.fcntl(self._fd, fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    def write(self, chunk: bytes) -> None:
        """Write a chunk of at most 4096 bytes: whole or not at all."""
        try:
            os.write(self._fd, chunk)
        except BlockingIOError:
            self.dropped_bytes += len(chunk)

    def drain(self) -> None:
        """Empty the pipe, so that a new reader starts with the present."""
        with contextlib.suppress(BlockingIOError):
            while os.read(self._fd, PIPE_BYTES):
                pass

    def close(self) -> None:
        os.close(self._fd)
        self.path.unlink(missing_ok=True)
