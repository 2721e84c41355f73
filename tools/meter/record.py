"""A record of a meter, as `meter monitor --record` writes it: one status a line, with its time."""

import json
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from meter.errors import UsageError

LONGEST_GAP_S = 120.0  # beyond it nothing is known of the time between two answers


class Record:
    """The answers of a file, in order; UsageError if there are none."""

    def __init__(self, path: Path) -> None:
        self.answers: list[dict[str, Any]] = []
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeError) as error:
            raise UsageError(f"cannot read {path}: {error}") from None
        for line in lines:
            try:
                answer = json.loads(line)
                _check(answer)
            except (ValueError, TypeError, KeyError, OverflowError, OSError):
                continue  # cut off, or something else
            self.answers.append(answer)
        if len(self.answers) < 2:
            raise UsageError(f"{path} is no record: make one with `meter monitor PORT --record`")

    @property
    def last(self) -> dict[str, Any]:
        return self.answers[-1]

    @property
    def seconds(self) -> float:
        """From the first answer to the last."""
        return float(self.last["time_s"] - self.answers[0]["time_s"])

    def times(self) -> list[datetime]:
        """When each answer came."""
        return [datetime.fromtimestamp(answer["time_s"]) for answer in self.answers]

    def leg_a(self, leg: int, figure: str) -> list[float]:
        """A figure of a leg ("ma", "base_ma", "limit_ma") in A; 0 while it was none."""
        name = self.last["legs"][leg]["name"]
        return [_named(answer["legs"], name).get(figure, 0) / 1000 for answer in self.answers]

    def ev_a(self) -> list[float]:
        """The current of the EV branch in A; 0 where it has no CT."""
        return [max(0, answer["ev_ma"]) / 1000 for answer in self.answers]

    def offer_a(self, charger: int) -> list[float]:
        """What a charger was offered, in A; 0 where nothing was."""
        name = self.last["chargers"][charger]["name"]
        offers = [_named(answer["chargers"], name).get("offer_ma", 0) for answer in self.answers]
        return [max(0, offer) / 1000 for offer in offers]

    def modes(self, charger: int) -> set[str]:
        """How a charger was to charge, while it was there."""
        name = self.last["chargers"][charger]["name"]
        found = [_named(answer["chargers"], name) for answer in self.answers]
        return {one.get("mode", "?") for one in found if one}

    def ampere_hours(self, amperes: list[float]) -> float:
        """The integral, by trapezoids; gaps are left out."""
        total_as = 0.0
        for i in range(1, len(amperes)):
            gap_s = self.answers[i]["time_s"] - self.answers[i - 1]["time_s"]
            if 0 < gap_s <= LONGEST_GAP_S:
                total_as += gap_s * (amperes[i] + amperes[i - 1]) / 2
        return total_as / 3600

    def watt_hours(self, name: str, key: str) -> int | None:
        """Energy of a channel, or of the "house", since the record began; None without a voltage.

        key  "import_wh" or "export_wh". The counters outlive a restart, less its last hour.
        """
        counted = [
            wh for answer in self.answers if (wh := _counter(answer, name, key)) is not None
        ]
        steps = (max(0, after - before) for before, after in pairwise(counted))
        return sum(steps) if counted else None

    def fault_spans(self) -> list[tuple[str, float, float]]:
        """(fault, seconds since 1970 from, to), each as long as it held."""
        spans: list[tuple[str, float, float]] = []
        since: dict[str, float] = {}
        for answer in self.answers:
            for fault in answer["faults"]:
                since.setdefault(fault, answer["time_s"])
            for fault in set(since) - set(answer["faults"]):
                spans.append((fault, since.pop(fault), answer["time_s"]))
        spans += [(fault, from_s, self.last["time_s"]) for fault, from_s in since.items()]
        return sorted(spans, key=lambda span: span[1])


def _check(answer: dict[str, Any]) -> None:
    """Raise whatever it may, unless a page can be drawn from it."""
    datetime.fromtimestamp(answer["time_s"])
    figures = [leg[key] for leg in answer["legs"] for key in ("ma", "base_ma", "limit_ma")]
    figures += [charger["offer_ma"] for charger in answer["chargers"]]
    [float(figure) for figure in (*figures, answer["ev_ma"])]
    names = [row["name"] for key in ("legs", "chargers") for row in answer[key]]
    ",".join([*names, *answer["faults"]])


def _named(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """The leg or charger of that name; empty where there was none: settings change in a record."""
    return next((row for row in rows if row["name"] == name), {})


def _counter(answer: dict[str, Any], name: str, key: str) -> int | None:
    """A counter of watt-hours in one answer, None if it has none."""
    if name == "house":
        found = answer.get("house", {}).get(key)
    else:
        totals = {total["name"]: total for total in answer.get("energy", ())}
        found = totals.get(name, {}).get(key)
    return None if found is None else int(found)
