"""`lab bench`: what can be measured, section by section, merged into out/bench.json.

Every module (or package) in this folder is a section: its `run(out_folder, quick)` prints what a
person wants to see, may leave pictures in the folder, and returns the figures as a dict. `quick`
leaves out what takes longer than some minutes. The figures of sections that were not asked for
stay as they are.
"""

import importlib
import json
import pkgutil
from pathlib import Path
from typing import Any

from meter.errors import UsageError

FILE = "bench.json"


def sections() -> list[str]:
    """The names that can be asked for."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def run(wanted: list[str], out: Path, quick: bool = False) -> None:
    """Run the wanted sections, or all, and store each as soon as it is done."""
    known = sections()
    for name in wanted:
        if name not in known:
            raise UsageError(f"no section '{name}' in the bench; one of {', '.join(known)}")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {out}: {error.strerror}") from None
    for name in wanted or known:
        figures = importlib.import_module(f"{__name__}.{name}").run(out, quick)
        store(out / FILE, name, figures)
    print(f"Figures in {out / FILE}.")


def store(path: Path, section: str, figures: dict[str, Any]) -> None:
    """Put one section's figures into the file, in place of its older ones."""
    try:
        merged = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        merged = {}
    except ValueError:
        raise UsageError(f"{path} is damaged; delete it and run all sections") from None
    merged[section] = figures
    path.write_text(json.dumps(merged, indent=1, sort_keys=True) + "\n", encoding="utf-8")
