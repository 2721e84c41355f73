"""The demo's own machinery: schedules of faults, bad input, the firmware's process, the end."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from lab import demo as demo_module
from lab import firmware as firmware_module
from lab import session as session_module
from lab.firmware import Console, Firmware
from lab.lockstep import loop as virtual
from lab.lockstep import machine as machine_module
from lab.lockstep.memory import MEMORY
from lab.sim.chargers import ALL, SmartEvse
from lab.sim.evening import Evening
from lab.sim.faults import Fault, inject, parse_faults
from lab.sim.ports import PseudoTerminal, SampleFifo
from lab.sim.world import World
from meter.errors import MeterError, UsageError
from meter.paths import FIRMWARE

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_faults_are_read_in_order_of_time():
    faults = parse_faults(["noise@40, charger_off@20-30.5", "samples_off@10-12"], 60)
    assert [str(fault) for fault in faults] == [
        "samples_off@10-12",
        "charger_off@20-30.5",
        "noise@40",
    ]
    assert faults[2] == Fault("noise", 40.0)
    assert faults[1].active(30.4)
    assert not faults[1].active(30.5)


@pytest.mark.parametrize(
    "text", ["x@3", "noise", "noise@", "noise@a", "noise@5-", "noise@9-3", "noise@-3", "noise@60",
             "noise@nan", "noise@inf", "@3"],
)  # fmt: skip
def test_bad_fault_is_refused_in_one_line(text):
    with pytest.raises(UsageError) as refusal:
        parse_faults([text], 60)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    ["noise@3-9,garble@8", "ct_open_l1@3,ct_clipped_l1@8", "charger_off@3-9,charger1_off@5-6"],
)
def test_two_faults_of_one_thing_at_a_time_are_refused(text):
    """The end of one would be taken for the end of both."""
    with pytest.raises(UsageError, match="concern the same thing"):
        parse_faults([text], 60)


def test_faults_of_one_thing_after_each_other_or_of_several_at_a_time_are_taken():
    texts = [
        "noise@3-9,garble@9",
        "ct_open_l1@3,ct_open_l2@4,drop@5",
        "charger_off@3,charger2_off@3",
    ]
    assert [len(parse_faults([text], 60, chargers=2)) for text in texts] == [2, 3, 2]


def in_a_world(use, tmp_path):
    async def run():
        charger = SmartEvse(2, asyncio.get_running_loop().time)
        return await use(World(tmp_path, Evening(), [charger], 100.0, 80.0, 6.0, MEMORY))

    return virtual.run(run())


def test_the_meter_sees_again_once_the_last_fault_that_blinds_it_has_ended(tmp_path):
    faults = [Fault("ct_open_l2", 1), Fault("samples_off", 2), Fault("ct_open_l1", 3)]

    async def use(world):
        seen = []
        for active in (True, False):
            for fault in faults:
                await inject(world, fault, active)
                seen.append(world.conditions.sees)
        return seen

    assert in_a_world(use, tmp_path) == [False] * 5 + [True]


def test_what_was_counted_before_the_run_is_no_part_of_it(tmp_path):
    async def use(world):
        await world.start()
        world.judge.chargers[0].lowered = world.judge.chargers[0].pauses = 2
        world.begin()
        await world.stop()
        return world.judge.lowered, world.judge.pauses

    assert in_a_world(use, tmp_path) == (0, 0)


def test_a_car_that_is_full_is_full_for_those_too_that_it_is_compared_with(tmp_path):
    async def use(world):
        await world.start()
        world.begin()
        await asyncio.sleep(15)
        before_kwh = world.oracle.kwh, world.fixed.kwh
        await inject(world, Fault("car_full", 15), True)
        await asyncio.sleep(60)
        await world.stop()
        return before_kwh, (world.oracle.kwh, world.fixed.kwh)

    before_kwh, after_kwh = in_a_world(use, tmp_path)
    assert min(before_kwh) > 0.0
    assert after_kwh == pytest.approx(before_kwh, abs=0.001), "what flows until they have fallen"


@pytest.mark.parametrize("name", ["demo.json", "demo.png"])
def test_figures_that_cannot_be_written_are_said_before_the_run(name, tmp_path, monkeypatch):
    monkeypatch.setattr(demo_module.virtual, "run", lambda work: pytest.fail("it started"))
    (tmp_path / name).mkdir()
    with pytest.raises(UsageError, match=name):
        demo_module.demo(out=tmp_path)


def test_faults_of_one_of_several_chargers():
    faults = parse_faults(["charger2_off@3,car3_full@4,charger1_off@5"], 60, chargers=3)
    assert [(fault.kind, fault.charger) for fault in faults] == [
        ("charger_off", 2),
        ("car_full", 3),
        ("charger_off", 1),
    ]
    assert str(faults[0]) == "charger2_off@3"
    with pytest.raises(UsageError, match=r"numbered 1\.\.3"):
        parse_faults(["charger4_off@3"], 60, chargers=3)


@pytest.mark.parametrize(
    "options",
    [
        {"duration": 1.0},
        {"duration": float("nan")},
        {"profile": "tesla"},
        {"charger": ["tesla"]},
        {"charger": ["heidelberg:0"]},
        {"charger": ["heidelberg:"]},
        {"charger": ["heidelberg:" + "9" * 5000]},
        {"fault": ["charger" + "9" * 5000 + "_off@1"]},
        {"charger": ["smartevse:9"]},
        {"charger": ["smartevse"] * 8},
        {"charger": ["heidelberg:2", "evse_wb:2"]},
        {"charger": ["heidelberg"], "profile": "evse_wb"},
        {"fault": ["charger2_off@1"]},
        {"scale": 2.0},
        {"start": 10.0},
        {"trace": Path("none.csv")},
        {"fault": ["noise"]},
        {"out": Path("/dev/null/out")},
    ],
)
def test_bad_option_is_refused_before_anything_starts(options, tmp_path, monkeypatch):
    for clock in (demo_module.asyncio, demo_module.virtual):
        monkeypatch.setattr(clock, "run", lambda work: pytest.fail("it started"))
    with pytest.raises(UsageError) as refusal:
        demo_module.demo(**({"out": tmp_path} | options))
    assert refusal.value.exit_status == 2
    assert "\n" not in str(refusal.value)


def test_every_family_of_the_firmware_can_be_played_at_an_address_that_it_may_have():
    profiles = (FIRMWARE / "headroom" / "charging" / "profiles").glob("[a-z]*.py")
    assert {path.stem for path in profiles} == set(ALL)
    assert demo_module.parse_chargers(["smartevse", "heidelberg", "smartevse:4", "evse_wb"]) == (
        ("smartevse", 2),
        ("heidelberg", 3),
        ("smartevse", 4),
        ("evse_wb", 5),
    )


@pytest.mark.parametrize(
    ("live", "said"), [(True, "did not answer"), (False, "stopped asking for the time")]
)
def test_nothing_is_left_behind_when_a_step_fails(tmp_path, monkeypatch, live, said):
    """A firmware that never speaks: an error, and no process, folder or descriptor remains."""
    started = []
    spawn, popen = asyncio.create_subprocess_exec, subprocess.Popen

    async def spawn_and_remember(*args, **kwargs):
        started.append(await spawn(*args, **kwargs))
        return started[-1]

    def popen_and_remember(*args, **kwargs):
        started.append(popen(*args, **kwargs))
        return started[-1]

    monkeypatch.setattr(firmware_module, "command", lambda: SLEEPER)
    monkeypatch.setattr(machine_module, "command", lambda main: SLEEPER)
    monkeypatch.setattr(machine_module, "PATIENCE_S", 0.5)
    monkeypatch.setattr(asyncio, "create_subprocess_exec", spawn_and_remember)
    monkeypatch.setattr(machine_module.subprocess, "Popen", popen_and_remember)
    monkeypatch.setattr(session_module, "STARTUP_S", 0.5)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    descriptors = set(os.listdir("/proc/self/fd")) if os.path.isdir("/proc") else None
    with pytest.raises(MeterError, match=said):
        demo_module.demo(duration=5.0, live=live, out=tmp_path / "out")
    assert started
    assert all(process.returncode is not None for process in started)
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]
    if descriptors is not None:
        assert set(os.listdir("/proc/self/fd")) <= descriptors


def run_firmware(tmp_path, script, seconds):
    """Run a stand-in for the firmware; what was reported of it."""
    events = []

    async def run():
        firmware = Firmware(
            tmp_path, {"MARK": str(tmp_path / "mark")}, events.append, events.append
        )
        firmware.start()
        for _ in range(round(seconds / 0.02)):
            await asyncio.sleep(0.02)
            if len(events) >= 3:
                break
        await firmware.stop()
        assert not firmware.running

    firmware_module_command = firmware_module.command
    try:
        firmware_module.command = lambda: [sys.executable, "-c", script]
        asyncio.run(run())
    finally:
        firmware_module.command = firmware_module_command
    return events


def test_status_75_starts_the_firmware_again(tmp_path):
    script = (
        "import os, sys, time\n"
        "mark = os.environ['MARK']\n"
        "if not os.path.exists(mark):\n"
        "    open(mark, 'w').close()\n"
        "    sys.exit(75)\n"
        "time.sleep(60)\n"
    )
    assert run_firmware(tmp_path, script, 20) == [True, False, True, False]


def test_any_other_end_is_a_crash_with_its_last_words(tmp_path):
    script = "import sys; print('out of heap', file=sys.stderr); sys.exit(1)"
    events = run_firmware(tmp_path, script, 20)
    assert events[:2] == [True, False]
    assert "status 1" in events[2]
    assert "out of heap" in events[2]


def test_console_answer_comes_without_echo_and_prompt():
    async def run():
        terminal = PseudoTerminal()
        other = os.open(terminal.path, os.O_RDWR | os.O_NOCTTY)
        try:
            asking = asyncio.create_task(Console(terminal).ask("get breaker_a"))
            await asyncio.sleep(0.05)
            typed = os.read(other, 100)
            os.write(other, b"> " + typed + b"\nbreaker_a 100\r\n> ")
            return typed, await asking
        finally:
            os.close(other)
            terminal.close()

    assert asyncio.run(run()) == (b"get breaker_a\r", "breaker_a 100")


def test_fifo_drops_whole_chunks_when_nobody_reads(tmp_path):
    fifo = SampleFifo(tmp_path / "samples")
    chunk = bytes(228)
    for _ in range(2000):
        fifo.write(chunk)
    assert fifo.dropped_bytes % len(chunk) == 0
    assert fifo.dropped_bytes > 0
    reader = os.open(fifo.path, os.O_RDONLY | os.O_NONBLOCK)
    fifo.drain()
    fifo.write(b"now")
    assert os.read(reader, 100) == b"now"
    os.close(reader)
    fifo.close()
    assert not fifo.path.exists()


def test_a_firmware_that_hangs_ends_with_a_lab_that_is_killed(tmp_path):
    script = f"""
import subprocess, sys
from pathlib import Path
from lab.lockstep import loop, machine
from lab.lockstep.memory import Samples, Terminal
machine.command = lambda main: {SLEEPER!r}
popen = subprocess.Popen
def popen_and_tell(*args, **kwargs):
    process = popen(*args, **kwargs)
    print(process.pid, flush=True)
    return process
subprocess.Popen = popen_and_tell
joints = Samples(Path()), Terminal(), Terminal()
firmware = machine.Machine(
    loop.VirtualLoop(), Path({str(tmp_path)!r}), joints, lambda runs: None, lambda text: None
)
firmware.start()
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as lab:
        pid = int(lab.stdout.readline())
        lab.kill()
    for _ in range(100):
        if not _alive(pid):
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("it is left running")


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False
