"""The firmware's process in virtual time, and what goes to and from it.

They speak over its standard input, a socket, in turns. The firmware says

    <QBI    until when it waits (us of its clock), WAITS, WORKS or POWERLESS, and how many bytes
            follow:
    <QBI    for each piece that it has sent: when, on which channel (0 line, 1 meter's line,
            2 console, 3 flash, 4 memory, 5 how it opens a line, 6 its watchdog is fed), how many
            bytes; the bytes

and stops. Once that moment has come it is told

    <QqHHHH  before when nothing arrives; when the first of the samples is taken; how many bytes
             follow of samples, line, meter's line and console; these bytes

and lives on until it has sent something, or waits beyond what it was told. WORKS is a firmware
that looks at the clock again and again and waits for nothing, POWERLESS one that is to be ended
in the midst of a change of its files (vm/flash.py).
"""

import asyncio
import contextlib
import ctypes
import math
import signal
import socket
import struct
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from lab.firmware import RESTART_S, Firmware, command, environment
from lab.sim.chargers.model import SerialFormat
from lab.sim.chargers.relay import PINS
from meter.build import board_data
from meter.paths import ROOT

from .loop import VirtualLoop
from .memory import Samples, Terminal

VM = Path(__file__).parent / "vm"
REQUEST = struct.Struct("<QBI")
REPLY = struct.Struct("<QqHHHH")
WAITS, WORKS, POWERLESS = 0, 1, 2
FLASH, MEMORY, FORM, FED = 3, 4, 5, 6
NEVER = (1 << 63) - 1
LONGEST_WORK_S = 1.0  # virtual, without waiting
WATCHDOG_S = board_data("unix")["WATCHDOG_MS"] / 1000
PATIENCE_S = 10.0  # real, for what takes no virtual time; a busy machine is slow


_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1  # Linux
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def _nobody_ends_us() -> Iterator[None]:
    """Hold back what would: Python loses what a signal raises in the midst of a fork."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_us() -> None:
    """One that hangs would never see that we were killed."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Machine(Firmware):
    """Runs, restarts and kills the firmware like Firmware; `next_s` and `step` are for the loop.

    A firmware that hangs is ended at once, and whoever does not feed the watchdog when that bites:
    both start again then, as a board does. `meter` is its second RS-485 line, where it answers as
    a meter: a slave of a sim.line.Line, or the bare bytes for whoever polls it.
    """

    def __init__(
        self,
        loop: VirtualLoop,
        folder: Path,
        joints: tuple[Samples, Terminal, Terminal],
        on_change: Callable[[bool], None],
        on_crash: Callable[[str], None],
    ) -> None:
        paths = {"HEADROOM_DATA": str(folder / "data"), "HEADROOM_PINS": str(folder / PINS)}
        super().__init__(folder, paths, on_change, on_crash)
        self._command = command(VM / "start.py")
        self.next_s = math.inf
        self.patience_s = PATIENCE_S
        self.starts_us = 0  # what its clock shows at the next start
        self.transcript: Callable[[bytes], None] = lambda said: None  # hears all that it sends
        self.on_flash: Callable[[str], None] = lambda change: None  # as vm/flash.py writes it
        # Now and then: how many bytes are in use, and how many modules are loaded.
        self.on_memory: Callable[[int, int], None] = lambda used, modules: None
        self.on_power_cut: Callable[[], None] = lambda: None  # in a change of its files
        self._loop = loop
        self.meter = Terminal()
        self._samples, self._line, self._console = joints
        self._vm: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._born_s = 0.0
        self._waited_s = 0.0
        self._fed_s = 0.0
        self._watchdog: asyncio.TimerHandle | None = None
        loop.guest = self

    @property
    def running(self) -> bool:
        return self._vm is not None

    def start(self) -> None:
        self._wanted = True
        self._disarm()
        ours, theirs = socket.socketpair()
        seconds, rest = divmod(self.patience_s, 1)
        ours.setsockopt(
            socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", int(seconds), int(rest * 1e6))
        )
        self._socket = ours
        with self.log.open("ab") as log, theirs, _nobody_ends_us():
            self._vm = subprocess.Popen(
                self._command,
                env=environment(self.variables | {"HEADROOM_STARTS_US": str(self.starts_us)}, VM),
                cwd=ROOT,
                stdin=theirs.fileno(),
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_us,  # noqa: PLW1509  no thread holds a lock here
            )
        self._waited_s = self._loop.time()
        self._born_s = self._waited_s - self.starts_us / 1e6
        self.meter.flush()
        self.asked()  # what was typed before nobody has read
        self.on_change(True)
        self._hear()

    async def kill(self) -> None:
        self._wanted = False
        self._end()

    async def stop(self) -> None:
        await self.kill()

    def step(self, now_s: float, horizon_s: float) -> None:
        """It has waited until now: give it what has arrived, hear what it does next."""
        horizon_us = NEVER if math.isinf(horizon_s) else self._us(horizon_s)
        first_us = self._us(self._samples.first_s)
        streams = [self._samples.take(), self._line.take(), self.meter.take()]
        streams.append(self._console.take())
        self._say(REPLY.pack(horizon_us, first_us, *map(len, streams)) + b"".join(streams))
        self._hear()

    def _say(self, data: bytes) -> None:
        assert self._socket
        with contextlib.suppress(OSError):  # it has ended: that is heard next
            self._socket.sendall(data)

    def _hear(self) -> None:
        """What it says next: when it wants to go on, and what it has sent."""
        try:
            said = self._receive()
        except TimeoutError:
            self._hung("it has stopped asking for the time")
            return
        except EOFError:
            self._ended()
            return
        until_us, kind, _ = REQUEST.unpack_from(said)
        self.transcript(said)
        self.next_s = self._born_s + until_us / 1e6
        self._deliver(said)
        if kind == WAITS:
            self._waited_s = self.next_s
        elif kind == POWERLESS:
            self._wanted = False
            self._end()
            self.on_power_cut()
        elif self.next_s - self._waited_s > LONGEST_WORK_S:
            self._hung("it looks at the clock again and again, and lets nobody else work")

    def _receive(self) -> bytes:
        """All that it says in one turn."""
        assert self._socket
        data = b""
        while len(data) < REQUEST.size or len(data) < REQUEST.size + REQUEST.unpack_from(data)[2]:
            try:
                piece = self._socket.recv(1 << 17)
            except BlockingIOError:
                raise TimeoutError from None
            except OSError:
                piece = b""
            if not piece:
                raise EOFError
            data += piece
        return data

    def _deliver(self, said: bytes) -> None:
        """Let each piece reach the world at the moment at which it was sent."""
        at = REQUEST.size
        while at < len(said):
            sent_us, channel, size = REQUEST.unpack_from(said, at)
            at += REQUEST.size + size
            piece = said[at - size : at]
            if channel == FLASH:
                self.on_flash(piece.decode())
            elif channel == MEMORY:
                self.on_memory(*map(int, piece.split()))
            elif channel == FORM:
                line, baud, parity, stop_bits = piece.decode().split()
                form = SerialFormat(int(baud), parity, int(stop_bits))
                (self._line, self.meter)[int(line)].form = form
            elif channel == FED:
                self._feed(self._born_s + sent_us / 1e6)
            else:
                terminal = (self._line, self.meter, self._console)[channel]
                self._loop.call_at(self._born_s + sent_us / 1e6, terminal.put, piece)

    def _us(self, at_s: float) -> int:
        return round((at_s - self._born_s) * 1e6)

    def _hung(self, how: str) -> None:
        """Its watchdog, if it has started one, will start it again."""
        self._stop_running()
        if self._wanted:
            self._crashed(f"the firmware has hung: {how}")

    def _feed(self, at_s: float) -> None:
        self._fed_s = at_s
        if self._watchdog is None:
            self._watchdog = self._loop.call_at(at_s + WATCHDOG_S, self._bite)

    def _bite(self) -> None:
        """The watchdog's time is over, unless it was fed since."""
        self._watchdog = None
        if self._loop.time() < self._fed_s + WATCHDOG_S:
            self._feed(self._fed_s)
            return
        if self.running:
            self._stop_running()
            self._crashed(f"the watchdog, not fed for {WATCHDOG_S:g} s, has reset the firmware")
        self._again()

    def _disarm(self) -> None:
        if self._watchdog is not None:
            self._watchdog.cancel()
        self._watchdog = None

    def _ended(self) -> None:
        """It has closed its end."""
        assert self._vm
        status = self._vm.wait(self.patience_s)
        self._end()
        if self._restarts(status):
            self._loop.call_soon(self._again)
        elif self._wanted:
            self._crashed(f"the firmware ended by itself with status {status}{self._last()}")
            self._loop.call_later(RESTART_S, self._again)

    def _again(self) -> None:
        if self._wanted and not self.running:
            self.start()

    def _end(self) -> None:
        """Without power: nor does a watchdog bite."""
        self._disarm()
        self._stop_running()

    def _stop_running(self) -> None:
        self.next_s = math.inf
        if self._vm is None or self._socket is None:
            return
        self._vm.kill()
        self._vm.wait()
        self._socket.close()
        self._vm = self._socket = None
        self.on_change(False)
