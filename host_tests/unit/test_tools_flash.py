"""`meter flash`: refusals in one line, and the order in which files reach the board."""

import os
import pty
from pathlib import Path

import pytest

from meter import flash as tool
from meter.errors import MeterError, UsageError


def test_what_starts_the_firmware_is_copied_last(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(tool, "_mpremote", lambda port, *command: asked.append((port, command)))
    port = tmp_path / "port"
    port.touch()
    tool.flash("pico", str(port))

    [(used, command)] = asked
    names = [Path(word).name for word in command]
    assert used == str(port)
    assert names == ["fs", "cp", "-r", "board.mpy", "headroom", "umodbus", "boot.py", "main.py",
                     ":", "+", "reset"]  # fmt: skip


@pytest.mark.parametrize("port", ["", "/dev/there-is-none"])
def test_an_absent_port_is_refused_before_anything_is_built(port, monkeypatch):
    monkeypatch.setattr(tool, "build_and_show", lambda board: pytest.fail("built in vain"))
    with pytest.raises(UsageError, match="serial ports found"):
        tool.flash("pico", port)


def test_an_absent_board_is_refused():
    with pytest.raises(UsageError, match="BOARD is one of"):
        tool.flash("nano", "/dev/null")


def test_a_port_that_is_no_serial_port_fails_in_one_line():
    with pytest.raises(MeterError, match=r"\Aflashing at /dev/null failed: .+\Z") as caught:
        tool.flash("pico", "/dev/null")
    assert "Traceback" not in str(caught.value)


def test_a_port_that_stays_silent_does_not_hang(monkeypatch):
    monkeypatch.setattr(tool, "LONGEST_S", 2)
    board, port = pty.openpty()
    try:
        with pytest.raises(MeterError, match="not done in 2 s"):
            tool.flash("pico", os.ttyname(port))
    finally:
        os.close(board)
        os.close(port)


def test_a_board_without_micropython_is_told_from_a_broken_one(monkeypatch, tmp_path):
    program = tmp_path / "mpremote.py"
    program.write_text(
        "class TransportError(Exception): pass\nraise TransportError('could not enter raw repl')\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(MeterError, match="no MicroPython answers there"):
        tool.flash("pico", "/dev/null")
