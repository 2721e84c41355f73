"""What goes wrong in words for the user; `meter` prints it as one line, never as a traceback."""


class MeterError(Exception):
    """The work could not be done; the message says what to do about it."""

    exit_status = 1


class UsageError(MeterError):
    """What was asked for cannot be: a absent board, port or file, a value out of range."""

    exit_status = 2
