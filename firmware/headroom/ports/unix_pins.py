"""Single pins of a PC: files in the folder HEADROOM_PINS, named by the GPIO: "0" is low."""

from .unix import _path


class _Output:
    """Its file is there already, and rewritten in place."""

    def __init__(self, gpio):
        self._file = open(_file(gpio), "r+b", buffering=0)
        self.value(0)

    def value(self, level):
        self._file.seek(0)
        self._file.write(b"%d" % level)


class _Contact:
    def __init__(self, gpio):
        self._file = open(_file(gpio), "rb", buffering=0)

    def value(self):
        self._file.seek(0)
        return int(self._file.read(1) != b"0")


def output(gpio):
    return _Output(gpio)


def contact(gpio):
    return _Contact(gpio)


def _file(gpio):
    return "%s/%d" % (_path("HEADROOM_PINS"), gpio)
