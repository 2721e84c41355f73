"""A conversation with a meter's console over its serial port: a line asked, its answer read."""

import errno
import json
import time
from collections.abc import Generator
from typing import Any

import serial

from meter.clock import set_clock
from meter.errors import MeterError, UsageError
from meter.serial_port import check_port

BAUD = 115200
PATIENCE_S = 5.0
LONGEST_S = 60.0  # so long an answer may take, whatever comes
RESTART_S = 30.0
# What whoever asks for the status relies on: a meter tells it always.
STATUS = {
    "board", "boot", "chargers", "ev_ma", "faults", "legs", "lock", "settings_hash", "uptime_ms",
}  # fmt: skip
PROMPT = "\n> "
REPL_PROMPT = ">>> "
CLEAR_LINE = b"\x15"
LONGEST_LINE = 400


class Refused(MeterError):
    """The meter refused; the message is its own."""


class Stopped(MeterError):
    """At that port is MicroPython's own prompt."""


def check_typable(line: str) -> None:
    """Raise UsageError unless the console takes it: other characters are keys to it."""
    strange = [character for character in line if not " " <= character <= "~"]
    if strange:
        raise UsageError(
            f"{strange[0]!r} cannot be typed at the meter: it takes English letters, digits, signs"
        )
    if len(line) > LONGEST_LINE:
        raise UsageError(f"the meter takes at most {LONGEST_LINE} characters a line")


class Link:
    """The console at `port`; whatever runs there is stopped first. A context manager.

    Its clock is set on the way in, and after a restart.
    """

    def __init__(self, port: str) -> None:
        check_port(port)
        self.port = port
        self._heard = ""
        self._open()

    def __enter__(self) -> "Link":
        set_clock(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._serial.close()

    def ask(self, line: str, patience_s: float = PATIENCE_S) -> str:
        """The answer to `line` without its last line end; Refused if it is a refusal."""
        check_typable(line)
        self._write(CLEAR_LINE + line.encode() + b"\r")
        self._until(f"{line}\n", patience_s)
        answer = self._until(PROMPT, patience_s, lead="\n").strip("\n")
        for said in answer.splitlines():
            if said.startswith("error: "):
                raise Refused(f"the meter says: {said[7:]}")
        return answer

    def ask_json(self, command: str, *keys: str) -> list[dict[str, Any]]:
        """The objects of `json <command>`; each must have these keys."""
        try:
            objects = [json.loads(line) for line in self.ask(f"json {command}").splitlines()]
        except (ValueError, RecursionError):
            objects = [None]
        if not all(isinstance(found, dict) and found.keys() >= set(keys) for found in objects):
            raise MeterError(f"the answer to 'json {command}' is damaged: try again")
        return objects

    def one(self, command: str, *keys: str) -> dict[str, Any]:
        """The one object of `json <command>`."""
        objects = self.ask_json(command, *keys)
        if len(objects) != 1:
            raise MeterError(f"the answer to 'json {command}' is damaged: try again")
        return objects[0]

    def status(self) -> dict[str, Any]:
        """The whole state of the meter."""
        return self.one("status", *STATUS)

    def watch(self, every_ms: int) -> Generator[dict[str, Any], None, None]:
        """The status again and again; close the generator to end it."""
        self._write(CLEAR_LINE + f"json watch {every_ms}\r".encode())
        self._until("\n", PATIENCE_S)
        try:
            while True:
                line = self._until("\n", PATIENCE_S + every_ms / 1000)
                try:
                    status = json.loads(line)
                except ValueError:
                    continue  # a damaged line; the next is on its way
                if not isinstance(status, dict) or not status.keys() >= STATUS:
                    continue
                yield status
        finally:
            self.stop()

    def stop(self) -> None:
        """End what runs on the console, if anything does, and wait for the prompt."""
        self._write(CLEAR_LINE + b"stop\r")
        self._until("stop\n", PATIENCE_S, longest_s=2 * PATIENCE_S)
        self._until(PROMPT, PATIENCE_S, lead="\n", longest_s=2 * PATIENCE_S)

    def restart(self, line: str) -> dict[str, Any]:
        """Give a command that ends in a restart; the status once the meter is back."""
        before = self.status()["boot"]
        self.ask(line)
        deadline_s = time.monotonic() + RESTART_S
        while time.monotonic() < deadline_s:
            time.sleep(0.3)
            try:
                self._serial.close()
                self._open()
                status = self.status()
            except (MeterError, serial.SerialException):
                continue  # its USB comes back after a moment
            if status["boot"] != before:
                set_clock(self)
                return status
        raise MeterError(f"the meter at {self.port} did not come back within {RESTART_S:g} s")

    def _open(self) -> None:
        try:
            self._serial = serial.Serial(
                self.port, BAUD, timeout=0.02, write_timeout=PATIENCE_S, exclusive=True
            )
            self._serial.reset_input_buffer()
        except (serial.SerialException, OSError) as error:
            if error.errno == errno.EAGAIN:
                raise MeterError(
                    f"another program has {self.port}, such as `meter page`: end that one"
                ) from None
            raise MeterError(f"cannot open {self.port}: {error}") from None
        self._heard = ""
        self.stop()

    def _write(self, data: bytes) -> None:
        try:
            self._serial.write(data)
        except serial.SerialException as error:
            raise MeterError(f"the meter at {self.port} takes nothing: {error}") from None

    def _until(
        self, mark: str, patience_s: float, lead: str = "", longest_s: float = LONGEST_S
    ) -> str:
        """What comes before `mark`, both removed; `lead` stands for what came earlier.

        While something comes there is patience, but not for ever: it may be no meter.
        """
        self._heard = lead + self._heard
        deadline_s = time.monotonic() + patience_s
        end_s = time.monotonic() + longest_s
        while mark not in self._heard:
            try:
                came = self._serial.read(max(1, self._serial.in_waiting)).decode(errors="replace")
            except (serial.SerialException, OSError) as error:
                raise MeterError(f"the line to {self.port} broke: {error}") from None
            self._heard += came.replace("\r", "")
            if came:
                deadline_s = min(end_s, time.monotonic() + patience_s)
            if time.monotonic() > deadline_s:
                raise self._silence()
        said, _, self._heard = self._heard.partition(mark)
        return said

    def _silence(self) -> MeterError:
        if REPL_PROMPT in self._heard:
            return Stopped(f"at {self.port} is MicroPython's prompt: press the board's reset")
        return MeterError(f"no meter answers at {self.port}")
