"""What happens in an hour of a soak: the same for the same seed, day and hour."""

import random
from dataclasses import dataclass

from .liars import KINDS

SLOT_S = 150.0
CALM_S = 40.0  # at the end of each slot, in which everything has to be well again
CHARGERS = 3
LINE = ("noise", "garble", "drop", "delay", "line_cut")
CLIPPED = "ct_clipped_l1"
BLINDING = ("samples_off", "ct_open_l1", "ct_open_l2", "ct_open_ev", CLIPPED)
TROUBLES = ("nothing", "line", "blinding", "lie", "charger_off")
POWER = ("power", "power of all", "flash", "flash")
FLASH_CHANGES = 14  # of a start, a save and the restart after it


@dataclass(frozen=True)
class Happening:
    """From `start_s` of the run until `end_s`: `what`, of the charger with that index."""

    start_s: float
    end_s: float
    what: str
    charger: int = 0


def plan(seed: str, hour: int) -> list[Happening]:
    """The happenings of this hour, in order: a trouble a slot, cars that come and go, a person.

    Nothing restarts the meter in the second half of an even hour and the first of an odd one,
    where there is an "onlooker" instead of a "person": so it also lives for an hour.
    """
    chance = random.Random(f"{seed}/{hour}/happenings")
    slots = round(3600 / SLOT_S)
    happenings = []
    for slot in range(slots):
        start_s = hour * 3600.0 + slot * SLOT_S
        steady = (slot < slots // 2) == (hour % 2 == 1)
        happenings.append(_trouble(chance, start_s, TROUBLES if steady else TROUBLES + POWER))
        person = "onlooker" if steady else "person"
        for what in (person,) * chance.randint(1, 2) + ("car",) * chance.randint(0, 1):
            at_s = start_s + chance.uniform(0.0, SLOT_S)
            happenings.append(Happening(at_s, at_s, what, chance.randrange(CHARGERS)))
    return sorted(happenings, key=lambda happening: happening.start_s)


def _trouble(chance: random.Random, slot_s: float, kinds: tuple[str, ...]) -> Happening:
    kind = chance.choice(kinds)
    if kind == "line":
        kind = chance.choice(LINE)
    elif kind == "blinding":
        kind = chance.choice(BLINDING)
    elif kind == "lie":
        kind = chance.choice(list(KINDS))
    start_s = slot_s + chance.uniform(0.0, 30.0)
    longest_s = slot_s + SLOT_S - CALM_S - start_s
    end_s = start_s + chance.uniform(1.0, longest_s) * chance.choice((0.1, 0.5, 1.0))
    return Happening(start_s, end_s, kind, chance.randrange(CHARGERS))
