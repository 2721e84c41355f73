"""`meter build`: everything is compiled for the board's architecture, or the build fails."""

import re
from pathlib import Path

import pytest

from meter import build as tool
from meter.errors import MeterError, UsageError
from meter.paths import FIRMWARE, UMODBUS

# ldr rX, [pc, #0]; b over it; the number: what MicroPython's asmthumb.c writes for ARMv6-M.
LITERAL = re.compile(rb"\x00[\x48-\x4f]\x01\xe0(..)(..)", re.DOTALL)
# The native architecture, bits 2 to 5 of byte 2 (MicroPython: MPY_FEATURE_ARCH_TEST).
ARCH_CODES = {"armv6m": 4, "armv7emsp": 7, "xtensawin": 10}


_NO_RADIO = r"network/|app/provisioning|console/improv|settings/radio"
_NO_CHIP = r"app/chip|metering/(chip_|atm90e32|still)"
_ON_RP2, _ON_ESP32 = r"ports/(unix|esp32)", r"ports/(unix|rp2)"
_OWN = r"ports/rp2_mcp3208"
LACKING = {  # the modules of headroom/ that a board cannot want
    board: re.compile(f"headroom/({'|'.join(patterns)})")
    for board, patterns in {
        "pico": (_ON_RP2, _NO_CHIP, _NO_RADIO, _OWN),
        "pico_mcp3208": (_ON_RP2, _NO_CHIP, _NO_RADIO),
        "pico_w": (_ON_RP2, _NO_CHIP, _OWN),
        "pico2": (_ON_RP2, _NO_CHIP, _OWN),
        "pico2_mcp3208": (_ON_RP2, _NO_CHIP),
        "esp32": (_ON_ESP32, _NO_CHIP),
        "esp32_s3": (_ON_ESP32, _NO_CHIP),
        "esp32_atm90e32": (_ON_ESP32,),
        "esp32_atm90e32_3v": (_ON_ESP32,),
    }.items()
}


def test_the_boards_are_those_with_an_architecture():
    assert tool.boards() == [
        "esp32", "esp32_atm90e32", "esp32_atm90e32_3v", "esp32_s3", "pico", "pico2",
        "pico2_mcp3208", "pico_mcp3208", "pico_w",
    ]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("board", tool.boards())
def test_every_file_is_compiled_for_the_board(board, tmp_path):
    target = tool.build(board, tmp_path / board)

    modules = {path.relative_to(FIRMWARE) for path in FIRMWARE.glob("headroom/**/*.py")}
    modules.remove(Path("headroom/ports/leave.py"))  # is copied as source
    expected = {path.with_suffix(".mpy").as_posix() for path in modules}
    expected = {name for name in expected if not LACKING[board].match(name)}
    expected |= {f"umodbus/{path.stem}.mpy" for path in UMODBUS.glob("*.py")}
    expected |= {"board.mpy", "pack.mpy", "boot.py", "leave.py", "main.py"}
    built = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert built == expected

    kernel = (target / "headroom/metering/kernel.mpy").read_bytes()
    assert kernel[:2] == b"M\x06"
    assert kernel[2] >> 2 & 0xF == ARCH_CODES[tool.board_data(board)["ARCH"]]


def test_machine_code_for_an_rp2040_may_be_frozen(tmp_path):
    """MicroPython 1.28 freezes it at even addresses; `ldr rX, [pc]` needs multiples of four.

    So no constant of 32 bits may be in it. Equal halves are the numbers of arguments, read only
    on the way to a TypeError.
    """
    found = {}
    for path in tool.build("pico", tmp_path / "pico").rglob("*.mpy"):
        for low, high in LITERAL.findall(path.read_bytes()):
            if low != high:
                found[path.name] = int.from_bytes(low + high, "little")
    assert found == {}


def test_a_build_removes_what_an_earlier_one_left(tmp_path):
    stale = tmp_path / "pico" / "headroom" / "removed.mpy"
    stale.parent.mkdir(parents=True)
    stale.touch()
    tool.build("pico", tmp_path / "pico")
    assert not stale.exists()


def test_a_file_that_does_not_compile_fails_the_build(tmp_path, monkeypatch):
    package = tmp_path / "firmware" / "headroom"
    package.mkdir(parents=True)
    (package / "broken.py").write_text("x = (\n")
    monkeypatch.setattr(tool, "FIRMWARE", tmp_path / "firmware")
    with pytest.raises(MeterError, match=r"headroom/broken\.py does not compile for armv6m"):
        tool.build("pico", tmp_path / "pico")


@pytest.mark.parametrize("board", ["", "unix", "nano", "../pico"])
def test_an_absent_board_is_refused_with_the_ones_there_are(board):
    there = "esp32, esp32_atm90e32, esp32_atm90e32_3v, esp32_s3, pico, pico2, pico2_mcp3208, "
    with pytest.raises(UsageError, match=there):
        tool.check_board(board)
