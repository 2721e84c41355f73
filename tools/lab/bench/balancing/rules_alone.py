"""What the rules leave to a law that has no other caution.

It sees what the scenario's CTs show, knows what each car can use, and tells each charger at once.
It keeps rule 1, with the minimum of all held but a relay's, and of rule 4 that a rise waits for
proof. What it misses of the oracle's energy nobody gets who keeps them; what ours misses beside
that is ours.
"""

import math
from collections import deque
from collections.abc import Sequence

from lab.sim.car import EFFICIENCY_OF_OFFER

from .loop import Seen
from .scenario import STEP_S, Plug, Scenario

PROOF_S = 5.0  # the setting rise_window_s as delivered


class RulesAlone:
    """Equal parts, up to what each car can use, of what has been free for PROOF_S."""

    def start(self, scenario: Scenario) -> None:
        self._limit_a = scenario.limit_a
        self._base_a: deque[float] = deque(maxlen=round(PROOF_S / STEP_S) + 1)

    def step(self, seen: Seen, plugs: Sequence[Plug]) -> Sequence[float]:
        self._base_a.append(max(seen.legs_a) - seen.ev_a)
        free_a = self._limit_a - max(self._base_a)
        offers = []
        for plug in plugs:
            least_a = _least_a(plug)
            offers.append(least_a if plug.held_a or least_a <= free_a else 0.0)
            free_a -= offers[-1]
        while free_a > 1e-9:
            left = [i for i, plug in enumerate(plugs) if 0 < offers[i] < _most_a(plug) - 1e-9]
            if not left:
                break
            part_a = min(free_a / len(left), *(_most_a(plugs[i]) - offers[i] for i in left))
            for i in left:
                offers[i] += part_a
            free_a -= part_a * len(left)
        return offers


def _able_a(plug: Plug) -> float:
    return plug.car.target_a(math.inf) / EFFICIENCY_OF_OFFER if plug.present else 0.0


def _least_a(plug: Plug) -> float:
    return max(plug.min_a, plug.car.min_a) if _able_a(plug) > 0 else 0.0


def _most_a(plug: Plug) -> float:
    """The most that it has a use for."""
    return max(_least_a(plug), min(plug.max_a, _able_a(plug)))
