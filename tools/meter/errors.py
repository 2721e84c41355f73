"""What goes wrong, in words for the user: printed as one line, never as a traceback."""

import sys
from collections.abc import Callable


class MeterError(Exception):
    """The work could not be done; the message says what to do about it."""

    exit_status = 1


class UsageError(MeterError):
    """What was asked for cannot be: an absent board, port or file, a value out of range."""

    exit_status = 2


def run(app: Callable[[], object], name: str) -> None:
    """Run the command line `name`; exit status 2 for what cannot be asked, 1 for what failed."""
    try:
        app()
    except MeterError as error:
        print(f"{name}: {error}", file=sys.stderr)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        sys.exit(130)
