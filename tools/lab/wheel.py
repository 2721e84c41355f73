"""The tools as a package for pip, with the firmware of every board compiled inside.

`pip install headroom_meter-….whl` then gives `meter` without the repository.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from meter import build
from meter.errors import MeterError
from meter.image.make import commit
from meter.paths import BOARDS, FIRMWARE, PAGE, ROOT

LAB = 'lab = "lab.cli:main"\n'  # stays in the repository


def wheel(out: Path, boards: list[str]) -> Path:
    """Write the wheel into `out`; returns its path."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("README.md", "LICENSE"):
            shutil.copy(ROOT / name, root)
        project = (ROOT / "pyproject.toml").read_text()
        (root / "pyproject.toml").write_text(project.replace(LAB, ""))
        meter = root / "tools" / "meter"
        leave_out = shutil.ignore_patterns("__pycache__", "compiled")
        shutil.copytree(ROOT / "tools" / "meter", meter, ignore=leave_out)
        _compile(meter / "compiled", boards)
        made = root / "made"
        made.mkdir()
        done = subprocess.run(
            [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
             "--disable-pip-version-check", "--wheel-dir", str(made), str(root)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise MeterError(f"pip makes no wheel: {done.stderr.strip()}")
        (path,) = made.glob("*.whl")
        out.mkdir(parents=True, exist_ok=True)
        for older in out.glob(path.name.split("-")[0] + "-*.whl"):
            older.unlink()
        return Path(shutil.move(path, out / path.name))


def _compile(target: Path, boards: list[str]) -> None:
    for board in boards:
        build.build(board, target / "build" / board)
        (target / "boards" / board).mkdir(parents=True)
        for name in ("board.py", "image.py"):
            shutil.copy(BOARDS / board / name, target / "boards" / board / name)
    for name in (
        "__init__.py",
        *(f"network/{of}.py" for of in ("commands", "discovery", "states")),
    ):
        copy = target / "firmware" / "headroom" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(FIRMWARE / "headroom" / name, copy)
    (target / "commit").write_text(commit())
    if PAGE.exists():
        shutil.copy(PAGE, target / PAGE.name)
