"""Code onto the chip by MicroPython's raw REPL."""

from lab.chip.chip import Chip

_CTRL_A, _CTRL_B, _CTRL_C, _CTRL_D = b"\x01", b"\x02", b"\x03", b"\x04"
_RAW_PROMPT = b"raw REPL; CTRL-B to exit\r\n>"
_READY_MS = 20


class ChipError(RuntimeError):
    """Code on the chip raised; the text is its traceback."""


def wait(chip: Chip, timeout_ms: float = 5000) -> None:
    """Until the chip's USB is up."""
    chip.run_until(lambda: chip.usb.connected, timeout_ms)
    chip.run_ms(_READY_MS)


def enter(chip: Chip) -> None:
    """Stop whatever runs and open the raw REPL."""
    if not chip.usb.connected:
        wait(chip)
    chip.usb.send(b"\r" + _CTRL_C + _CTRL_C)
    chip.run_ms(10)
    chip.usb.output.clear()
    chip.usb.send(_CTRL_A)
    chip.run_until(lambda: chip.usb.output.endswith(_RAW_PROMPT))


def start(chip: Chip, code: str) -> None:
    """Start code in the opened raw REPL, and don't wait for its end."""
    chip.usb.output.clear()
    chip.usb.send(code.encode() + _CTRL_D)
    chip.run_until(lambda: chip.usb.output.startswith(b"OK"))
    del chip.usb.output[:2]


def finish(chip: Chip, timeout_ms: float = 10_000) -> str:
    """Wait for the end of what `start` started; what it printed. ChipError if it raised."""
    chip.run_until(lambda: chip.usb.output.count(_CTRL_D) >= 2, timeout_ms)
    said, raised = bytes(chip.usb.output).split(_CTRL_D)[:2]
    if raised:
        raise ChipError(raised.decode())
    return said.decode().replace("\r\n", "\n")


def run(chip: Chip, code: str, timeout_ms: float = 10_000) -> str:
    """Run code from a stopped or running state and give what it printed."""
    enter(chip)
    start(chip, code)
    return finish(chip, timeout_ms)


def leave(chip: Chip) -> None:
    """Back to the friendly prompt."""
    chip.usb.send(_CTRL_B)
    chip.run_ms(5)
