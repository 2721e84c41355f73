"""The firmware as a process on the unix port of MicroPython, and a client for its console."""

import asyncio
import contextlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lab.sim.joints import Terminal
from meter.errors import MeterError, UsageError
from meter.paths import BOARDS, FIRMWARE, ROOT, UMODBUS

REBOOT_WANTED = 75
PATIENCE_S = 2.0
UP_S = 1.0  # how long one that is up takes for a word, on a busy machine too
ANSWER_S = 5.0  # all about 25 chargers takes its time
RESTART_S = 0.5
STATUS_EVERY_S = 0.5
PROMPT = "> "
RESTARTS = ("save", "reboot")
HEAP = "1m"  # words are twice as long as a board's, and the sources are compiled on the way


def command(main: Path = FIRMWARE / "main.py") -> list[str]:
    """The command line that runs the firmware here."""
    beside = Path(sys.executable).with_name("micropython")
    interpreter = str(beside) if beside.exists() else shutil.which("micropython")
    if interpreter is None:
        raise UsageError("no micropython here; `make demo` installs it beside Python")
    if not main.exists():
        raise UsageError(f"{main} is missing")
    return [interpreter, "-X", f"heapsize={HEAP}", str(main)]


def environment(paths: dict[str, str], *first: Path) -> dict[str, str]:
    """Ours, with `paths` and MicroPython's search path; `first` come before the firmware."""
    search = (*first, FIRMWARE, BOARDS / "unix", UMODBUS.parent)
    return os.environ | paths | {"MICROPYPATH": ":".join([*map(str, search), ".frozen"])}


class Firmware:
    """Runs, restarts and kills the firmware. `on_change(running)` and `on_crash(text)` report.

    `variables` are what its environment has besides ours.

    Exit status 75 asks for a restart. One that nobody has asked for at the console, and any other
    end that was not ours, is a crash: it is reported, and the process starts again, as a watchdog
    would have it.
    """

    def __init__(
        self,
        folder: Path,
        paths: dict[str, str],
        on_change: Callable[[bool], None],
        on_crash: Callable[[str], None],
    ) -> None:
        self.log = folder / "firmware.log"
        self.crashes: list[str] = []
        self._command = command()
        self.variables = paths
        self.on_change = on_change
        self.asked: Callable[[], bool] = lambda: True  # was a restart since the last call?
        self._on_crash = on_crash
        self._wanted = False
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def start(self) -> None:
        self._wanted = True
        self._task = asyncio.create_task(self._keep_running())

    async def kill(self) -> None:
        """SIGKILL: no chance to say good-bye, and no restart until `start`."""
        self._wanted = False
        self._signal("kill")
        if self._task is not None:
            await asyncio.wait([self._task])

    async def stop(self) -> None:
        """End it for good, politely first."""
        self._wanted = False
        self._signal("terminate")
        if self._task is None:
            return
        done, _ = await asyncio.wait([self._task], timeout=PATIENCE_S)
        if not done:
            self._signal("kill")
            self._task.cancel()
            await asyncio.wait([self._task])

    def _signal(self, how: str) -> None:
        if self._process is not None and self._process.returncode is None:
            getattr(self._process, how)()

    async def _keep_running(self) -> None:
        while self._wanted:
            with self.log.open("ab") as log:
                process = self._process = await asyncio.create_subprocess_exec(
                    *self._command,
                    env=environment(self.variables),
                    cwd=ROOT,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            self.asked()  # what was typed before nobody has read
            self.on_change(True)
            try:
                status = await process.wait()
            finally:
                if process.returncode is None:
                    process.kill()
                self.on_change(False)
            if self._wanted and not self._restarts(status):
                self._crashed(f"the firmware ended by itself with status {status}{self._last()}")
                await asyncio.sleep(RESTART_S)

    def _restarts(self, status: int) -> bool:
        """Whether that status is a restart, which is a crash as well if nobody asked for it."""
        if status == REBOOT_WANTED and not self.asked():
            self._crashed(f"the firmware restarted by itself{self._last()}")
        return status == REBOOT_WANTED

    def _crashed(self, text: str) -> None:
        self.crashes.append(text)
        self._on_crash(text)

    def _last(self) -> str:
        said = self.log.read_text(errors="replace").strip().splitlines()
        return f": {said[-1]}" if said else ""


class Console:
    """Types commands at the firmware's console and reads the answers."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._turn = asyncio.Lock()
        self._restart_typed = False

    async def ask(self, line: str, timeout_s: float = PATIENCE_S) -> str:
        """Type `line`; returns the answer without echo and prompt.

        Raises TimeoutError when no prompt comes.
        """
        async with self._turn:
            arrived = asyncio.Event()
            self._terminal.read()
            self._terminal.listen(arrived.set)
            self._type(line)
            try:
                return await asyncio.wait_for(self._until_prompt(line, arrived), timeout_s)
            finally:
                self._terminal.deaf()

    async def status(self, timeout_s: float = PATIENCE_S) -> dict[str, Any] | None:
        """The meter's own account of itself; None when it does not give one."""
        try:
            answer = await self.ask("json status", timeout_s)
            return json.loads(answer.strip().splitlines()[-1])
        except (asyncio.TimeoutError, json.JSONDecodeError, IndexError):
            return None

    async def until_up(self, timeout_s: float) -> dict[str, Any]:
        """Wait until the meter answers."""
        deadline_s = asyncio.get_running_loop().time() + timeout_s
        while asyncio.get_running_loop().time() < deadline_s:
            with contextlib.suppress(asyncio.TimeoutError):
                await self.ask("version", UP_S)
                if status := await self.status(ANSWER_S):
                    return status
        raise MeterError(f"the firmware's console did not answer within {timeout_s:g} s")

    async def configure(self, line: str) -> None:
        """Give a command that must not be refused."""
        try:
            answer = await self.ask(line)
        except asyncio.TimeoutError:
            raise MeterError(f"no answer to '{line}' on the console") from None
        for said in answer.splitlines():
            if said.startswith("error: "):
                raise MeterError(f"the meter refused '{line}': {said[7:]}")

    async def send(self, line: str) -> None:
        """Give a command that need not answer, such as `save`, which restarts the meter."""
        async with self._turn:
            self._type(line)

    def restart_typed(self) -> bool:
        """Whether a restart was asked for since the last call."""
        typed, self._restart_typed = self._restart_typed, False
        return typed

    def _type(self, line: str) -> None:
        self._restart_typed |= line in RESTARTS
        self._terminal.write(line.encode() + b"\r")

    async def _until_prompt(self, line: str, arrived: asyncio.Event) -> str:
        heard = ""
        while True:
            await arrived.wait()
            arrived.clear()
            heard += self._terminal.read().decode(errors="replace").replace("\r", "")
            _, echo, answer = heard.partition(line)
            if echo and answer.endswith("\n" + PROMPT):
                return answer[: -len(PROMPT)].strip("\n")


class Reporter:
    """Asks the meter how it is, twice a second."""

    def __init__(self, console: Console) -> None:
        self.now: dict[str, Any] | None = None
        self.last_known: dict[str, Any] | None = None
        self._console = console

    async def run(self) -> None:
        while True:
            self.now = await self._console.status()
            self.last_known = self.now or self.last_known
            await asyncio.sleep(STATUS_EVERY_S)
