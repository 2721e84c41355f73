"""The same modules on CPython and on the PC's MicroPython: the same lines, and no allocation.

scenario.py and no_allocation.py are also what the tests on an emulated chip send to it.
"""

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FIRMWARE = ROOT / "firmware"
LIBRARY = ROOT / "build" / "umodbus"
MODELS = ROOT / "host_tests" / "shim"
SHIM = ROOT / "tools" / "lab" / "cpython"
MICROPYTHON = shutil.which("micropython", path=Path(sys.executable).parent) or shutil.which(
    "micropython"
)

pytestmark = pytest.mark.skipif(MICROPYTHON is None, reason="no micropython on this machine")


def lines(command, variable, *folders, where):
    """What a script prints, one JSON value a line, run in the empty folder `where`."""
    environment = os.environ | {variable: os.pathsep.join(map(str, folders))}
    ended = subprocess.run(
        command, cwd=where, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def on_micropython(script, where):
    folders = (FIRMWARE, LIBRARY, MODELS, ".frozen")
    return lines([MICROPYTHON, str(HERE / script)], "MICROPYPATH", *folders, where=where)


def on_cpython(script, where):
    folders = (FIRMWARE, SHIM, LIBRARY, MODELS)
    return lines([sys.executable, str(HERE / script)], "PYTHONPATH", *folders, where=where)


def test_both_pythons_print_the_same(tmp_path):
    ours = on_cpython("scenario.py", tmp_path)
    theirs = on_micropython("scenario.py", tmp_path)
    for line, other in zip(ours, theirs, strict=True):
        assert line == other
    assert list(tmp_path.iterdir()) == [], "it leaves nothing behind"
    kinds = {line[0] for line in ours if isinstance(line[0], str)}
    assert {"surge", "blind", "store", "refused", "frame", "end"} <= kinds


def test_the_scenario_shows_what_triangles_and_cars_are(tmp_path):
    """Against the waves themselves: RMS is peak / sqrt 3 at 146.48 mA a count."""
    windows = {line[0]: line for line in on_micropython("scenario.py", tmp_path)}
    assert windows[20][1] == pytest.approx(
        [300 / 3**0.5 * 146.48, 200 / 3**0.5 * 146.48], rel=0.005
    )
    for window in range(10, 400, 10):
        _, leg_ma, ev_ma, good, allocations, _ = windows[window]
        base_ma = max(leg_ma) - ev_ma
        allocated_ma = sum(allocation[0] for allocation in allocations)
        assert not good or allocated_ma <= max(80_000 - base_ma, 12_000)
    blind = windows["blind"][4]
    assert all(ma <= 6000 and not fresh for ma, _, _, _, _, _, fresh in blind)


def test_garbage_is_collected_once_it_fills_most_of_the_front_of_the_heap(tmp_path):
    """Not each time that it is looked at: on a Pico that took a fifth of the processor."""
    (made,) = on_micropython("front.py", tmp_path)
    assert all(8192 < size <= 16384 for size in made), made


def test_the_steady_state_allocates_nothing(tmp_path):
    told = on_micropython("no_allocation.py", tmp_path)
    assert [line[:2] for line in told[:-1]] == [
        ["locked", 400],
        ["locked", 20],
        ["locked", 100],
        ["locked", 100],
        ["locked", 5],
    ]
    assert told[2][2] == 0
    assert told[3][2] > 100, "surges were among it"
    assert told[-1] == ["end", [0, 0, 0, 0]]


@pytest.mark.long
def test_a_day_of_wishes_is_the_same_on_both_pythons_and_allocates_nothing(tmp_path):
    """planning.py locks the heap on MicroPython while every option decides, a clock change too."""
    ours = on_cpython("planning.py", tmp_path)
    assert on_micropython("planning.py", tmp_path) == ours
    binding = {by for _, _, plugs in ours for _, by, _ in plugs}
    assert {1, 3, 5, 6, 7} <= binding, "schedule, sun, cap, contact and temperature took part"


def test_the_tests_of_the_cts_are_the_same_on_both_pythons_and_allocate_nothing(tmp_path):
    """ct_tests.py locks the heap on MicroPython while a car and a dryer make steps."""
    ours = on_cpython("ct_tests.py", tmp_path)
    assert on_micropython("ct_tests.py", tmp_path) == ours
    for found, half, off, turned in (ours[:4], ours[4:]):
        assert found == [[100] * 4, [0, 0, 0], True, 0, []]
        assert half[:3] == [[50, 100, 100, 100], [1024, 0, 0], False]
        assert off[:3] == [[0, 100, 100, 100], [1024, 0, 0], False]
        assert turned[0] == [100, 100, -100, 100]
        assert turned[2]
        assert turned[3] >= 5
        assert [note[:31] for note in turned[4]] == [
            "the CT of L1 is on backwards: t",
            "the CT of L1 or that of L2 is o",
        ]


def test_a_relay_allocates_nothing(tmp_path):
    told = on_micropython("relay.py", tmp_path)
    assert told == [[1, 1, 0], [1, 0, 0], [2, 1, 0], [2, 0, 40_000]]


@pytest.mark.long
def test_wishes_from_settings_are_the_same_on_both_pythons_and_allocate_nothing(tmp_path):
    """wishes.py locks the heap while planning is at work in the app, over a change of clocks."""
    ours = on_cpython("wishes.py", tmp_path)
    assert on_micropython("wishes.py", tmp_path) == ours
    assert {fault for _, _, fault in ours} == {""}
    assert ours[-1][0] == "mon 00:00", "after 25 hours: one was lived twice"
    whys = {why.partition(":")[0] for _, asked, _ in ours for _, why in asked}
    assert whys == {"mode", "price", "sun", "demand cap"}


def test_watts_are_the_same_on_both_pythons_and_allocate_nothing(tmp_path):
    """watts.py locks the heap on MicroPython while windows are made."""
    ours = on_cpython("watts.py", tmp_path)
    assert on_micropython("watts.py", tmp_path) == ours
    (faults, known, *_), mw, mva, mvar = ours[3]
    assert (faults, known) == (0, 3)
    volts = 260 / 2**0.5 * 808 * 3.3 / 4096
    for c, peak in ((0, 300), (1, 150)):
        va = volts * peak / 2**0.5 * 4000 * 3.3 / 4096 / 22
        angle = math.radians(-30 + 0.16 - (1.5, 0)[c]) * -1  # the leads are set, not there
        assert mw[c] / 1000 == pytest.approx(va * (math.cos(angle) + (0.01, -0.01)[c]), rel=0.005)
        assert mvar[c] / 1000 == pytest.approx(va * math.sin(angle), rel=0.02)
        assert mva[c] / 1000 == pytest.approx(va * 1.01, rel=0.005)
    assert ours[-2][0].startswith("120.2 V, 120.2 V to 124.9 V since the start")
    assert "power factor 0.8" in ours[-2][1]
    faulty = [line for line in ours[:-2] if line[0][0]]
    assert len(faulty) >= 3, "open and the gap"
    assert not any(line[0][1] for line in faulty)


@pytest.mark.long
def test_a_metering_chip_reads_the_same_on_both_pythons_and_allocates_nothing(tmp_path):
    ours = on_cpython("chip_meter.py", tmp_path)
    assert on_micropython("chip_meter.py", tmp_path) == ours
    assert ours[-1] == ["taken", 0]
    good = {name: {line[1] for line in ours if line[0] == name} for name, *_ in ours[:-1]}
    assert good == {
        "well": {False, True},
        "loud": {True, False},
        "dip": {False},
        "still": {False},
        "cut": {False},
    }


def test_a_polled_meter_takes_little_from_the_heap(tmp_path):
    """It asks ten times a second: at 350 bytes on a board, 12 kB of garbage in 3.5 s."""
    idle, (_, *taken) = on_micropython("answering.py", tmp_path)
    assert idle[0] == "idle"
    print("bytes an answer, on a PC:", taken)
    assert max(taken) <= 700  # of words twice as long as a board's
