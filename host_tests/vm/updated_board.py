"""A board with its flash in a file: boot.py and main.py as they lie there, on a real littlefs.

    micropython updated_board.py FILE CUT      CUT: before that write the power fails, 0 for never

Then it does what it is told on stdin, as mpremote does: a line "start" runs boot.py and main.py, a
number begins as many bytes of code. Each answer is a line [text, error], as JSON.
"""

import io
import json
import os
import sys

BLOCK = 4096


class Flash:
    """A block device; of the write at which the power fails half arrives, and nothing after it."""

    def __init__(self, path, cut):
        self._file = open(path, "r+b")  # noqa: SIM115
        self._left = cut or 1 << 30
        self.writes = 0

    def _arrives(self, data):
        self._left -= 1
        self.writes += 1
        if self._left < 0:
            return b""
        return data[: len(data) // 2] if self._left == 0 else data

    def readblocks(self, number, buffer, offset=0):
        self._file.seek(number * BLOCK + offset)
        self._file.readinto(buffer)

    def writeblocks(self, number, buffer, offset):
        self._file.seek(number * BLOCK + offset)
        self._file.write(self._arrives(bytes(buffer)))
        self._file.flush()

    def ioctl(self, request, number):
        if request == 4:
            self._file.seek(0, 2)
            return self._file.tell() // BLOCK
        if request == 5:
            return BLOCK
        if request == 6:
            self._file.seek(number * BLOCK)
            self._file.write(self._arrives(b"\xff" * BLOCK))
            self._file.flush()
        return 0


class Machine:
    def reset(self):
        raise SystemExit


class Clock:
    def sleep(self, seconds):
        pass


flash = Flash(sys.argv[1], int(sys.argv[2]))
try:
    disk = os.VfsLfs2(flash, progsize=256)
except OSError:
    os.VfsLfs2.mkfs(flash, progsize=256)
    disk = os.VfsLfs2(flash, progsize=256)
os.umount("/")
os.mount(disk, "/")
os.chdir("/")
sys.path[:] = ["", ".frozen", "/lib"]
sys.modules["machine"] = Machine()
sys.modules["time"] = Clock()
said = []


def say(*words, end="\n"):
    said.append(" ".join(str(word) for word in words) + end)


def answer(work):
    trace = io.StringIO()
    try:
        work()
    except BaseException as error:  # noqa: BLE001
        sys.print_exception(error, trace)
    text = "".join(said).replace("\n", "\r\n")  # as a board's prompt does
    said.clear()
    sys.stdout.write(json.dumps([text, trace.getvalue()]) + "\n")


def boot():
    names = {"__name__": "__main__", "print": say}
    for name in ("boot.py",) + (("main.py",) if starts else ()):
        if name in os.listdir("/"):
            with open("/" + name) as file:
                code = file.read()
            exec(code, names)


import builtins  # noqa: E402

builtins.writes = lambda: flash.writes
builtins.say = say
names = {"print": say}
starts = sys.stdin.readline() == "start\n"
answer(boot)
while not starts:
    line = sys.stdin.readline()
    if not line:
        break
    code = sys.stdin.read(int(line))
    answer(lambda code=code: exec(code, names))
