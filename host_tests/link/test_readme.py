"""Every command of README.md as it stands there: run, or refused for want of a board."""

import re
import shutil
import subprocess
import sys

import pytest

from lab.simulate import simulation
from meter.link import Link
from meter.paths import README, ROOT

PORT = "/dev/ttyACM0"
TEXT = README.read_text(encoding="utf-8")
BLOCKS = "\n".join(line.strip() for line in TEXT.splitlines() if line.startswith("    "))
INLINE = "\n".join(re.findall(r"`((?:make|\.venv/bin/(?:meter|lab)) [^`]+)`", TEXT))
LINES = re.findall(
    r"^(?:make|\.venv/bin/(?:meter|lab)|> ).*",
    f"{BLOCKS}\n{INLINE}".replace("…", ""),
    re.MULTILINE,
)
COMMANDS = sorted({line.partition("#")[0].strip() for line in LINES})
PATIENCE_S = 110

pytestmark = pytest.mark.timeout(200)


@pytest.fixture(scope="module")
def port():
    """The console of a meter in the simulated house."""
    with simulation() as port:
        yield port


@pytest.fixture(scope="module")
def desk(tmp_path_factory, port):
    """A folder where the commands are typed one after the other, and a day's record in it."""
    desk = tmp_path_factory.mktemp("desk")
    (desk / "house.csv").write_text("t_s,l1_va,l2_va\n0,2000,1500\n30,4000,3000\n60,900,900\n")
    run(desk, f"meter monitor {port} --seconds 2 --record day.jsonl")
    run(desk, f"meter config pull {port} house.cfg")
    return desk


def run(desk, command):
    words = command.split()
    if words[0].endswith("meter"):
        words[:1] = [sys.executable, "-m", "meter"]
    else:
        words[1:1] = ["--no-print-directory", "-C", str(ROOT)]
    return subprocess.run(
        words, cwd=desk, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False, timeout=PATIENCE_S,
    )  # fmt: skip


def last_demo():
    """When `make demo` last wrote each of its files."""
    return {path.name: path.stat().st_mtime_ns for path in (ROOT / "out").glob("demo.*")}


def test_the_readme_has_the_commands_that_this_looks_for():
    assert len(COMMANDS) >= 18
    assert "make demo" in COMMANDS
    assert "> setup" in COMMANDS


@pytest.mark.long
@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make")])
def test_make(command, desk):
    if command in ("make test", "make test-all", "make"):
        command = "make -n test"  # this is it
    elif command.startswith("make demo"):
        quick = f"make demo DURATION=5 OUT={desk}/out"
        command = re.sub(r"make demo( DURATION=\d+)?", quick, command)
        command = command.replace("house.csv", f"{desk}/house.csv")
    before = last_demo()
    ended = run(desk, command)
    assert last_demo() == before, "the user's own last demo was overwritten"
    if command == "make page" and not shutil.which("npm"):
        assert "no npm here" in ended.stderr
    elif "MICROPYTHON" in command:
        assert ended.returncode == 2
        assert re.search(
            "^meter: cannot read RPI_PICO.*: No such file", ended.stderr, re.MULTILINE
        )
    elif "PORT" in command or command == "make flash":
        assert ended.returncode == 2
        wanted = f"there is no port '{PORT}'" if "PORT" in command else "which board?"
        assert re.search(f"^meter: {re.escape(wanted)}", ended.stderr, re.MULTILINE)
    else:
        assert ended.returncode == 0, ended.stderr


@pytest.mark.long
@pytest.mark.parametrize("command", [c for c in COMMANDS if "meter " in c and PORT in c])
def test_meter(command, desk, port):
    refused = run(desk, command)
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"meter: there is no port '{PORT}'")
    command = command.replace(PORT, port)
    if " page " in command:
        return  # it goes on until Ctrl-C: unit/test_tools_page.py and page/ have it
    command += " --seconds 2" if " monitor " in command else ""
    ended = run(desk, command)
    if " calibrate " in command:
        assert "L1: the meter shows" in ended.stdout
    else:
        assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("command", [c[2:] for c in COMMANDS if c.startswith("> ")])
def test_console(command, port):
    with Link(port) as link:
        if command == "setup":
            link._write(b"setup\r")
            link._until("[2]: ", PATIENCE_S)
        else:
            assert link.ask(command)


def test_simulate_is_what_these_tests_stand_on():
    assert ".venv/bin/lab simulate" in COMMANDS


def test_every_page_that_is_linked_is_there():
    for page in [README, *ROOT.glob("docs/*.md"), *ROOT.glob("boards/**/*.md"),
                 ROOT / "firmware" / "README.md"]:  # fmt: skip
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            there = target.startswith("https://") or (page.parent / target).exists()
            assert there, f"{page.name}: {target}"
