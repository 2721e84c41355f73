"""Breaches of the rules, and for how long things have been so."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Breach:
    """One broken rule, with the figures that show it."""

    rule: int
    at_s: float
    text: str


class Episodes:
    """Appends to `broken` when a breach begins, not again while it lasts."""

    def __init__(self, broken: list[Breach]) -> None:
        self.broken = broken
        self.now_s = 0.0
        self._open: set[str] = set()
        self._since: dict[str, float] = {}

    def lasting(self, name: str, is_so: bool) -> float:
        """For how many seconds a condition has held without a break."""
        if not is_so:
            self._since.pop(name, None)
            return 0.0
        return self.now_s - self._since.setdefault(name, self.now_s)

    def since(self, name: str) -> float | None:
        """When a condition that still holds began."""
        return self._since.get(name)

    def judge(self, rule: int, name: str, broken: bool, text: Callable[[], str]) -> None:
        """Note a breach of `rule` if it is `broken` and was not at the last call."""
        if not broken:
            self._open.discard(name)
        elif name not in self._open:
            self._open.add(name)
            self.broken.append(Breach(rule, self.now_s, text()))
