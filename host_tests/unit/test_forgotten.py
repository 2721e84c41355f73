"""What a command loads on a board goes again: only what the meter runs on stays in memory."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATHS = [
    str(ROOT / folder)
    for folder in ("firmware", "tools/lab/cpython", "host_tests/shim", "build/umodbus")
]
TYPED = """
import sys
sys.path[:0] = {paths!r}
from desk import Desk
from headroom import memory, planning, wiring_test
from headroom.charging import bus, charger, profile  # a meter that drives has them
desk = Desk({folder!r})
desk.ask("get breaker_a")
desk.ask("version")
memory._front = 1  # as on a board
before = set(sys.modules)
desk.ask({line!r})
desk.ask("version")
after = set(sys.modules) - before
print(*sorted(name for name in after if name.startswith("headroom.")))
"""


@pytest.mark.parametrize(
    "line",
    [
        "status",
        "why",
        "selftest 1",
        "scan",
        "profile",
        "set breaker_a 90",
        "set charger1.profile heidelberg charger1.schedule 22:00-06:00",
        "set charger1.schedule nonsense",
        "set zone nonsense",
        "help breaker_a",
    ],
)
def test_what_a_command_loads_is_gone_with_the_next(line, tmp_path):
    code = TYPED.format(paths=PATHS, folder=str(tmp_path), line=line)
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.split() == []
