"""The files of a PC as a board's flash: each change is told to the world, and may be the last.

HEADROOM_CUT is "N SHARE": the power fails in the N-th change after the start, with so many 256ths
of what it writes written. Opening, writing, closing, renaming and removing are a change each.
"""

import builtins
import io

import uos
import world

_open = builtins.open
_left, _share = (int(word) for word in (uos.getenv("HEADROOM_CUT") or "0 0").split())


def _fails_in(what, path, size=0):
    """Tell the world; whether this is the change in which the power fails."""
    global _left
    text = "%s %s %d" % (what, path.split("/")[-1], size)
    world.send(world.FLASH, text.encode())
    _left -= 1
    return _left == 0


class File(io.IOBase):
    """A file that is open to be written."""

    def __init__(self, path, mode):
        if _fails_in("open", path):
            world.power_fails()
        self._path = path
        self._file = _open(path, mode)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def write(self, data):
        if _fails_in("write", self._path, len(data)):
            self._file.write(data[: len(data) * _share // 256])
            self._file.close()
            world.power_fails()
        return self._file.write(data)

    def close(self):
        if _fails_in("close", self._path):
            world.power_fails()
        self._file.close()


def open_file(path, mode="r", **how):
    if isinstance(path, str) and mode[0] in "wa":
        return File(path, mode)
    return _open(path, mode, **how)


def rename(old, new):
    if _fails_in("rename", new):
        world.power_fails()
    uos.rename(old, new)


def remove(path):
    if _fails_in("remove", path):
        world.power_fails()
    uos.remove(path)


builtins.open = open_file
