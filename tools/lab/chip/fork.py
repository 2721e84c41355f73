"""Goes on from one state of the emulator many times: a boot takes a minute, a fork no time."""

import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Failed(Exception):
    """The work in the copy raised; the text is its traceback."""


def in_a_copy(work: Callable[[], T]) -> T:
    """`work()` in a copy of this process as it is now; what it does to the chip is forgotten."""
    sys.stdout.flush()
    sys.stderr.flush()
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        _child(work, into)
    os.close(into)
    try:
        with os.fdopen(out, "rb") as pipe:
            answer = pipe.read()
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.waitpid(child, 0)
    if not answer:
        raise Failed("the copy died")
    result: T
    good, result = pickle.loads(answer)
    if not good:
        raise Failed(str(result))
    return result


def _child(work: Callable[[], T], into: int) -> None:
    try:
        answer = pickle.dumps((True, work()))
    except BaseException:  # noqa: BLE001  whatever it is, it is told where it is wanted
        answer = pickle.dumps((False, traceback.format_exc()))
    sys.stdout.flush()
    sys.stderr.flush()
    with os.fdopen(into, "wb") as pipe:
        pipe.write(answer)
    os._exit(0)
