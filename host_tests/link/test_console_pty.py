"""The console of the real firmware on MicroPython in real time, typed at through a pty."""

import json
import math
import os
import random
import select
import string
import struct
import subprocess
import threading
import time

import pytest

from lab.firmware import command
from lab.sim.ports import PseudoTerminal, SampleFifo
from meter.paths import BOARDS, FIRMWARE, ROOT, UMODBUS

pytestmark = pytest.mark.real_time

PATIENCE_S = 30
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
