"""The meter's clock: whoever connects tells it the time, where anything there hangs on it."""

from datetime import datetime, timezone
from typing import Any, Protocol

from meter.errors import MeterError

TOLERATED_S = 5.0


class Asked(Protocol):
    """A link to a meter."""

    def ask(self, line: str) -> str:
        """The answer to a line."""

    def one(self, command: str, *keys: str) -> dict[str, Any]:
        """The one object of `json <command>`."""


def set_clock(link: Asked) -> None:
    """Set it if it is unknown or off; nothing where no wish hangs on it."""
    try:
        told = link.one("time", "time")["time"]
    except MeterError:
        return  # nothing hangs on it, or it is no such meter: whoever asked will hear
    now = datetime.now(timezone.utc)
    if told:
        off_s = (now - datetime.fromisoformat(told.replace("Z", "+00:00"))).total_seconds()
        if abs(off_s) <= TOLERATED_S:
            return
    link.ask(f"time {now:%Y-%m-%dT%H:%M:%SZ}")
