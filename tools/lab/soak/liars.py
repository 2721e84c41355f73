"""Chargers that lie: what one is told, what it says and what it really signals may differ."""

import random

from pymodbus.constants import ExcCodes
from pymodbus.exceptions import NoSuchIdException

from lab.sim.chargers import ALL
from lab.sim.chargers.model import WRITES, ChargerModel

KINDS = {
    "stuck": "acknowledges what it is told, and keeps what it had; its registers show that",
    "hidden": "the same, but its registers show what it was told",
    "restarted": "has restarted unseen, and signals its maximum until it is told anew",
    "mute": "does as told, but acknowledges only half of it",
}
ACKNOWLEDGED = 0.5


class Liar(ChargerModel):
    """Goes before the class of a family; honest until `lie` is one of KINDS."""

    def __init__(self, *how: object) -> None:
        self.lie = ""
        self._kept_a = 0.0
        self._honest = 0  # above 0: registers are read that shall show what it was told
        self._chance = random.Random(1)
        super().__init__(*how)  # type: ignore[arg-type]

    def begin(self, lie: str) -> None:
        """Lie from now on, until the `lie` is taken back."""
        self._kept_a = self.max_a if lie == "restarted" else self.pilot_a
        self.lie = lie

    @property
    def wild(self) -> bool:  # type: ignore[override]
        """Whether nobody can lower what it signals."""
        return self.lie not in ("", "mute")

    @property
    def pilot_a(self) -> float:
        if self.wild and self.powered and not self._honest:
            return self._kept_a
        return super().pilot_a

    @property
    def unseen_a(self) -> float:  # type: ignore[override]
        if self.lie != "hidden":
            return 0.0
        return max(0.0, self.pilot_a - max(super().pilot_a, self.draw_a))

    def read(self, address: int, is_input: bool) -> int:
        if self.lie != "hidden":
            return super().read(address, is_input)
        self._honest += 1
        true_a, self.draw_a = self.draw_a, min(self.draw_a, self.pilot_a)
        try:
            return super().read(address, is_input)
        finally:
            self.draw_a = true_a
            self._honest -= 1

    def _write(self, address: int, values: list[int]) -> ExcCodes | None:
        before = dict(self.holding)
        refused = super()._write(address, values)
        if self.ordered_a({address + n: value for n, value in enumerate(values)}) is None:
            return refused
        if self.lie == "stuck":
            self.holding = before
        elif self.lie == "restarted" and refused is None:
            self.lie = ""
        return refused

    async def _action(self, function: int, *rest: object) -> ExcCodes | None:
        result = await super()._action(function, *rest)  # type: ignore[arg-type]
        done = function in WRITES and rest[-1] is not None and result is None
        if done and self.lie == "mute" and self._chance.random() >= ACKNOWLEDGED:
            raise NoSuchIdException
        return result


LIARS: dict[str, type[ChargerModel]] = {
    name: type(model.__name__ + "Liar", (Liar, model), {}) for name, model in ALL.items()
}
