"""A copy of the project in which faults are planted, tried with its own tests, and taken out."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from lab.mutants.mutant import Mutant
from meter.errors import MeterError

_FIRMWARE = "firmware/headroom"
_TESTS = "host_tests"
_NOT_COPIED = (".*", "__pycache__", "out", "*.egg-info")
_LONGEST_S = 900  # of one run; a single test that hangs fails sooner, see pyproject.toml
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+::.*?)(?: - |$)", re.MULTILINE)


class Copy:
    """The project as it is now in `folder`, which must not exist yet."""

    def __init__(self, project: Path, folder: Path) -> None:
        self._folder = folder
        for name in ("firmware", "host_tests", "tools", "boards", "docs", "build/umodbus"):
            if (project / name).is_dir():
                ignore = shutil.ignore_patterns(*_NOT_COPIED)
                shutil.copytree(project / name, folder / name, ignore=ignore)
        for path in project.iterdir():
            if path.is_file() and not path.name.startswith("."):
                shutil.copy(path, folder / path.name)

    def first_failure(self, mutant: Mutant) -> str:
        """The test that fails with this fault planted, "" if none does; the file is restored."""
        path = self._folder / _FIRMWARE / mutant.file
        whole = path.read_text(encoding="utf-8")
        path.write_text(whole.replace(mutant.before, mutant.after), encoding="utf-8")
        try:
            return self.run(mutant.tests.split())
        finally:
            path.write_text(whole, encoding="utf-8")

    def run(self, tests: list[str]) -> str:
        """Run `tests`, as the table has them; the one that failed first, "" if all passed."""
        # Alike each time: the same random examples, and none that an earlier fault left behind.
        # No bytecode: a file that was changed twice within a second would be taken for the old.
        options = ["-x", "-q", "--tb=no", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
        environment = os.environ | {
            "PYTHONPATH": str(self._folder / "tools"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        shutil.rmtree(self._folder / ".hypothesis", ignore_errors=True)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *map(_node, tests)],
            cwd=self._folder,
            env=environment,
            timeout=_LONGEST_S,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return ""
        failed = _FAILED.search(done.stdout)
        if not failed:  # no test file, or one that can't be read: that says nothing of the fault
            raise MeterError(f"the tests did not run:\n{done.stdout}{done.stderr}".rstrip())
        return failed[1].removeprefix(f"{_TESTS}/").removeprefix("unit/")


def path_of(file: str) -> str:
    """The file of tests of that name in the table."""
    return f"{_TESTS}/{file if '/' in file else f'unit/{file}'}.py"


def _node(test: str) -> str:
    """A test of the table as pytest wants it named."""
    file, _, name = test.partition("::")
    return path_of(file) + (f"::{name}" if name else "")


def problem(project: Path, mutant: Mutant) -> str:
    """Why this fault can't be planted in the project, "" if it can."""
    path = project / _FIRMWARE / mutant.file
    if not path.is_file():
        return f"there is no {mutant.file}"
    text = path.read_text(encoding="utf-8")
    if (count := text.count(mutant.before)) != 1:
        return f"its text occurs {count} times in {mutant.file}, not once: {mutant.before!r}"
    try:
        compile(text.replace(mutant.before, mutant.after), mutant.file, "exec")
    except SyntaxError as error:
        return f"what it makes of {mutant.file} is no Python: {error}"
    return ""
