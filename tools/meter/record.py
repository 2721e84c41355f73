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
                answer["time_s"], answer["legs"], answer["chargers"]
            except (ValueError, TypeError, KeyError):
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
        """A figure of a leg ("ma", "base_ma", "limit_ma") in A."""
        return [answer["legs"][leg][figure] / 1000 for answer in self.answers]

    def ev_a(self) -> list[float]:
        """The current of the EV branch in A; 0 where it has no CT."""
        return [max(0, answer["ev_ma"]) / 1000 for answer in self.answers]

    def offer_a(self, charger: int) -> list[float]:
        """What a charger was offered, in A; 0 where nothing was."""
        return [max(0, answer["chargers"][charger]["offer_ma"]) / 1000 for answer in self.answers]

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


def _counter(answer: dict[str, Any], name: str, key: str) -> int | None:
    """A counter of watt-hours in one answer, None if it has none."""
    if name == "house":
        found = answer.get("house", {}).get(key)
    else:
        totals = {total["name"]: total for total in answer.get("energy", ())}
        found = totals.get(name, {}).get(key)
    return None if found is None else int(found)
