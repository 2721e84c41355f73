"""A meter in a simulated house for a browser: it lives in a thread, in real or in virtual time.

Its console has one visitor: over a pty that the cable of a test leads to, or over two queues.
"""

import asyncio
import concurrent.futures
import contextlib
import os
import select
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

from lab.lockstep import loop as virtual
from lab.lockstep.session import LockstepSession
from lab.session import STARTUP_S, Plan, Session
from lab.sim.faults import Fault, inject
from lab.sim.front_end import EV_BRANCH, MAINS_L1, MAINS_L2, FrontEnd
from lab.sim.house import Steps
from lab.sim.ports import PseudoTerminal

QUIET = Steps({0: (6.0, 5.0)})
PATIENCE_S = 60
STEP_S = 0.05


def on_the_other_leg():
    """Its car loads one leg, and the CTs of L1 and L2 are plugged the other way round."""
    return FrontEnd((replace(MAINS_L1, ev_share=0.0), MAINS_L2, EV_BRANCH))


class Queue:
    """The console's line in memory; the visitor reads and writes from another thread."""

    def __init__(self):
        self._typed, self._said = bytearray(), bytearray()
        self._guard = threading.Lock()

    def _take(self, data):
        with self._guard:
            taken = bytes(data)
            data.clear()
            return taken

    def read(self):
        return self._take(self._typed)

    def write(self, data):
        with self._guard:
            self._said += data

    def close(self):
        """Nothing is open."""

    def take(self):
        """What the meter has said."""
        return self._take(self._said)

    def put(self, data):
        """The visitor types."""
        with self._guard:
            self._typed += data


class Cable:
    """A pty that can be pulled and plugged in; `path` stays the same."""

    def __init__(self, folder):
        self.path = Path(folder) / "port"
        self._end = None
        self.plug()

    def plug(self):
        end = PseudoTerminal()
        self.path.symlink_to(end.path)
        self._end = end

    def pull(self):
        end, self._end = self._end, None
        self.path.unlink()
        end.close()

    def read(self):
        return self._end.read() if self._end else b""

    def write(self, data):
        if self._end:
            self._end.write(data)

    def close(self):
        if self._end:
            self.pull()


class PageHouse:
    """A context manager. `chargers` are (family, address); `blank`: as from the factory."""

    def __init__(self, chargers, *, blank=False, in_virtual_time=False, front_end=FrontEnd):
        self._plan = Plan(86400.0, QUIET, chargers, [], True)
        self._blank = blank
        self._virtual = in_virtual_time
        self._front_end = front_end
        self._orders = []
        self._up = concurrent.futures.Future()
        self._folder = tempfile.TemporaryDirectory(prefix="headroom-page-")
        self.line = Queue() if in_virtual_time else Cable(self._folder.name)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        self._up.result(PATIENCE_S)
        return self

    def __exit__(self, *_):
        self._stopped.set()
        self._thread.join()
        self.line.close()
        self._folder.cleanup()

    def fault(self, kind, active):
        """Let a fault of lab/sim/faults.py begin or end."""
        self.do(lambda session: inject(session.world, Fault(kind, 0.0), active))

    def do(self, order):
        """The result of a coroutine function of the session, run in the house's loop."""
        done = concurrent.futures.Future()
        self._orders.append((order, done))
        return done.result(PATIENCE_S)

    def _run(self):
        try:
            (virtual.run if self._virtual else asyncio.run)(self._live())
        except BaseException as error:
            if self._up.done():
                raise
            self._up.set_exception(error)

    async def _live(self):
        kind = LockstepSession if self._virtual else Session
        session_of = type(
            "OfThePage", (kind,), {"joints": replace(kind.joints, front_end=self._front_end)}
        )
        async with session_of(self._plan, Path(self._folder.name)) as session:
            session.firmware.asked = lambda: True  # of a restart that the page types
            if self._blank:
                session.firmware.start()
                await session.console.until_up(STARTUP_S)
            else:
                await session.set_up(asyncio.Event())
            session.world.begin()
            self._up.set_result(None)
            while not self._stopped.is_set():
                session.check()
                while self._orders:
                    order, done = self._orders.pop(0)
                    done.set_result(await order(session))
                self.line.write(session.world.console.read())
                session.world.console.write(self.line.read())
                await asyncio.sleep(STEP_S)


class Port:
    """A serial port of the visitor's computer at the other end of a Cable."""

    def __init__(self, path):
        self._path = path
        self._fd = None

    def opens(self):
        """Why it can't be opened, "" if it is open now."""
        self.close()
        if not self._path.exists():
            return "there is no such port"
        self._fd = os.open(self._path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        return ""

    def read(self):
        """What has come, None once the cable was pulled."""
        try:
            if not select.select([self._fd], [], [], 0)[0]:
                return b""
            return os.read(self._fd, 65536) or None
        except (OSError, TypeError):
            return None

    def write(self, data):
        with contextlib.suppress(OSError, TypeError):
            os.write(self._fd, data)

    def close(self):
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
