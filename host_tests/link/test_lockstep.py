"""The firmware in virtual time: the same bytes each time, and one that hangs is found out."""

import asyncio
import hashlib
import tempfile
import time
from pathlib import Path

import pytest

from lab.lockstep import loop as virtual
from lab.lockstep import machine as machine_module
from lab.lockstep.machine import Machine
from lab.lockstep.memory import Samples, Terminal
from lab.lockstep.session import LockstepSession
from lab.session import Plan
from lab.sim.faults import parse_faults
from lab.sim.house import House


def transcript(seed, faults=("noise@4-9", "samples_off@12-15")):
    """The hash of all that firmware and chargers say in 20 s, and the figures."""

    async def play():
        plan = Plan(
            20.0,
            House(seed),
            (("heidelberg", 1), ("evse_wb", 2)),
            parse_faults(faults, 20, 2),
            True,
        )
        said = hashlib.sha256()
        never = asyncio.Event()
        with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
            async with LockstepSession(plan, Path(folder)) as session:
                session.firmware.transcript = said.update
                session.world.line.listeners.append(
                    lambda frame: said.update(repr((frame.first_s, frame.received)).encode())
                )
                await session.set_up(never)
                result = await session.run(never, lambda view: None)
        return said.hexdigest(), result

    return virtual.run(play())


def test_the_same_seed_gives_the_same_bytes_and_another_one_others():
    first, second, other = transcript(1), transcript(1), transcript(2)
    assert first == second
    assert first[1]["frames_bad"] > 0
    assert first[0] != other[0]


def test_it_is_much_faster_than_real_time():
    begun_s = time.monotonic()
    _, result = transcript(1, ())
    assert result["rules_broken"] == []
    assert time.monotonic() - begun_s < 20 / 3, "a figure that any busy machine reaches"


def outcome(tmp_path, monkeypatch, script, seconds=5.0, starts_us=0):
    """What is said of a stand-in for the firmware: (running or not, crashes)."""
    start = tmp_path / "start.py"
    start.write_text(script)
    beginning = machine_module.command
    monkeypatch.setattr(machine_module, "command", lambda _: beginning(start))
    monkeypatch.setattr(machine_module, "PATIENCE_S", 2.0)
    changes, crashes = [], []

    async def run():
        loop = asyncio.get_running_loop()
        joints = Samples(tmp_path), Terminal(), Terminal()
        machine = Machine(loop, tmp_path, joints, changes.append, crashes.append)
        machine.starts_us = starts_us
        machine.start()
        while loop.time() < seconds and not crashes:
            await asyncio.sleep(0.1)
        await machine.stop()
        assert not machine.running

    virtual.run(run())
    return changes, crashes


HANGS = {
    "while True: pass": "stopped asking for the time",
    "while True: time.ticks_ms()": "looks at the clock again and again",
}


@pytest.mark.parametrize(("work", "why"), HANGS.items(), ids=HANGS.values())
def test_a_firmware_that_hangs_is_reported_as_what_it_is(tmp_path, monkeypatch, work, why):
    script = f"import time\ntime.sleep(3)\n{work}\n"
    changes, (crash,) = outcome(tmp_path, monkeypatch, script)
    assert changes == [True, False]
    assert crash.startswith("the firmware has hung at virtual second ")
    assert 3.0 <= float(crash.split()[7].rstrip(":")) <= 4.1
    assert why in crash


def test_a_firmware_that_ends_is_a_crash_with_its_last_words(tmp_path, monkeypatch):
    script = "import time\ntime.sleep(1)\nraise ValueError('out of order')\n"
    _, (crash,) = outcome(tmp_path, monkeypatch, script)
    assert "status 1: ValueError: out of order" in crash


def test_status_75_starts_it_again(tmp_path, monkeypatch):
    script = "import sys, time\ntime.sleep(1)\nsys.exit(75)\n"
    changes, crashes = outcome(tmp_path, monkeypatch, script, seconds=2.5)
    assert changes == [True, False, True, False, True, False]
    assert crashes == []


def test_whoever_waits_for_the_clock_in_a_loop_sees_it_run(tmp_path, monkeypatch):
    script = (
        "import time\n"
        "begun = time.ticks_ms()\n"
        "while time.ticks_diff(time.ticks_ms(), begun) < 500: pass\n"
        "raise ValueError(time.ticks_ms() // 100)\n"
    )
    _, (crash,) = outcome(tmp_path, monkeypatch, script)
    assert "ValueError: 5" in crash


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
    _, (crash,) = outcome(tmp_path, monkeypatch, script, starts_us=wraps_us - 2_000_000)
    assert "ValueError: ('4000 4000', True)" in crash
