"""`meter report`: a page on what a meter did: currents, charging, energy, faults, settings."""

import textwrap
from datetime import datetime
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from meter.errors import UsageError
from meter.link import Link
from meter.record import Record

INK, GRID, HOUSE, MAINS, LIMIT, DRAWN = (
    "#2b2b2b", "#e4e4e4", "#8fa8c4", "#1f4e79", "#c8452f", "#4fb477"
)  # fmt: skip
OFFERS = ("#1b5e3a", "#b8860b", "#7b4ea3", "#a34e4e")
A4_INCHES = (8.27, 11.69)
KINDS = (".pdf", ".png", ".svg")
MOST_EVENTS = 24
LEFT_COLUMNS = 40


def report(data: Path, out: Path, port: str) -> None:
    """Draw the record in `data` to `out`; with log and settings if the meter is at `port`."""
    if out.suffix not in KINDS:
        raise UsageError(f"{out} must end in one of {', '.join(KINDS)}")
    record = Record(data)
    events: list[dict[str, Any]] = []
    changed: list[str] = []
    if port:
        with Link(port) as link:
            events = link.ask_json(f"log {MOST_EVENTS}", "boot", "s", "text")
            changed = [line[4:] for line in link.ask("diff", 15).splitlines() if "set " in line]
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        draw(record, events, changed).savefig(out, dpi=120)
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror}") from None
    print(f"{out}: {len(record.answers)} answers, {span(record.seconds)}")


def draw(record: Record, events: list[dict[str, Any]], changed: list[str]) -> Figure:
    """The page."""
    legs = len(record.last["legs"])
    figure = Figure(figsize=A4_INCHES, layout="constrained")
    FigureCanvasAgg(figure)
    heights = [2.0] * legs + [2.0, 2.6]
    axes = figure.subplots(legs + 2, 1, height_ratios=heights)
    for leg in range(legs):
        _leg(axes[leg], record, leg)
    _charging(axes[legs], record)
    for plot in axes[: legs + 1]:
        plot.sharex(axes[0])
        locator = AutoDateLocator()
        plot.xaxis.set_major_locator(locator)
        plot.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        plot.grid(color=GRID, lw=0.6)
        plot.set_axisbelow(True)
        plot.tick_params(labelsize=8)
        plot.spines[["top", "right"]].set_visible(False)
        plot.legend(loc="upper left", ncols=6, fontsize=7, frameon=False)
    _words(
        axes[-1],
        _energy(record) + _wishes(record) + _faults(record),
        _events(events) + _settings(changed),
    )
    last = record.last
    figure.suptitle(
        f"Headroom {last['version']} on {last['board']}, settings {last['settings_hash']}\n"
        f"{record.times()[0]:%Y-%m-%d %H:%M} to {record.times()[-1]:%Y-%m-%d %H:%M}",
        x=0.02, ha="left", fontsize=12, color=INK,
    )  # fmt: skip
    return figure


def _leg(plot: Any, record: Record, leg: int) -> None:
    times = record.times()
    plot.fill_between(times, 0, record.leg_a(leg, "base_ma"), color=HOUSE, lw=0, label="house")
    plot.plot(times, record.leg_a(leg, "ma"), color=MAINS, lw=0.8, label="mains")
    plot.plot(times, record.leg_a(leg, "limit_ma"), color=LIMIT, lw=1.2, label="limit")
    for _, from_s, to_s in record.fault_spans():
        plot.axvspan(_day(from_s), _day(to_s), color=LIMIT, alpha=0.12, lw=0)
    keys = ("ma", "base_ma", "limit_ma")
    highest_a = max(max(record.leg_a(leg, key)) for key in keys)
    plot.set_ylim(0, 1.3 * highest_a)
    plot.set_ylabel(f"{record.last['legs'][leg]['name']} (A)")


def _charging(plot: Any, record: Record) -> None:
    times = record.times()
    plot.fill_between(times, 0, record.ev_a(), color=DRAWN, lw=0, label="cars")
    for i, charger in enumerate(record.last["chargers"]):
        colour = OFFERS[i % len(OFFERS)]
        plot.step(
            times, record.offer_a(i), color=colour, where="post", lw=1.2, label=charger["name"]
        )
    plot.set_ylim(0, 1.3 * max([10.0, *record.ev_a()]))
    plot.set_ylabel("charging (A)")


def _words(plot: Any, left: list[str], right: list[str]) -> None:
    plot.axis("off")
    for x, lines in ((0.0, left), (0.29, right)):
        plot.text(
            x, 1.0, "\n".join(lines), transform=plot.transAxes, va="top",
            family="monospace", fontsize=6, color=INK,
        )  # fmt: skip


def _energy(record: Record) -> list[str]:
    last = record.last
    volts = last["nominal_v"]
    rows = [(leg["name"], record.leg_a(i, "ma"), volts) for i, leg in enumerate(last["legs"])]
    rows.append(("EV", record.ev_a(), volts * max(1, len(last["legs"]))))
    lines = ["ENERGY", f"{'':4}{'mean A':>8}{'max A':>8}{'Ah':>8}{'kWh, about':>12}"]
    for name, amperes, at_v in rows:
        charge_ah = record.ampere_hours(amperes)
        lines.append(
            f"{name:4}{sum(amperes) / len(amperes):8.1f}{max(amperes):8.1f}{charge_ah:8.1f}"
            f"{charge_ah * at_v / 1000:12.2f}"
        )
    return [*lines, f"an estimate: {volts} V, power factor 1", "", *_measured(record)]


def _measured(record: Record) -> list[str]:
    """What was drawn and fed in by the measured voltage, nothing without one."""
    if "voltage" not in record.last:
        return []
    lines = ["MEASURED", f"{'':6}{'imported kWh':>14}{'exported kWh':>14}"]
    for name in [total["name"] for total in record.last["energy"]] + ["house"]:
        kwh = [(record.watt_hours(name, key) or 0) / 1000 for key in ("import_wh", "export_wh")]
        lines.append(f"{name:6}{kwh[0]:14.2f}{kwh[1]:14.2f}")
    volts = record.last["voltage"]
    lowest, highest = volts["low_mv"] / 1000, volts["high_mv"] / 1000
    return [*lines, f"{lowest:.1f} V to {highest:.1f} V since the meter's start", ""]


def _wishes(record: Record) -> list[str]:
    """How each charger was to charge, nothing where nothing was wished."""
    if "planning" not in record.last:
        return []
    lines = ["WISHES"]
    for i, charger in enumerate(record.last["chargers"]):
        lines.append(f"{charger['name']}: {', '.join(sorted(record.modes(i)))}")
    surplus = [answer.get("planning", {}).get("surplus_w") for answer in record.answers]
    known = [watts for watts in surplus if watts is not None]
    if known:
        lines.append(f"surplus: {sum(known) / len(known):.0f} W mean, {max(known)} W at most")
    return [*lines, ""]


def _faults(record: Record) -> list[str]:
    lines = ["FAULTS"]
    for fault, from_s, to_s in record.fault_spans():
        text = f"{_day(from_s):%H:%M:%S} for {to_s - from_s:.0f} s: {fault}"
        lines += textwrap.wrap(text, LEFT_COLUMNS, subsequent_indent="  ")
    return [*lines[:MOST_EVENTS], *(["none"] if len(lines) == 1 else [])]


def _events(events: list[dict[str, Any]]) -> list[str]:
    lines = [f"{event['boot']:3} +{event['s']:7} s  {_cut(event['text'], 92)}" for event in events]
    return ["EVENTS (start, seconds since then)", *(lines or ["the meter was not asked"]), ""]


def _settings(changed: list[str]) -> list[str]:
    lines = [_cut(", ".join(changed[i : i + 3]), 96) for i in range(0, len(changed), 3)]
    return ["SETTINGS that differ from the factory's", *(lines or ["none, or not asked"])]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _day(at_s: float) -> Any:
    return datetime.fromtimestamp(at_s)


def span(seconds: float) -> str:
    """How long, in the unit that says it."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
