"""The whole app on a strict ESP32 (esp32_chip/), under the PC's MicroPython in virtual time.

Judged by what truly flows and by what the other end of the line makes of it. HEADROOM_ESP32_S asks
for another time than 200 s: an hour takes three minutes of a PC.
"""

import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PATH = (
    HERE / "esp32_chip",
    ROOT / "firmware",
    ROOT / "boards" / "esp32",
    ROOT / "build" / "umodbus",
    ".frozen",
)
MICROPYTHON = shutil.which("micropython", path=Path(sys.executable).parent) or shutil.which(
    "micropython"
)
CLIPPED = 1
SAVED_S = 15
LIMIT_MA = 80_000  # 80 % of the breaker's 100 A

pytestmark = pytest.mark.skipif(MICROPYTHON is None, reason="no micropython on this machine")


def run(where, *arguments):
    environment = os.environ | {"MICROPYPATH": os.pathsep.join(map(str, PATH))}
    return subprocess.run(
        [MICROPYTHON, "-X", "heapsize=4m", *map(str, arguments)],
        cwd=where, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def lived(where, *arguments):
    """What each second of the app was like, and the account at the end."""
    ended = run(where, HERE / "esp32_app.py", *arguments)
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr
    *seconds, account = map(json.loads, ended.stdout.splitlines())
    return seconds, account


def wrong(seconds):
    """What was read wrongly while nothing moved: noise of 6 counts is 1.8 A on a mains leg."""
    return [
        now
        for before, now in itertools.pairwise(seconds)
        if before["legs"] == now["legs"]
        for truly_ma, read_ma in zip(now["legs"], now["read"], strict=True)
        if abs(read_ma - truly_ma) > 300 + truly_ma * 2 // 100
    ]


@pytest.mark.long
def test_the_app_outlives_every_write_to_the_flash_and_every_collection(tmp_path):
    long_s = int(os.environ.get("HEADROOM_ESP32_S", "200"))
    seconds, account = lived(tmp_path, long_s, "l1=70000@60", "l1=20000@90")
    print(account)
    assert account["frames"] > long_s * 9 // 10
    assert account["unheard"] == account["spoiled"] == 0
    assert account["late_us"] < 1000, "less than 3.5 characters at the fastest"
    assert account["inits"] == 1
    assert account["dropped"] > long_s, "the scheduler's queue did overflow"
    assert not account["tripped"]
    settled = seconds[20:]
    assert not wrong(settled)
    over = [second["second"] for second in settled if max(second["legs"]) > LIMIT_MA]
    assert over == [60], "the second in which the load comes"
    # The log is written in the first minutes, the energy once an hour: that blinds the meter for
    # longer than 0.6 s, so the charger has its fallback until it is sure again.
    calm = [now for now in settled if now["second"] > 150 and now["second"] % 3600 > SAVED_S]
    assert {now["legs"][2] for now in calm} == {16_000}, "all that the box takes"
    assert seconds[-1]["seen"] - seconds[0]["seen"] > 3 * long_s, "of five windows a second"


@pytest.mark.long
def test_what_the_converter_cannot_show_is_never_good(tmp_path):
    """300 A is 1.06 V of peak on the bias of 1.65 V; the converter is straight up to 2.45 V."""
    seconds, _ = lived(tmp_path, 45, "l1=300000@30", "l1=20000@40")
    beyond = [second for second in seconds if 31 <= second["second"] < 40]
    assert all(second["faults"][0] & CLIPPED for second in beyond)
    assert all(second["legs"][2] == 6000 for second in beyond)
    assert not seconds[-1]["faults"][0]


def test_a_transceiver_without_de_works(tmp_path):
    _, account = lived(tmp_path, 30, "de=none")
    assert account["frames"] > 20
    assert account["unheard"] == account["spoiled"] == 0


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("machine.Timer()", "TypeError"),
        ("machine.Timer(-1)", "machine_timer.c:125"),
        ("machine.Timer(4)", "machine_timer.c:125"),
        ("machine.Timer(0).init(callback=print, hard=True)", "machine_timer.c:262"),
        ("machine.Timer(0), machine.Timer(0)", "machine_timer.c:102"),
        ("t = machine.Timer(0)\nfor _ in range(255): t.init(period=9)", "machine_timer.c:178"),
        ("machine.ADC(machine.Pin(25))", "machine_adc.c:217"),
        ("machine.Pin(34, machine.Pin.OUT)", "machine_pin.c:200"),
        ("machine.WDT(timeout=100)\nchip.spend(200_000)", "machine_wdt.c:60"),
        ("esp32.RMT(pin=machine.Pin(4)).write_pulses(40_000, (1,))", "esp32_rmt.c:409"),
    ],
)
def test_the_chip_refuses(tmp_path, call, why):
    ended = run(tmp_path, "-c", "import chip, machine, esp32\n" + call)
    assert ended.returncode != 0
    assert why in ended.stdout + ended.stderr
