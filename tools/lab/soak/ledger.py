"""What the meter has acknowledged, and whether it still has it after whatever happened."""

import json
from pathlib import Path
from typing import Any

from lab.firmware import Console
from lab.sim.truth import Truth

from . import on_flash

KEPT_EVENTS = 60  # two files of 8 kB, of 160 bytes a line at most, keep more than the last 50
SHARE, MAH = 0.01, 25.0  # by which ampere-hours may be off: of the CTs; a window or two
SAVED_S = 3600.0 + 60.0
AS_A_MAH = 3.6


class Ledger:
    """`broken` has what was lost, as sentences."""

    def __init__(self, folder: Path, console: Console) -> None:
        self.broken: list[str] = []
        self.saved: dict[str, Any] = {}  # settings that it said it has saved
        self.perhaps: dict[str, Any] = {}  # settings whose save it did not answer
        self.typed: dict[str, Any] = {}  # settings that it has taken since its start
        self.profiles: list[dict[str, Any]] = [{}]  # what custom.json may hold
        self.pins = [""]  # which PIN may be set
        self._folder = folder
        self._console = console
        self._numbers = {"settings": 0, "energy": 0}
        self._events: dict[int, tuple[int, str]] = {}
        self._boot = 0
        self._truth_as = [0.0, 0.0, 0.0]
        self._compared: tuple[list[int], list[float]] | None = None
        self._unsaved_s = 0.0

    # -- as time passes

    def tick(self, truth: Truth, car_a: float, runs: bool, sees: bool) -> None:
        """What has truly flowed, for a meter that runs."""
        if not sees or not runs:
            self.uncertain()
        if runs:
            for channel, amps in enumerate((*truth.mains_a, car_a)):
                self._truth_as[channel] += amps * truth.dt_s
            self._unsaved_s += truth.dt_s
            if self._unsaved_s > SAVED_S:
                self.broken.append("the ampere-hours have not been saved for an hour")
                self._unsaved_s = 0.0

    def energy_saved(self) -> None:
        """A file of ampere-hours was closed."""
        self._unsaved_s = 0.0

    def started(self) -> dict[str, Any]:
        """A firmware starts with what is on the flash: those settings, checked."""
        self.typed = {}
        self.uncertain()
        self._unsaved_s = 0.0
        found = on_flash.settings(self._folder)
        either = self.saved, self.saved | self.perhaps
        if not any(all(found.get(n) == v for n, v in each.items()) for each in either):
            lost = {n: (v, found.get(n)) for n, v in self.saved.items() if found.get(n) != v}
            self.broken.append(f"saved settings are lost, (saved, found): {lost}")
        self.saved, self.perhaps = {n: found[n] for n in either[1] if n in found}, {}
        for name, before in self._numbers.items():
            number = self._numbers[name] = on_flash.pair(self._folder, name)[0]
            if number < before:
                self.broken.append(f"{name}: number {number} is the newest, after {before}")
        return found

    # -- asked of the meter

    async def check(self) -> None:
        """Compare what it says and what lies on its flash with what it has acknowledged."""
        self.look_at_events()
        for name in self._numbers:
            self._numbers[name] = max(self._numbers[name], on_flash.pair(self._folder, name)[0])
        for name, value in self.saved.items():
            answer = await self._console.ask(f"json get {name}")
            if (said := _objects(answer)) and said[0]["value"] != value and not self.typed:
                self.broken.append(f"{name} is {said[0]['value']}, though {value} is saved")
        await self.check_energy()
        self._check_profile()

    def look_at_events(self) -> None:
        """No event that was on the flash has gone, but the oldest."""
        found = on_flash.events(self._folder)
        newest = max(found, default=0)
        if newest < max(self._events, default=0):
            self.broken.append(f"event {newest} is the newest, after {max(self._events)}")
        for number in range(max(1, newest - KEPT_EVENTS), newest + 1):
            if number not in found:
                self.broken.append(f"event {number} is missing, {newest} is the newest")
            elif self._events.get(number, found[number]) != found[number]:
                self.broken.append(f"event {number} is another one than before")
        boots = [found[number][0] for number in sorted(found)]
        if boots != sorted(boots):
            self.broken.append("the events of one start are between those of another")
        self._events = found

    def uncertain(self) -> None:
        """What was measured since the last look was not all that flowed."""
        self._compared = None

    async def check_energy(self) -> None:
        """What it has counted since the last look is what has truly flowed."""
        said = _objects(await self._console.ask("json energy"))
        if not said:
            return
        mah = [channel["mah"] for channel in said[0]["energy"]]
        for channel, least in enumerate(on_flash.milliampere_hours(self._folder)):
            if mah[channel] < least:
                self.broken.append(f"channel {channel}: {mah[channel]} mAh, {least} were saved")
        if self._compared:
            for channel, (before, before_as) in enumerate(zip(*self._compared, strict=True)):
                truth = (self._truth_as[channel] - before_as) / AS_A_MAH
                counted = mah[channel] - before
                if abs(counted - truth) > SHARE * truth + MAH:
                    text = f"channel {channel}: counted {counted} mAh of {truth:.0f}"
                    self.broken.append(text)
        self._compared = mah, list(self._truth_as)

    def _check_profile(self) -> None:
        path = self._folder / "custom.json"
        try:
            found = json.loads(path.read_text()) if path.exists() else {}
        except ValueError:
            found = None
        if found not in self.profiles:
            self.broken.append(f"custom.json holds {found}, not one of {self.profiles}")
        self.profiles = [found or {}]


def _objects(answer: str) -> list[Any]:
    """The JSON in the lines of an answer."""
    found = []
    for line in answer.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found
