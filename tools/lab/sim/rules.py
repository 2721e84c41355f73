"""An independent judge of the design's rules: from the truth and the bytes on the wire.

It never asks the firmware. Rules are numbered as in the design; those that can be seen from
outside are judged: 1 (headroom) and 4 (proof) here for the house, the others in charger_rules.py
per charger.
"""

from collections.abc import Callable, Sequence

from .breaker import Budget
from .charger_rules import OFFER_TOLERANCE_A, ChargerJudge
from .chargers import ChargerModel
from .episodes import Breach, Episodes
from .frames import Frame
from .proof import Proof
from .truth import Conditions, Truth

ANSWER_S = 1.0
ANSWER_DISTURBED_S = 3.0
ANSWER_LIED_TO_S = 9.0  # the dead time of a car, and 3 s
HEADROOM_TOLERANCE_A = 0.75
RISE_WINDOW_S = 5.0  # the setting's default; none that the lab uses is shorter, but the soak's


class Judge:
    """Collects breaches in `broken`; `chargers` are the judges of each charger, in order."""

    def __init__(
        self, stations: Sequence[tuple[str, ChargerModel]], rated_a: float, fallback_a: float
    ) -> None:
        self.broken: list[Breach] = []
        self.chargers = [
            ChargerJudge(name, model, fallback_a, Episodes(self.broken))
            for name, model in stations
        ]
        self._episodes = Episodes(self.broken)
        self._budgets = (Budget(rated_a), Budget(rated_a))
        self.proof = Proof(RISE_WINDOW_S)

    @property
    def pauses(self) -> int:
        """How often a charge was interrupted."""
        return sum(charger.pauses for charger in self.chargers)

    @property
    def lowered(self) -> int:
        """How often a charger was told clearly less."""
        return sum(charger.lowered for charger in self.chargers)

    def tick(self, truth: Truth, conditions: Conditions) -> None:
        """Judge one instant."""
        self._episodes.now_s = truth.now_s
        for budget, amps in zip(self._budgets, truth.mains_a, strict=True):
            budget.step(amps, truth.dt_s)
        for charger, pilot_a, link in zip(self.chargers, truth.pilots_a, truth.links, strict=True):
            charger.tick(truth.now_s, pilot_a, link, conditions)
        sees = conditions.sees and conditions.firmware and all(truth.links)
        honest = not (conditions.disturbed or conditions.lied_to)
        self.proof.tick(truth.now_s, truth.headroom_a, sees and honest)
        self._judge_headroom(truth, conditions)
        self._judge_budget(truth, conditions)

    def frame(self, frame: Frame) -> None:
        """A frame has passed."""
        before_a = [charger.offer_a for charger in self.chargers]
        for charger in self.chargers:
            charger.frame(frame)
        self._judge_proof(before_a, frame.first_s)

    def switched(self, charger: ChargerJudge, amps: float, now_s: float) -> None:
        """One of the chargers has no bus, and was switched."""
        before_a = [other.offer_a for other in self.chargers]
        charger.switched(amps, now_s)
        self._judge_proof(before_a, now_s)

    def firmware_started(self) -> None:
        """It knows nothing of the time before: until it does, the fallback is what it may tell."""
        self.proof.clear()
        for charger in self.chargers:
            charger.firmware_started()

    def firmware_crashed(self, at_s: float, text: str) -> None:
        self.broken.append(Breach(6, at_s, text))

    def _judge_proof(self, before_a: list[float], at_s: float) -> None:
        offers_a = [charger.offer_a for charger in self.chargers]
        rises = any(now_a > was_a for was_a, now_a in zip(before_a, offers_a, strict=True))
        if rises and (proven_a := self.proof.proven_a(at_s)) is not None:
            self._episodes.judge(
                4,
                "proof",
                sum(offers_a) > proven_a + HEADROOM_TOLERANCE_A,
                lambda: f"raised to {sum(offers_a):.1f} A of {proven_a:.1f} A that have lasted",
            )

    def _judge_headroom(self, truth: Truth, conditions: Conditions) -> None:
        offer_a = sum(truth.pilots_a) - sum(charger.model.unseen_a for charger in self.chargers)
        over = offer_a - truth.headroom_a > HEADROOM_TOLERANCE_A
        could_fall = any(  # one that lies does as it likes
            charger.steered
            and not charger.model.wild
            and pilot_a > charger.held_a + OFFER_TOLERANCE_A
            for charger, pilot_a in zip(self.chargers, truth.pilots_a, strict=True)
        )
        self._judge_lasting(
            "headroom",
            over and could_fall,
            conditions,
            lambda seconds: (
                f"offer {offer_a:.1f} A for over {seconds:g} s"
                f" with {truth.headroom_a:.1f} A of headroom"
            ),
        )

    def _judge_budget(self, truth: Truth, conditions: Conditions) -> None:
        offer_a = sum(
            pilot_a
            for charger, pilot_a in zip(self.chargers, truth.pilots_a, strict=True)
            if charger.steered
        )
        fill_s = max(budget.fill_s for budget in self._budgets)
        spent = any(budget.spent for budget in self._budgets)
        self._judge_lasting(
            "budget",
            spent and offer_a > 0,
            conditions,
            lambda _: f"offer {offer_a:.1f} A with the breaker's budget at {fill_s:.1f} s",
        )

    def _judge_lasting(
        self, name: str, wrong: bool, conditions: Conditions, text: Callable[[float], str]
    ) -> None:
        """Rule 1 is broken once a thing is wrong for longer than an answer may take."""
        answer_s = ANSWER_DISTURBED_S if conditions.disturbed else ANSWER_S
        answer_s = ANSWER_LIED_TO_S if conditions.lied_to else answer_s
        lasting_s = self._episodes.lasting(name, wrong)
        self._episodes.judge(1, name, lasting_s > answer_s, lambda: text(answer_s))
