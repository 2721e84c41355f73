"""A meter on its board: `assembly` makes its parts from the settings, `tasks` are its work."""

import asyncio
import sys

from .. import memory, ports


def main(board):
    """Run the meter on this board for ever; KeyboardInterrupt if the prompt is asked for."""
    tasks = assembled(board)
    _forget_assembly()
    failure = None
    try:
        asyncio.run(tasks.run())
    except Exception as error:
        failure = error
    finally:
        _say_last_words(tasks)
    if tasks.ending.service:
        raise KeyboardInterrupt
    failure = failure or tasks.failure()
    if failure:
        sys.print_exception(failure)
    if tasks.planning:
        tasks.planning.keep_time()
    ports.current().reset()


def _say_last_words(tasks):
    """They need memory, and it may be full: what they raise must not prevent the restart."""
    memory.room_for_a_file()
    try:
        tasks.last_words()
    except Exception as error:
        sys.print_exception(error)


def assembled(board):
    """The Tasks of this board's meter, by the settings in its flash.

    Imported here, not in main(): that never ends, and what it names stays in memory.
    """
    from . import assembly

    return assembly.assembled(board)


def _forget_assembly():
    from .assembly import DONE

    memory.built(DONE)
