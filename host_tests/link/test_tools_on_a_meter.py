"""The tools of tools/meter on the console of a meter in the simulated house.

It runs in real time, for they are processes of their own; no test hangs on how fast it is.
"""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
import tty
from concurrent.futures import ThreadPoolExecutor

import pytest

from lab.sim.ports import PseudoTerminal
from lab.simulate import simulation
from meter.link import Link
from meter.paths import ROOT

PATIENCE_S = 30
CHART = re.compile("[\u2801-\u28ff]")  # the dots of a line


@pytest.fixture(scope="module")
def port():
    """The console of a meter in the simulated house, two chargers on its line."""
    with simulation("--charger", "heidelberg", "--charger", "evse_wb") as port:
        yield port


def run(*words, typed=""):
    return subprocess.run(
        [sys.executable, "-m", "meter", *map(str, words)],
        input=typed, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip


def test_every_key_of_the_status_is_explained(port):
    page = (ROOT / "docs" / "console.md").read_text(encoding="utf-8")
    section = page[page.index("`json status`:") :]
    quoted = set(re.findall(r"`([a-z_]+)`", section))
    with Link(port) as link:
        status = link.status()
    keys = set(status)
    for name in ("legs", "energy", "chargers"):
        keys |= set(status[name][0])
    assert keys <= quoted


@pytest.mark.long
def test_monitor_records_and_report_draws_it(port, tmp_path):
    data = tmp_path / "day.jsonl"
    shown = run("monitor", port, "--seconds", 3, "--record", data)
    assert shown.returncode == 0, shown.stderr
    assert "charger2" in shown.stdout
    answers = [json.loads(line) for line in data.read_text().splitlines()]
    assert len(answers) >= 4
    assert len(answers[-1]["chargers"]) == 2
    for kind, magic in (("pdf", b"%PDF"), ("png", b"\x89PNG"), ("svg", b"<?xml")):
        out = tmp_path / f"report.{kind}"
        drawn = run("report", data, port, "--out", out)
        assert drawn.returncode == 0, drawn.stderr
        assert out.read_bytes().startswith(magic)


def test_the_monitor_draws_charts_in_a_terminal(port):
    user, terminal = pty.openpty()
    tty.setraw(terminal)
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "50"}
    # In the background of a shell Ctrl-C is ignored, and children inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [sys.executable, "-m", "meter", "monitor", port],
        stdin=terminal, stdout=terminal, stderr=terminal, env=environment, start_new_session=True,
    )  # fmt: skip
    signal.signal(signal.SIGINT, before)
    heard = b""
    end_s = time.monotonic() + PATIENCE_S
    while heard.count(b"limited by") < 3 and time.monotonic() < end_s:
        if select.select([user], [], [], 0.1)[0]:
            heard += os.read(user, 65536)
    process.send_signal(2)
    while process.poll() is None and time.monotonic() < end_s:
        if select.select([user], [], [], 0.1)[0]:
            heard += os.read(user, 65536)
    assert process.wait(PATIENCE_S) == 0
    os.close(user)
    os.close(terminal)
    text = heard.decode(errors="replace")
    assert "headroom" in text
    assert "limited by" in text
    assert CHART.search(text)


@pytest.mark.long
def test_settings_go_to_a_file_and_back(port, tmp_path):
    file = tmp_path / "house.cfg"
    assert run("config", "pull", port, file).returncode == 0
    assert run("config", "diff", port, file).returncode == 0
    text = file.read_text()
    file.write_text(text.replace("set derate_pct 80", "set derate_pct 75"))
    assert run("config", "diff", port, file).returncode == 1
    pushed = run("config", "push", port, file)
    assert pushed.returncode == 0, pushed.stderr
    assert run("config", "diff", port, file).returncode == 0
    assert "derate_pct 80 % -> 75 %" in run("log", port, "--count", "1000").stdout
    file.write_text(text.replace("set breaker_a 100", "set breaker_a 9000"))
    refused = run("config", "push", port, file)
    assert refused.returncode == 1
    assert "from 10 to 400 A" in refused.stderr
    with Link(port) as link:
        assert "breaker_a = 100 A" in link.ask("get breaker_a")


def test_calibrate_is_guided(port):
    asked = run("calibrate", port, typed="many\n\n\n\n")
    assert asked.returncode == 0, asked.stderr
    assert "'many' is not a current: amperes like 23.4" in asked.stdout
    assert asked.stdout.endswith("Nothing was changed.\n")


@pytest.mark.long
def test_a_port_where_no_meter_is_gets_one_clear_line():
    def ended(words):
        silent = PseudoTerminal()
        answer = run(*words[:2], silent.path, *words[2:])
        silent.close()
        return answer.returncode, answer.stderr.replace(silent.path, "PORT")

    commands = (["monitor"], ["log"], ["calibrate"], ["config", "pull", "/dev/null"])
    with ThreadPoolExecutor() as side_by_side:
        answers = list(side_by_side.map(ended, commands))
    assert set(answers) == {(1, "meter: no meter answers at PORT\n")}
