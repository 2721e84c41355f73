"""What metering costs on an RP2040 and how fast the meter reacts, in emulated time."""

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lab.chip import image
from lab.chip.fork import in_a_copy
from lab.chip.rig import (
    BEAT,
    BEAT_MS,
    BOARD,
    BREAKER_A,
    LOCK,
    OFFER_A,
    POLLING,
    PROMPT,
    SETTINGS,
    WATCH,
    Rig,
)
from lab.sim.reaction import percentile
from meter import build

RUNTIME = "rp2040 emulated"
STEPS = 24
_L1_A, _L2_A = 40, 30  # of which the car draws OFFER_A
_STEP_A = BREAKER_A + 20
_PAGE_ASKS, _PAGE_ASKS_MS = b"\x15json status\r", 200  # tools/page/src/session
_APART_MS = 13.7  # so that the steps fall on every phase of a cycle, a window and a poll


def run() -> dict[str, Any]:
    """The figures, or why there are none."""
    try:
        uf2 = image.find()
    except image.NoImage as reason:
        return {"skipped": str(reason), "runtime": RUNTIME}
    with TemporaryDirectory() as folder:
        firmware = build.build(BOARD, Path(folder) / BOARD)
        three = charging(uf2, firmware, SETTINGS)
        two = charging(uf2, firmware, SETTINGS | {"legs": 1})
    figures = cost(three)
    ms = reactions(three, STEPS)
    return {
        "runtime": RUNTIME + (", firmware frozen into the image" if image.frozen(uf2) else ""),
        "samples_per_s_per_channel": figures["samples_per_s_per_channel"],
        "cpu_share": {
            "2 channels": cost(two)["metering_share"],
            "3 channels": figures["metering_share"],
        },
        "cpu_share_all": figures["busy_share"],
        "loop_hold_ms_max": figures["hold_ms_max"],
        "loop_hold_ms_max_page_watches": page_hold_ms(three),
        "bytes_per_window": 0 if steady_without_heap(three) else None,
        "heap_free_bytes": in_a_copy(three.heap_free),
        "reaction_ms": {"steps": len(ms), "p50": percentile(ms, 0.5), "p99": percentile(ms, 0.99)},
    }


def charging(uf2: Path, firmware: Path, settings: dict[str, int | str], board: str = BOARD) -> Rig:
    """A meter that has just told its charger OFFER_A, which the car draws."""
    rig = Rig(uf2, firmware, settings, board=board)
    rig.chip.watch(POLLING)
    rig.chip.watch(BEAT)
    rig.chip.watch(build.board_data(board)["LINE"]["de"])
    rig.set_currents(_L1_A, _L2_A, OFFER_A)
    rig.start()
    rig.charge()
    return rig


def cost(rig: Rig, ms: float = 1100) -> dict[str, float]:
    """Shares of the processor, samples a second, and the longest time the loop was held."""
    figures = in_a_copy(lambda: _cost(rig, ms))
    return figures | {"hold_ms_max": in_a_copy(lambda: _hold_ms(rig, ms))}


def _cost(rig: Rig, ms: float) -> dict[str, float]:
    chip = rig.chip
    chip.pin_log.clear()
    began_ns, cycles, samples = chip.ns, chip.rp2040.core.cycles, chip.adc.conversions
    chip.run_ms(ms)
    elapsed_ns = chip.ns - began_ns
    rounds = polls(rig)
    channels = 3  # that the converter goes through, whether or not L2 has a CT
    return {
        "busy_share": (chip.rp2040.core.cycles - cycles) * 8 / elapsed_ns,
        "metering_share": sum(end - start for start, end in rounds) / elapsed_ns,
        "samples_per_s_per_channel": (chip.adc.conversions - samples)
        / elapsed_ns
        * 1e9
        / channels,
    }


def _hold_ms(rig: Rig, ms: float) -> float:
    rig.edge(WATCH)
    rig.chip.run_ms(ms)
    return hold_ms(rig)


def page_hold_ms(rig: Rig, seconds: int = 2) -> float:
    """The longest time that the loop is held while the page watches."""
    return in_a_copy(lambda: _page_hold_ms(rig, seconds))


def _page_hold_ms(rig: Rig, seconds: int) -> float:
    rig.ask("json status")  # what that loads is loaded
    rig.edge(WATCH)
    end_ns = rig.chip.ns + seconds * 1e9
    while rig.chip.ns < end_ns:
        next_ns = rig.chip.ns + _PAGE_ASKS_MS * 1e6
        rig.chip.usb.output.clear()
        rig.chip.usb.send(_PAGE_ASKS)
        rig.chip.run_until(lambda: rig.chip.usb.output.endswith(PROMPT))
        rig.chip.run_ms(max(1, (next_ns - rig.chip.ns) / 1e6))
    return hold_ms(rig)


def polls(rig: Rig) -> list[tuple[float, float]]:
    """When the measuring task worked on samples: ns of each beginning and end."""
    edges = [(level, at) for pin, level, at in rig.chip.pin_log if pin == POLLING]
    while edges and not edges[0][0]:
        edges.pop(0)
    starts = [at for level, at in edges if level]
    ends = [at for level, at in edges if not level]
    return list(zip(starts, ends, strict=False))


def hold_ms(rig: Rig) -> float:
    """The longest time since WATCH that the loop was held: how late a beat came."""
    beats = [at for pin, level, at in rig.chip.pin_log if pin == BEAT and level]
    return max(b - a for a, b in pairwise(beats)) / 1e6 - BEAT_MS


def reactions(rig: Rig, steps: int) -> list[float]:
    """ms from a load step above the breaker's rating to the first byte of the lower limit."""
    found = []
    for _ in range(steps):
        found.append(in_a_copy(lambda: _reaction(rig)))
        rig.chip.run_ms(_APART_MS)
    return found


def _reaction(rig: Rig) -> float:
    began_ns = rig.chip.ns
    rig.set_currents(_STEP_A, _L2_A, OFFER_A)

    def lower() -> list[float]:
        return [
            frame.start_ns
            for frame in rig.wallbox.limits(began_ns)
            if (frame.limit_ma or 0) < OFFER_A * 1000
        ]

    rig.chip.run_until(lower, 3000)
    return (lower()[0] - began_ns) / 1e6


def steady_without_heap(rig: Rig) -> bool:
    """Metering and deciding, a surge included, with the heap locked: did nothing fail?"""
    return in_a_copy(lambda: _steady_without_heap(rig))


def _steady_without_heap(rig: Rig) -> bool:
    rig.edge(LOCK)
    rig.chip.run_ms(500)
    rig.set_currents(_STEP_A, _L2_A, OFFER_A)
    rig.chip.run_ms(500)
    return "task" not in rig.ask("status")  # the supervisor names a task that has failed
