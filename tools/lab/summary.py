"""The end of a demo: figures for people, out/demo.json for machines, out/demo.png for both.

KWH_PER_100_MILES is that of a 2024 Tesla Model Y Long Range AWD, whose own charger takes 48 A: EPA
rates it at 117 MPGe combined, what charging loses included, and counts 33.7 kWh a gallon.
"""

import json
from pathlib import Path
from typing import Any

from lab.sim.faults import Fault
from lab.sim.reaction import percentile
from lab.sim.world import World, as_columns

FILE = "demo.json"
KWH_PER_100_MILES = 100 * 33.7 / 117


def figures(
    world: World,
    meter: dict[str, Any] | None,
    faults: list[Fault],
    idle: list[tuple[float, str]],
) -> dict[str, Any]:
    """What was measured, ready for JSON."""
    answered = [reaction.ms for reaction in world.reaction.done]
    urgent = [reaction.ms for reaction in world.reaction.done if reaction.above_rating]
    house_as = [
        sum(max(0.0, amps - world.limit_a) for amps in leg) * _spacing(world)
        for leg in zip(*((s.base_l1_a, s.base_l2_a) for s in world.history), strict=True)
    ]
    return {
        "duration_s": round(world.t_s, 1),
        "house": world.house.name,
        "charger": " + ".join(station.model.name for station in world.stations),
        "firmware": {
            "version": (meter or {}).get("version"),
            "micropython": (meter or {}).get("micropython"),
        },
        "limit_a": world.limit_a,
        "frames_ok": world.line.frames_ok,
        "frames_bad": world.line.frames_bad,
        "frames_lost": world.line.frames_lost,
        "overload_as": _per_leg(world.overload_as),
        "overload_by_house_alone_as": _per_leg(house_as),
        "breaker_tripped": world.tripped_at_s is not None,
        "breaker_tripped_at_s": world.tripped_at_s,
        "reaction_ms": _reaction(answered) | {"missed": world.reaction.missed},
        "reaction_above_rating_ms": _reaction(urgent),
        "kwh_delivered": round(sum(station.kwh for station in world.stations), 4),
        "kwh_oracle": round(world.oracle.kwh, 4),
        "kwh_fixed_16a": round(world.fixed.kwh, 4),
        "fixed_16a_tripped": world.fixed.tripped,
        "miles": round(miles(sum(station.kwh for station in world.stations)), 1),
        "breaker_heat_share": _per_leg([b.nearest for b in world.breakers], 3),
        "highest_a": _per_leg(world.highest_a),
        "lowered": world.judge.lowered,
        "pauses": world.judge.pauses,
        "chargers": [
            {
                "name": station.name,
                "profile": station.model.name,
                "address": station.model.address,
                "kwh": round(station.kwh, 4),
                "pauses": judge.pauses,
            }
            for station, judge in zip(world.stations, world.judge.chargers, strict=True)
        ],
        "faults": [str(fault) for fault in faults],
        "rules_broken": [
            {"rule": b.rule, "at_s": round(world.run_time_s(b.at_s), 2), "text": b.text}
            for b in world.judge.broken
        ],
        "left_idle": [
            {"at_s": round(world.run_time_s(at_s), 2), "text": text} for at_s, text in idle
        ],
        "series": as_columns(world.history),
    }


def _share(charger: dict[str, Any]) -> str:
    return f"{charger['kwh']:.2f} kWh by {charger['name']} ({charger['profile']})"


def _spacing(world: World) -> float:
    return world.t_s / max(1, len(world.history))


def miles(kwh: float) -> float:
    """How far so much energy takes a typical car."""
    return 100 * kwh / KWH_PER_100_MILES


def _far(distance_miles: float) -> str:
    return f"{distance_miles:.{0 if distance_miles >= 10 else 1}f} miles"


def _per_leg(values: list[float], digits: int = 1) -> dict[str, float]:
    return {name: round(v, digits) for name, v in zip(("L1", "L2"), values, strict=True)}


def _reaction(values_ms: list[float]) -> dict[str, Any]:
    p50, p99 = percentile(values_ms, 0.5), percentile(values_ms, 0.99)
    return {
        "p50": None if p50 is None else round(p50, 1),
        "p99": None if p99 is None else round(p99, 1),
        "n": len(values_ms),
    }


def passed(result: dict[str, Any]) -> bool:
    """Whether no rule was broken, the breaker held, and no car was left with too little."""
    bad = result["rules_broken"] or result["breaker_tripped"] or result["left_idle"]
    return not bad


def write_json(result: dict[str, Any], folder: Path) -> Path:
    """Write demo.json; returns its path."""
    path = folder / FILE
    path.write_text(json.dumps(result, indent=1) + "\n")
    return path


def tell(result: dict[str, Any]) -> str:
    """The summary in a few lines of English."""
    lines = [
        _what_ran(result),
        *_energy(result),
        *_panel(result),
        f"Modbus: {result['frames_ok']} good frames, {result['frames_bad']} bad,"
        f" {result['frames_lost']} lost.",
    ]
    reaction = result["reaction_ms"]
    if reaction["n"]:
        lines.append(
            f"From a load step to the lower limit on the wire: {reaction['p50']:.0f} ms in the"
            f" median, {reaction['p99']:.0f} ms at the 99th percentile of {reaction['n']} steps."
        )
    if result["breaker_tripped"]:
        lines.append(f"THE BREAKER TRIPPED at {result['breaker_tripped_at_s']:.1f} s.")
    for breach in result["rules_broken"]:
        lines.append(f"RULE {breach['rule']} BROKEN at {breach['at_s']:.1f} s: {breach['text']}")
    for left in result["left_idle"]:
        lines.append(f"CHARGED TOO LITTLE at {left['at_s']:.1f} s: {left['text']}")
    if passed(result):
        lines.append("No rule was broken and the breaker held.")
    return "\n".join(lines)


def duration(seconds: float) -> str:
    """A time as people say it."""
    return f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} minutes"


def _what_ran(result: dict[str, Any]) -> str:
    firmware = result["firmware"]
    how = f"{result['speed']:.0f} times as fast" if result["virtual"] else "in real time"
    return (
        f"{duration(result['duration_s'])} of {result['house']}, {how}, with Headroom"
        f" {firmware['version']} on MicroPython {firmware['micropython']}."
    )


def _energy(result: dict[str, Any]) -> list[str]:
    kwh, most_kwh, fixed_kwh = (result[f"kwh_{x}"] for x in ("delivered", "oracle", "fixed_16a"))
    share = kwh / most_kwh if most_kwh else 1.0
    lines = [
        f"Charged {kwh:.2f} kWh, {_far(result['miles'])}: {share:.0%} of what knowing the"
        f" future would have given; {result['pauses']} pauses.",
        f"A fixed 16 A would have given {fixed_kwh:.2f} kWh, {_far(miles(fixed_kwh))}"
        + (", and tripped the breaker." if result["fixed_16a_tripped"] else "."),
    ]
    if len(result["chargers"]) > 1:
        lines.append("Each: " + ", ".join(_share(charger) for charger in result["chargers"]) + ".")
    return lines


def _panel(result: dict[str, Any]) -> list[str]:
    heat, highest = result["breaker_heat_share"], result["highest_a"]
    overload, house = result["overload_as"], result["overload_by_house_alone_as"]
    return [
        f"The meter stepped in {result['lowered']} times: a car was told to take less.",
        f"The breaker came to {max(heat.values()):.0%} of the heat that trips it; the most, for a"
        f" moment, was {highest['L1']:.0f} A on L1 and {highest['L2']:.0f} A on L2.",
        f"Above the {result['limit_a']:.0f} A limit: L1 {overload['L1']:.0f} A*s,"
        f" L2 {overload['L2']:.0f} A*s"
        f" (the house alone: {house['L1']:.0f} and {house['L2']:.0f}).",
    ]
