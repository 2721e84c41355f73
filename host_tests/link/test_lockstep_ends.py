"""Firmware that hangs, raises, restarts or is ended, in virtual time: each told as what it is."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time

import pytest
import typer

from lab import demo
from lab.lockstep import loop as virtual
from lab.lockstep import machine as machine_module
from lab.lockstep.machine import Machine
from lab.lockstep.memory import Samples, Terminal

WATCHDOG_S = 8.0  # of an RP2040, at most 8.388
FED_UNTIL_3_S = """
import time
import world
for _ in range(3):
    time.sleep(1)
    world.send(world.FED, b"")
"""
HANGS_AT_30_S = """
import sys
sys.path[0] = {vm!r}
import world
look = world.look
def stuck():
    while world.now_us > 30_000_000:
        {work}
    return look()
world.look = stuck
import start
"""


def demo_of(monkeypatch, tmp_path, script, **how):
    """What the demo of 35 s says of a firmware that begins with this script."""
    start = tmp_path / "begins.py"
    start.write_text(script.format(vm=str(machine_module.VM), **how))
    beginning = machine_module.command
    monkeypatch.setattr(machine_module, "command", lambda _: beginning(start))
    with pytest.raises(typer.Exit) as ended:
        demo.demo(duration=35.0, out=tmp_path)
    assert ended.value.exit_code == 1


@pytest.mark.long
@pytest.mark.parametrize(("work", "why"), [("pass", "stopped asking"), ("look()", "again and")])
def test_a_hang_in_mid_run_is_told_by_the_demo_and_breaks_rule_6(
    tmp_path, monkeypatch, capsys, work, why
):
    monkeypatch.setattr(machine_module, "PATIENCE_S", 2.0)
    demo_of(monkeypatch, tmp_path, HANGS_AT_30_S, work=work)
    said = capsys.readouterr().out
    told = re.findall(r"RULE 6 BROKEN at (.*) s: the firmware has hung: (.*)", said)
    ((at_s, how),) = [(float(at), how) for at, how in told]
    assert 20.0 < at_s < 30.0, "it restarts once in its set-up, and counts from there"
    assert why in how


RAISES_AT_30_S = """
import sys
sys.path[0] = {vm!r}
import world
look = world.look
def broken():
    if world.now_us > 30_000_000:
        world.look = look
        {work}
    return look()
world.look = broken
import start
"""
BREAKS = {
    "raise ValueError('out of order')": "by itself: ValueError: out of order",
    "broken.more = [bytes(1 << 12) for _ in range(1 << 12)]": "by itself: MemoryError",
    "def deep(n): return deep(n + 1) + 1\n        deep(0)": "by itself: RuntimeError",
}


@pytest.mark.parametrize(("work", "why"), BREAKS.items(), ids=BREAKS.values())
def test_a_firmware_that_restarts_of_an_exception_breaks_rule_6(
    tmp_path, monkeypatch, capsys, work, why
):
    demo_of(monkeypatch, tmp_path, RAISES_AT_30_S, work=work)
    said = capsys.readouterr().out
    ((at_s, how),) = re.findall(r"RULE 6 BROKEN at (.*) s: the firmware restarted (.*)", said)
    assert 20.0 < float(at_s) < 31.0
    assert how.startswith(why)


def outcome(tmp_path, monkeypatch, script, seconds=5.0, starts_us=0, asked=True):
    """What is said of a stand-in for the firmware: (when it runs or not, crashes, each when)."""
    start = tmp_path / "start.py"
    start.write_text(script)
    beginning = machine_module.command
    monkeypatch.setattr(machine_module, "command", lambda _: beginning(start))
    monkeypatch.setattr(machine_module, "PATIENCE_S", 2.0)
    changes, crashes = [], []

    async def run():
        loop = asyncio.get_running_loop()
        joints = Samples(tmp_path), Terminal(), Terminal()
        machine = Machine(
            loop,
            tmp_path,
            joints,
            lambda runs: changes.append((loop.time(), runs)),
            lambda text: crashes.append((loop.time(), text)),
        )
        machine.starts_us = starts_us
        machine.asked = lambda: asked
        machine.start()
        while loop.time() < seconds:
            await asyncio.sleep(0.1)  # it is heard of that often
        await machine.stop()
        assert not machine.running

    virtual.run(run())
    return changes, crashes


HANGS = {
    "while True: pass": "stopped asking for the time",
    "while True: time.ticks_ms()": "looks at the clock again and again",
}


@pytest.mark.parametrize(("work", "why"), HANGS.items(), ids=HANGS.values())
def test_a_firmware_that_hangs_is_found_and_reset_once_its_watchdog_bites(
    tmp_path, monkeypatch, work, why
):
    script = FED_UNTIL_3_S + f"{work}\n"
    changes, crashes = outcome(tmp_path, monkeypatch, script, 12.0)
    ((at_s, crash),) = crashes
    assert [runs for _, runs in changes] == [True, False, True, False]
    assert crash == f"the firmware has hung: {crash.partition(': ')[2]}"
    assert why in crash
    assert 3.0 <= at_s <= 4.1
    assert changes[1][0] == at_s
    assert 2.0 <= changes[2][0] - WATCHDOG_S <= 3.01, "what it fed last is perhaps not heard of"


def test_one_that_hangs_before_it_has_started_a_watchdog_stays_so(tmp_path, monkeypatch):
    script = "import time\ntime.sleep(1)\nwhile True: pass\n"
    changes, crashes = outcome(tmp_path, monkeypatch, script, 60.0)
    assert [runs for _, runs in changes] == [True, False]
    assert len(crashes) == 1


def test_one_that_lives_and_forgets_its_watchdog_is_reset(tmp_path, monkeypatch):
    changes, crashes = outcome(tmp_path, monkeypatch, FED_UNTIL_3_S + "time.sleep(60)\n", 12.0)
    ((at_s, crash),) = crashes
    assert crash == "the watchdog, not fed for 8 s, has reset the firmware"
    assert at_s == pytest.approx(3.0 + WATCHDOG_S, abs=0.01)
    assert [runs for _, runs in changes] == [True, False, True, False]
    assert changes[2][0] == at_s


LAST_WORDS = {
    "at once": ("time.sleep(1)\nraise ValueError('out of order')", "ValueError: out of order"),
    "after 64 kB": (
        "import world\n"
        "world.send(world.CONSOLE, b'x' * 70_000)\n"
        "world.send(world.FLASH, b'open a 0')\n"
        "time.sleep(1)\n"
        "raise ValueError('at its end')",
        "ValueError: at its end",
    ),
    "after it waited for the clock in a loop": (
        "begun = time.ticks_ms()\n"
        "while time.ticks_diff(time.ticks_ms(), begun) < 500: pass\n"
        "raise ValueError(time.ticks_ms() // 100)",
        "ValueError: 5",
    ),
}


@pytest.mark.parametrize("when", LAST_WORDS)
def test_a_firmware_that_ends_is_a_crash_with_its_last_words(tmp_path, monkeypatch, when):
    script, said = LAST_WORDS[when]
    _, ((_, crash), *_) = outcome(tmp_path, monkeypatch, f"import time\n{script}\n")
    assert f"status 1: {said}" in crash


def test_status_75_starts_it_again(tmp_path, monkeypatch):
    script = "import sys, time\ntime.sleep(1)\nsys.exit(75)\n"
    changes, crashes = outcome(tmp_path, monkeypatch, script, seconds=2.5)
    assert [runs for _, runs in changes] == [True, False, True, False, True, False]
    assert crashes == []


def test_status_75_that_nobody_asked_for_is_a_crash_that_starts_it_again(tmp_path, monkeypatch):
    script = "import sys, time\ntime.sleep(1)\nprint('its last words')\nsys.exit(75)\n"
    changes, crashes = outcome(tmp_path, monkeypatch, script, seconds=2.5, asked=False)
    assert [runs for _, runs in changes] == [True, False, True, False, True, False]
    assert {text for _, text in crashes} == {"the firmware restarted by itself: its last words"}


@pytest.mark.parametrize("wraps_us", [1 << 30, 1000 << 30], ids=["ticks_us", "ticks_ms"])
def test_its_clock_may_start_shortly_before_it_wraps(tmp_path, monkeypatch, wraps_us):
    script = (
        "import time\n"
        "begun_ms, begun_us = time.ticks_ms(), time.ticks_us()\n"
        "time.sleep(4)\n"
        "ms, us = time.ticks_ms(), time.ticks_us()\n"
        "passed = time.ticks_diff(ms, begun_ms), time.ticks_diff(us, begun_us) // 1000\n"
        "raise ValueError('%d %d' % passed, ms < begun_ms or us < begun_us)\n"
    )
    _, ((_, crash), *_) = outcome(tmp_path, monkeypatch, script, starts_us=wraps_us - 2_000_000)
    assert "ValueError: ('4000 4000', True)" in crash


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_soak_that_is_ended_leaves_nothing_behind(tmp_path, number):
    soak = begun(tmp_path, number, "-m", "lab", "soak", "--windows")
    try:
        while not list(tmp_path.glob("headroom-*/data/settings.*")):
            assert soak.poll() is None
            time.sleep(0.1)
        soak.send_signal(number)
        soak.communicate()
    finally:
        soak.kill()
    assert list(tmp_path.iterdir()) == []
    assert soak.returncode == 128 + number


MET_IN_A_FORK = """
import os, sys
os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), {number}))
from lab.cli import main
sys.argv = ["lab", "soak", "--windows"]
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_comes_in_the_midst_of_a_start_ends_it_too(tmp_path, number):
    """What a hook of fork raises is ignored, and so was Ctrl-C at the wrong moment."""
    soak = begun(tmp_path, number, "-c", MET_IN_A_FORK.format(number=int(number)))
    try:
        soak.communicate()
    finally:
        soak.kill()
    assert list(tmp_path.iterdir()) == []
    assert soak.returncode == 128 + number


def begun(tmp_path, number, *arguments):
    """Python with these arguments; the signal ends it as it does where nobody changed that."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True,
        preexec_fn=lambda: signal.signal(number, default_of(number)),  # noqa: PLW1509
    )  # fmt: skip


def default_of(number):
    """How it is where no test has changed it, and no shell for a job in the background."""
    return signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
