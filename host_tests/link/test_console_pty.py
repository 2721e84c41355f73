"""The console of the real firmware on MicroPython, typed at through a pty, and the tools on it."""

import json
import math
import os
import pty
import random
import re
import select
import signal
import string
import struct
import subprocess
import sys
import threading
import time
import tty
from concurrent.futures import ThreadPoolExecutor

import pytest

from lab.firmware import command
from lab.sim.ports import PseudoTerminal, SampleFifo
from lab.simulate import simulation
from meter.link import Link
from meter.paths import BOARDS, FIRMWARE, ROOT, UMODBUS

PATIENCE_S = 30
CHART = re.compile("[\u2801-\u28ff]")  # the dots of a line
FALLBACK_FRAME = bytes.fromhex("01 06 01 05 00 3c")  # register 261, 60 x 0.1 A


class Meter:
    """The firmware in a process: a steady sine for its CTs, a line that nobody answers on."""

    def __init__(self, folder):
        self.path = folder / "samples"
        self.line, self.console = PseudoTerminal(), PseudoTerminal()
        self.sent = b""
        self._feeding = True
        self._feeder = threading.Thread(target=self._feed)
        self._feeder.start()
        self.environment = os.environ | {
            "HEADROOM_SAMPLES": str(self.path),
            "HEADROOM_LINE": self.line.path,
            "HEADROOM_CONSOLE": self.console.path,
            "HEADROOM_DATA": str(folder / "data"),
            "MICROPYPATH": f"{FIRMWARE}:{BOARDS / 'unix'}:{UMODBUS.parent}:.frozen",
        }
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(command(), env=self.environment, cwd=ROOT)
        self.until("> ")

    def _feed(self):
        fifo = SampleFifo(self.path)
        wave = [2048 + round(200 * math.sin(2 * math.pi * i / 128)) for i in range(128)]
        sent, begun_s = 0, time.monotonic()
        while self._feeding:
            wanted = min(sent + 600, int((time.monotonic() - begun_s) * 7680))
            fifo.write(
                b"".join(struct.pack("<3H", *[wave[i % 128]] * 3) for i in range(sent, wanted))
            )
            sent = wanted
            self.sent += self.line.read()
            time.sleep(0.005)
        fifo.close()

    def type(self, text):
        self.console.write(text.encode("latin-1"))

    def until(self, mark):
        heard = ""
        end_s = time.monotonic() + PATIENCE_S
        while not heard.replace("\r", "").endswith(mark):
            assert time.monotonic() < end_s, f"no {mark!r} in {heard[-300:]!r}"
            assert self.process.poll() is None or mark == "", heard[-300:]
            select.select([self.console.fd], [], [], 0.1)
            heard += self.console.read().decode(errors="replace")
        return heard.replace("\r", "")

    def ask(self, line):
        self.type(line + "\r")
        return self.until("\n> ").partition(line + "\n")[2][:-2]

    def ended(self):
        """Its exit status, once it has ended."""
        return self.process.wait(PATIENCE_S)

    def close(self):
        self.process.kill()
        self.process.wait()
        self._feeding = False
        self._feeder.join()
        self.line.close()
        self.console.close()


@pytest.fixture
def meter(tmp_path):
    meter = Meter(tmp_path)
    yield meter
    meter.close()


def with_charger(meter):
    meter.ask("set charger1.profile heidelberg charger1.fallback_a 6")
    meter.type("save\r")
    assert meter.ended() == 75
    meter.start()


@pytest.mark.parametrize("how", ["service\r", "watch\rstop\rservice\r", "\x03"])
def test_service_and_ctrl_c_leave_the_chargers_at_their_fallback(meter, how):
    with_charger(meter)
    meter.sent = b""
    meter.type(how)
    assert meter.ended() == 0, "a restart instead of MicroPython's prompt"
    time.sleep(0.2)
    assert meter.sent.count(FALLBACK_FRAME) >= 2
    meter.start()
    assert "stopped: service" in meter.ask("log")


def test_a_crash_is_told_from_a_restart(meter):
    meter.type("reboot\r")
    assert meter.ended() == 75
    meter.start()
    assert "nothing had stopped it" not in meter.ask("log")
    meter.process.kill()
    meter.ended()
    meter.start()
    assert "nothing had stopped it" in meter.ask("log")


def test_the_pin_is_needed_after_a_restart_and_the_hash_can_be_read(meter):
    assert "no PIN is set" in meter.ask("status")
    meter.ask("set breaker_a 90")
    meter.ask("pin 2468")
    digest = meter.ask("hash").strip()
    meter.type("save\r")
    assert meter.ended() == 75
    meter.start()
    assert digest in meter.ask("status")
    assert "'unlock PIN' first" in meter.ask("set breaker_a 100")
    assert "wrong PIN" in meter.ask("unlock 1357")
    assert "unlocked" in meter.ask("unlock 2468")
    assert "breaker_a = 100 A" in meter.ask("set breaker_a 100")


def test_random_lines_neither_end_it_nor_make_it_late(meter):
    dice = random.Random(1)
    words = ["get", "set", "status", "log", "dump", "json", "help", "breaker_a", "50", "end"]
    for _ in range(120):
        noise = "".join(dice.choices(string.printable.replace("\x0b", "").strip(), k=9))
        meter.type("stop\r" + " ".join([*dice.choices(words, k=dice.randint(1, 4)), noise]) + "\r")
        meter.until("> ")
    meter.type("\rstop\r# the end\r")
    meter.until("# the end\n> ")
    status = json.loads(meter.ask("json status").splitlines()[-1])
    assert status["boot"] == 1
    assert status["lost_frames"] == 0
    assert status["reading_age_ms"] < 600


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


def test_settings_go_to_a_file_and_back(port, tmp_path):
    file = tmp_path / "house.cfg"
    assert run("config", "pull", port, file).returncode == 0
    assert run("config", "diff", port, file).returncode == 0
    text = file.read_text()
    file.write_text(text.replace("set derate_pct 80", "set derate_pct 75"))
    lost = run("config", "push", port, file)
    assert lost.returncode == 1
    assert "hash is another" in lost.stderr
    file.write_text("\n".join(file.read_text().splitlines()[:-1]) + "\nend\n")
    assert run("config", "diff", port, file).returncode == 1
    pushed = run("config", "push", port, file)
    assert pushed.returncode == 0, pushed.stderr
    assert run("config", "diff", port, file).returncode == 0
    assert "derate_pct 80 % -> 75 %" in run("log", port).stdout
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


def test_a_port_where_no_meter_is_gets_one_clear_line():
    silent = PseudoTerminal()

    def ended(words):
        return run(*words[:2], silent.path, *words[2:])

    commands = (["monitor"], ["log"], ["calibrate"], ["config", "pull", "/dev/null"])
    with ThreadPoolExecutor() as side_by_side:
        answers = list(side_by_side.map(ended, commands))
    silent.close()
    assert [answer.returncode for answer in answers] == [1] * 4
    assert {answer.stderr for answer in answers} == {f"meter: no meter answers at {silent.path}\n"}
