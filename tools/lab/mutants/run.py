"""Goes through the table of faults: which test catches each, and which fault survives."""

import json
import queue
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab.mutants.mutant import Mutant
from lab.mutants.planting import Copy, problem
from meter.errors import MeterError


def run(project: Path, mutants: Sequence[Mutant], out: Path, workers: int = 2) -> bool:
    """Try every fault on copies of `project`, write out/mutants.json; True if all were caught.

    MeterError if a fault can't be planted, or the tests fail with none.
    """
    problems = [(mutant.name, problem(project, mutant)) for mutant in mutants]
    unfit = [f"{name}: {why}" for name, why in problems if why]
    if unfit:
        raise MeterError("not every fault can be planted\n  " + "\n  ".join(unfit))
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies = [Copy(project, Path(folder) / str(n)) for n in range(workers)]
        _must_pass(copies, mutants)
        survived = _try_all(copies, mutants)
    result = {
        "planted": len(mutants),
        "caught": len(mutants) - len(survived),
        "survived": survived,
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "mutants.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"{result['caught']} of {result['planted']} faults caught")
    return not survived


def _must_pass(copies: list[Copy], mutants: Sequence[Mutant]) -> None:
    """Where a test fails by itself, that it fails with a fault says nothing."""
    tests = sorted({test for mutant in mutants for test in mutant.tests.split()})
    print(f"with no fault planted, {len(tests)} files or single tests:", end=" ", flush=True)
    failures: list[str] = []

    def work(copy: Copy, share: list[str]) -> None:
        if share and (failed := copy.run(share)):
            failures.append(failed)

    shares = [tests[n :: len(copies)] for n in range(len(copies))]
    _each(copies, lambda copy: work(copy, shares[copies.index(copy)]))
    if failures:
        raise MeterError(f"{', '.join(failures)} fails though no fault is planted")
    print("all pass")


def _try_all(copies: list[Copy], mutants: Sequence[Mutant]) -> list[str]:
    """Print a line for each fault; the names of those that survived, in the table's order."""
    waiting: queue.SimpleQueue[Mutant] = queue.SimpleQueue()
    for mutant in mutants:
        waiting.put(mutant)
    caught_by: dict[str, str] = {}

    def work(copy: Copy) -> None:
        while True:
            try:
                mutant = waiting.get_nowait()
            except queue.Empty:
                return
            caught_by[mutant.name] = found = copy.first_failure(mutant)
            verdict = f"caught by {found}" if found else "SURVIVED"
            print(f"rule {mutant.rule}  {mutant.name}: {verdict}", flush=True)

    _each(copies, work)
    return [mutant.name for mutant in mutants if not caught_by[mutant.name]]


def _each(copies: list[Copy], work: Callable[[Copy], None]) -> None:
    """Let every copy do its work at the same time; what one of them raises is raised."""
    with ThreadPoolExecutor(len(copies)) as pool:
        for _ in pool.map(work, copies):
            pass
