"""Section `power` of the bench: error of the watts, and what a voltage costs on the chip."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from lab.bench.metering import on_chip
from lab.bench.power import accuracy
from lab.chip import image
from lab.chip.fork import in_a_copy
from lab.chip.rig import SETTINGS
from meter import build

WITH_VOLTAGE: dict[str, int | str] = {"ev_source": "register", "voltage": "zmpt101b"}


def run(out: Path, quick: bool) -> dict[str, Any]:
    """Measure, print the table, return the figures for out/bench.json."""
    results = measure_all()
    Console().print(accuracy_table(results))
    figures: dict[str, Any] = {
        "error_pct_of_va": {r.name: round(r.error_pct_of_va, 4) for r in results},
        "runtime": {"error_pct_of_va": "CPython", "chip": on_chip.RUNTIME},
    }
    chip = {"skipped": "quick"} if quick else cost()
    print(f"on the chip, two CTs and a voltage: {chip}")
    return figures | chip


def measure_all() -> list[accuracy.Result]:
    """All cases; the recorded appliances only where the environment says where they are."""
    results = list(accuracy.sines())
    folder = accuracy.data_folder()
    if not folder:
        print(f"recorded appliances: skipped, {accuracy.DATA_VARIABLE} is not set")
        return results
    for times in (1, 20):
        found = [r for r in accuracy.appliances(folder, times) if r.good]
        worst = max(found, key=lambda r: abs(r.error_w) / r.allowed_w)
        results.append(worst.renamed(f"worst of {len(found)} appliances x {times}"))
    return results


def accuracy_table(results: list[accuracy.Result]) -> Table:
    """The results as people read them."""
    table = Table("case", "true W", "error W", "% of VA", "goal W", "within", title="real power")
    for r in results:
        table.add_row(
            r.name,
            f"{r.true_w:.0f}",
            f"{r.error_w:+.1f}",
            f"{r.error_pct_of_va:+.3f}",
            f"{r.allowed_w:.1f}",
            r.verdict,
        )
    return table


def cost() -> dict[str, Any]:
    """Of two CTs and a voltage on an emulated RP2040; or why there are no figures."""
    try:
        uf2 = image.find()
    except image.NoImage as reason:
        return {"skipped": str(reason)}
    with TemporaryDirectory() as folder:
        firmware = build.build("pico", Path(folder) / "pico")
        rig = on_chip.charging(uf2, firmware, SETTINGS | WITH_VOLTAGE)
    rig.set_voltage(120)
    rig.chip.run_ms(1000)
    figures = on_chip.cost(rig)
    return {
        "cpu_share": figures["metering_share"],
        "sets_per_s": figures["samples_per_s_per_channel"],
        "bytes_per_window": 0 if on_chip.steady_without_heap(rig) else None,
        "heap_free_bytes": in_a_copy(rig.heap_free),
    }
