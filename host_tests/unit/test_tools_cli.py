"""The command line and the Makefile as a user meets them."""

import os
import re
import subprocess
import sys

import pytest

from meter.paths import README, ROOT


def run(*words):
    return subprocess.run(
        [sys.executable, "-m", *words],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize(
    "words",
    [
        ("meter", "build"),
        ("meter", "build", "nano"),
        ("meter", "flash"),
        ("meter", "flash", "pico"),
        ("meter", "flash", "pico", "/dev/there-is-none"),
        ("meter", "console"),
        ("meter", "console", "/dev/there-is-none"),
        ("lab", "bench", "nonsense"),
        ("lab", "demo", "--profile", "nobody"),
        ("lab", "wiring", "nano", "nano.svg"),
    ],
)
def test_what_is_not_there_is_one_line_and_status_2(words):
    ended = run(*words)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert re.fullmatch(rf"{words[0]}: [^\n]+\n", ended.stderr)


def test_a_place_that_cannot_be_written_to_is_one_line(tmp_path):
    (tmp_path / "taken").write_text("a file")
    ended = run("meter", "package", "pico", "--out", tmp_path / "taken")
    assert ended.returncode == 2
    assert re.fullmatch(rf"meter: cannot use {tmp_path}/taken[^\n]+\n", ended.stderr)


@pytest.mark.long
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("| true", ""),
        (">&-", "lab: standard output is closed: there is nowhere to write\n"),
        (">/dev/full", "lab: cannot write: No space left on device\n"),
    ],
)
def test_output_that_nobody_takes_is_a_line_at_most_and_status_1(output, said, unbuffered):
    ended = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"'{sys.executable}' -m lab settings-table {output}"],
        env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", said)


@pytest.mark.parametrize("command", ["meter", "lab"])
def test_an_unknown_command_is_status_2(command):
    ended = run(command, "fly")
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr


def test_every_make_target_of_the_readme_is_in_the_help():
    helped = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    targets = set(re.findall(r"make ([a-z-]+)", helped))
    pages = [README, *ROOT.glob("boards/**/README.md")]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        used = set(re.findall(r"(?:^ +|`)make ([a-z-]+)", text, flags=re.MULTILINE))
        assert used <= targets, page


def test_the_lock_pins_hashes_and_names_no_place():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    assert "--find-links" not in lock
    packages = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", lock, flags=re.MULTILINE | re.DOTALL)
    assert packages
    for package in packages:
        assert re.match(r"[a-z0-9.-]+==\S+", package)
        assert "--hash=sha256:" in package
