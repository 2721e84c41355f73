"""What goes wrong, in words for the user: printed as one line, never as a traceback."""

import errno
import sys
from collections.abc import Callable
from typing import NoReturn


class MeterError(Exception):
    """The work could not be done; the message says what to do about it."""

    exit_status = 1


class UsageError(MeterError):
    """What was asked for cannot be: an absent board, port or file, a value out of range."""

    exit_status = 2


def run(app: Callable[[], object], name: str) -> None:
    """Run the command line `name`; exit status 2 for what cannot be asked, 1 for what failed.

    Where whoever reads the output has gone it ends quietly.
    """
    if sys.stdout is None:
        _end(name, "standard output is closed: there is nowhere to write", 1)
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except MeterError as error:
        _end(name, str(error), error.exit_status)
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.ENOSPC):
            if not error.filename:
                raise
            _end(name, f"cannot use {error.filename}: {error.strerror}", UsageError.exit_status)
        sys.stdout = None  # or Python tries once more at its end, and tells so
        if error.errno == errno.EPIPE:
            sys.exit(1)
        _end(name, f"cannot write: {error.strerror}", 1)
    except KeyboardInterrupt:
        sys.exit(130)


def _end(name: str, why: str, status: int) -> NoReturn:
    print(f"{name}: {why}", file=sys.stderr)
    sys.exit(status)
