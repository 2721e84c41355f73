"""`meter config`: the settings of a meter as a file, from it, to it, and compared with it."""

import difflib
from contextlib import suppress
from pathlib import Path

from rich.progress import Progress

from meter.errors import MeterError, UsageError
from meter.link import Link, Refused, check_typable


def pull(port: str, file: Path) -> None:
    """Write the meter's settings to `file`, as lines that can be pushed or pasted again."""
    with Link(port) as link:
        dump = link.ask("dump", 15)
        version = link.ask("version")
    lines = dump.splitlines()
    if lines[:1] != ["begin"] or not lines[-1].startswith("end "):
        raise MeterError(f"the meter's dump is damaged: try again; {file} was not written")
    _write(file, f"# {version}\n{dump}\n")
    notes = [line for line in lines if line.startswith("#")]
    settings = sum(line.startswith("set ") for line in lines)
    print("\n".join([f"{file}: {settings} settings, hash {lines[-1].split()[-1]}", *notes]))


def push(port: str, file: Path, pin: str) -> None:
    """Put the settings of `file` into the meter, all or none, then restart it with them.

    The hash of its last line is that of the dump before anybody edited it, so it isn't sent: the
    meter echoes each line as it took it, and the link takes no other echo.
    """
    lines = _settings(file)
    with Link(port) as link:
        if pin:
            link.ask(f"unlock {pin}", 15)
        with Progress(transient=True) as progress:
            try:
                for line in progress.track([*lines, "end"], description=f"to {port}"):
                    link.ask(line, 15)
            except Refused as refusal:
                with suppress(Refused):
                    link.ask("end", 15)  # nothing is begun any more, and nothing taken
                raise Refused(f"{file}, '{line}': {refusal}; the meter is as it was") from None
        wanted = link.one("hash", "hash")["hash"]
        status = link.restart("save")
    if status["settings_hash"] != wanted:
        raise MeterError(f"the meter came back with {status['settings_hash']}, not {wanted}")
    print(f"{port}: saved, restarted, settings {status['settings_hash']}")
    for fault in status["faults"]:
        if "is not driven" in fault:
            print(f"{port}: {fault}")


def diff(port: str, file: Path) -> bool:
    """Print what differs between `file` and the meter; True if anything does."""
    with Link(port) as link:
        here = [line for line in link.ask("dump", 15).splitlines() if line.startswith("set ")]
    there = [line for line in _settings(file) if line.startswith("set ")]
    lines = list(difflib.unified_diff(there, here, str(file), port, lineterm="", n=0))
    print("\n".join(lines) if lines else f"{file} is what {port} has")
    return bool(lines)


def _settings(file: Path) -> list[str]:
    """The lines for the meter, but the last: 'end' with a hash or without."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise UsageError(f"cannot read {file}: {error}") from None
    lines = [" ".join(line.split()) for line in text.split("\n")]
    lines = [line for line in lines if line and not line.startswith("#")]
    if not lines or lines[0] != "begin" or lines[-1].split()[0] != "end":
        raise UsageError(f"{file} is no dump: it goes from 'begin' to 'end' (see `config pull`)")
    for line in lines[1:-1]:
        if line != "defaults" and not line.startswith("set "):
            raise UsageError(
                f"{file}: {line!r} is no setting; 'set' lines and 'defaults' stand between "
                "'begin' and 'end'; nothing was sent"
            )
        try:
            check_typable(line)
        except UsageError as error:
            raise UsageError(f"{file}, {line!r}: {error}; nothing was sent") from None
    return lines[:-1]


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}") from None
