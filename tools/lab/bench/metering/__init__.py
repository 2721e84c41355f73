"""Section `metering` of the bench: accuracy, peers' formulae, what oversampling buys, the chip."""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from lab.bench.metering import accuracy, on_chip, oversampling, peers


def run(out: Path, quick: bool) -> dict[str, Any]:
    """Measure, print the tables, return the figures for out/bench.json."""
    figures: dict[str, Any] = {"rms_error_pct": {}, "runtime": {"rms_error_pct": "CPython"}}
    results = measure_all()
    figures["rms_error_pct"] = {r.name: round(r.error_pct, 4) for r in results}
    Console().print(accuracy_table(results))
    figures["peers"] = peers.compare()
    figures["runtime"]["peers"] = "MicroPython, unix port"
    Console().print(_peers_table(figures["peers"]))
    figures["oversampling_error_ma"] = oversampling.gain()
    for noise, row in figures["oversampling_error_ma"].items():
        print(f"{noise}: error of a window by samples/s: {row}")
    chip = on_chip.run()
    figures["runtime"]["chip"] = chip.pop("runtime")
    print(f"on the chip ({figures['runtime']['chip']}): {chip}")
    return figures | chip


def measure_all() -> list[accuracy.Result]:
    """All cases; the recorded appliances only where the environment says where they are."""
    results = list(accuracy.sines())
    folder = accuracy.data_folder()
    if not folder:
        print(f"recorded appliances: skipped, {accuracy.DATA_VARIABLE} is not set")
        return results
    for times in (1, 20):
        results.append(_worst(list(accuracy.appliances(folder, times)), times))
    return results


def accuracy_table(results: list[accuracy.Result]) -> Table:
    """The results as people read them."""
    table = Table("case", "true A", "error mA", "error %", "goal mA", "within", title="accuracy")
    for r in results:
        table.add_row(
            r.name,
            f"{r.true_ma / 1000:.2f}",
            f"{r.error_ma:+.0f}",
            f"{r.error_pct:+.3f}",
            f"{r.allowed_ma:.0f}",
            r.verdict,
        )
    return table


def _worst(results: list[accuracy.Result], times: int) -> accuracy.Result:
    """Of many recorded appliances, the one that comes closest to its goal or fails it worst.

    A single appliance may be too small to be told from an open CT; that fault is its reading.
    """
    seen = [r for r in results if not r.faults]
    worst = max(seen, key=lambda r: abs(r.error_ma) / r.allowed_ma)
    name = f"worst of {len(seen)} appliances x {times} ({worst.name.split(' x ')[0]})"
    return accuracy.Result(name, worst.true_ma, worst.error_ma, worst.allowed_ma, 0)


def _peers_table(peers_figures: dict[str, Any]) -> Table:
    laws = list(next(iter(peers_figures.values())))
    table = Table("waveform", *laws, title="error %, and time per sample against ours")
    for name, row in peers_figures.items():
        cells = [f"{row[law]['error_pct']:+.3f}  x{row[law]['times_our_time']:g}" for law in laws]
        table.add_row(name, *cells)
    return table
