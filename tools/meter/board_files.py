"""The files of a board that runs MicroPython, through mpremote's transport."""

import binascii
import time
from collections.abc import Callable
from typing import Any

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport
from serial import SerialException

from meter.errors import MeterError

CHUNK = 1024
READ_S = 10  # a flash that tidies up answers late
REPL_S = 20  # a meter first gives the chargers their fallback
_SETTLE_S = 0.7  # from Ctrl-C to a job's end on the console, or to the chargers' fallback

_HASHES = """
import os, hashlib, binascii
def walk(folder):
    for entry in os.ilistdir(folder):
        path = folder + '/' + entry[0]
        if entry[1] & 0x4000:
            walk(path)
            continue
        digest = hashlib.sha256()
        with open(path, 'rb') as file:
            block = file.read(512)
            while block:
                digest.update(block)
                block = file.read(512)
        print(binascii.hexlify(digest.digest()).decode(), path)
try:
    walk(%r)
except OSError:
    pass
"""

_ROOM = """
import os
block, _, blocks, free = os.statvfs('/')[:4]
if free > blocks:
    free = 0  # littlefs counts a folder's blocks twice, and goes below 0
def walk(folder):
    count = 2
    for entry in os.ilistdir(folder):
        if entry[1] & 0x4000:
            count += walk(folder + '/' + entry[0])
        elif entry[3] > 512:
            count += -(-entry[3] // block)
    return count
try:
    free += walk(%r)
except OSError:
    pass
print(block, free)
"""

_REMOVE_EMPTY = """
import os
def walk(folder):
    for entry in list(os.ilistdir(folder)):
        if entry[1] & 0x4000:
            walk(folder + '/' + entry[0])
    if not os.listdir(folder):
        os.rmdir(folder)
try:
    walk(%r)
except OSError:
    pass
"""


class BoardFiles:
    """The board at `port`, stopped; a context manager that restarts it, whatever happened.

    Every method raises MeterError if the board does not do what it is told.
    """

    def __init__(self, port: str) -> None:
        self._port = port
        self._folders: set[str] = set()  # those that were made

    def __enter__(self) -> "BoardFiles":
        self._transport: Any = self._do(
            "opening", lambda: SerialTransport(self._port, timeout=READ_S)
        )
        self._do("stopping what runs", self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._transport.exec_raw_no_follow("import machine; machine.reset()")
            self._transport.close()
        except (TransportError, SerialException, OSError):
            pass  # it has gone; the error that brought us here says more

    def mpy_version(self) -> int:
        """Of the compiled code that its MicroPython reads."""
        code = "import sys\nprint(sys.implementation._mpy & 0xFF)"
        return int(self._do("reading", lambda: self._transport.exec(code)))

    def running(self) -> str:
        """The folder whose firmware boot.py has chosen, "a" or "b"; "" if there is none."""
        code = "import sys\nprint(sys.path[0][1:2])"
        said = self._do("reading", lambda: self._transport.exec(code)).decode().strip()
        return said if said in ("a", "b") else ""

    def hashes(self, folder: str) -> dict[str, str]:
        """SHA-256 of every file below `folder`, in hexadecimal, by path."""
        said = self._do("reading", lambda: self._transport.exec(_HASHES % folder))
        rows = [line.split(" ", 1) for line in said.decode().splitlines() if " " in line]
        return {path: digest for digest, path in rows}

    def room(self, folder: str) -> tuple[int, int]:
        """(bytes of a block of the flash, how many are free or taken by `folder`)."""
        said = self._do("reading", lambda: self._transport.exec(_ROOM % folder))
        block, count = said.decode().split()
        return int(block), int(count)

    def read(self, path: str) -> str:
        """The text of a small file, "" if there is none or it is no text."""
        code = f"try:\n print(open({path!r}).read(), end='')\nexcept (OSError, ValueError):\n pass"
        said = self._do("reading", lambda: self._transport.exec(code)).decode()
        return str(said.replace("\r\n", "\n"))  # the prompt sends line ends like that

    def write(self, path: str, data: bytes, progress: Callable[[int], None]) -> None:
        """Write a file, with its folders; `progress` hears the bytes as they go."""
        self._make_folder(path.rpartition("/")[0])
        code = f"from binascii import a2b_base64\nfile = open({path!r}, 'wb')\n"
        for at in range(0, max(1, len(data)), CHUNK):
            chunk = data[at : at + CHUNK]
            text = binascii.b2a_base64(chunk, newline=False).decode()
            code += f"file.write(a2b_base64('{text}'))\n"
            if at + CHUNK >= len(data):
                code += "file.close()"
            self._run(code)
            progress(len(chunk))
            code = ""

    def _make_folder(self, folder: str) -> None:
        if not folder or folder in self._folders:
            return
        self._make_folder(folder.rpartition("/")[0])
        self._run(f"import os\ntry:\n os.mkdir({folder!r})\nexcept OSError:\n pass")
        self._folders.add(folder)

    def rename(self, old: str, new: str) -> None:
        """Put `old` in the place of `new`: both before and after a power failure there is one."""
        self._run(f"import os; os.rename({old!r}, {new!r})")

    def remove(self, path: str) -> None:
        self._run(f"import os; os.remove({path!r})")

    def remove_empty(self, folder: str) -> None:
        """Remove the folders below it that have no files: each hides a module of its name."""
        self._run(_REMOVE_EMPTY % folder)

    def _run(self, code: str) -> None:
        self._do("writing", lambda: self._transport.exec(code))

    def _stop(self) -> None:
        self._transport.serial.write(b"\r\x03")  # ends a job on the console, or the meter
        time.sleep(_SETTLE_S)
        self._transport.enter_raw_repl(timeout_overall=REPL_S)

    def _do(self, what: str, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except (TransportError, SerialException, OSError) as error:
            reason = str(error).strip().splitlines()[-1] if str(error).strip() else repr(error)
            if "raw repl" in reason:
                reason = "no MicroPython answers there; boards/ says which image it needs"
            raise MeterError(f"{what} at {self._port} failed: {reason}") from None
