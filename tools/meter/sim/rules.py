"""An independent judge of the design's rules: from the truth and the bytes on the wire.

It never asks the firmware. Rules are numbered as in the design; those that can be seen from
outside are here: 1 (headroom), 2 (range), 3 (blind means fallback and silence), 4 (slow rise),
6 (a dead meter ends in fallback), 8 (no cyclic flash writes).
"""

from collections.abc import Callable
from dataclasses import dataclass

from .breaker import Budget
from .chargers import ChargerModel
from .line import Frame, crc_ok, written

ANSWER_S = 1.0
ANSWER_DISTURBED_S = 3.0
SETTLE_S = 3.0
HEADROOM_TOLERANCE_A = 0.75
OFFER_TOLERANCE_A = 0.05
STALE_S = 0.7
FALLBACK_S = 1.1
QUIET_S = 0.3
DEAD_TIME_S = 4.8
RISE_A = 6.05
WATCHDOG_SLACK_S = 0.5


@dataclass(frozen=True)
class Breach:
    """One broken rule, with the figures that show it."""

    rule: int
    at_s: float
    text: str


@dataclass
class Conditions:
    """What the world grants the meter at this moment."""

    samples: bool = True
    firmware: bool = False
    link: bool = True
    disturbed: bool = False

    @property
    def in_command(self) -> bool:
        """Whether a working meter could see and steer now."""
        return self.samples and self.firmware and self.link


@dataclass(frozen=True)
class Truth:
    """One instant of the simulated world; `headroom_a` is that of the worse leg."""

    now_s: float
    dt_s: float
    mains_a: tuple[float, float]
    headroom_a: float
    pilot_a: float


class Judge:
    """Collects breaches in `broken`; `offer_a` is the last limit that the charger acknowledged."""

    def __init__(self, charger: ChargerModel, rated_a: float, fallback_a: float) -> None:
        self.charger = charger
        self.fallback_a = fallback_a
        self.broken: list[Breach] = []
        self.pauses = 0
        self.offer_a = charger.pilot_a
        self.flash_allowance = 0
        self._history: list[tuple[float, float]] = [(float("-inf"), self.offer_a)]
        self._budgets = (Budget(rated_a), Budget(rated_a))
        self._open: set[str] = set()
        self._since: dict[str, float] = {}
        self._sent_a = self.offer_a
        self._request: Frame | None = None
        self._conditions = Conditions()
        self._now_s = 0.0

    # -- the world, every few milliseconds

    def tick(self, truth: Truth, conditions: Conditions) -> None:
        """Judge one instant."""
        self._now_s, self._conditions = truth.now_s, conditions
        for budget, amps in zip(self._budgets, truth.mains_a, strict=True):
            budget.step(amps, truth.dt_s)
        self._judge_headroom(truth)
        self._judge_blind(truth)
        self._judge_dead(truth)
        self._judge_flash(truth)

    def _judge_headroom(self, truth: Truth) -> None:
        steering_s = self._lasting("steering", self._conditions.in_command)
        steered = steering_s > SETTLE_S
        above_minimum = truth.pilot_a > self.charger.min_a + OFFER_TOLERANCE_A
        over = truth.pilot_a - truth.headroom_a > HEADROOM_TOLERANCE_A
        answer_s = ANSWER_DISTURBED_S if self._conditions.disturbed else ANSWER_S
        self._judge(
            1,
            "headroom",
            self._lasting("over", steered and above_minimum and over) > answer_s,
            lambda: (
                f"offer {truth.pilot_a:.1f} A for over {answer_s:g} s"
                f" with {truth.headroom_a:.1f} A of headroom"
            ),
        )
        fill_s = max(budget.fill_s for budget in self._budgets)
        spent = any(budget.spent for budget in self._budgets)
        self._judge(
            1,
            "budget",
            self._lasting("spent", steered and truth.pilot_a > 0 and spent) > answer_s,
            lambda: f"offer {truth.pilot_a:.1f} A with the breaker's budget at {fill_s:.1f} s",
        )

    def _judge_blind(self, truth: Truth) -> None:
        blind = not self._conditions.samples and self._conditions.firmware
        blind_s = self._lasting("blind", blind and self._conditions.link)
        self._judge(
            3,
            "fallback",
            blind_s > FALLBACK_S and self._sent_a > self.fallback_a + OFFER_TOLERANCE_A,
            lambda: (
                f"still {self._sent_a:.1f} A on the wire {blind_s:.1f} s after the last sample"
            ),
        )

    def _judge_dead(self, truth: Truth) -> None:
        cut = not (self._conditions.firmware and self._conditions.link)
        alone_s = self._lasting("alone", cut)
        watchdog_s = self.charger.watchdog_s
        self._judge(
            6,
            "dead",
            watchdog_s is not None
            and alone_s > watchdog_s + WATCHDOG_SLACK_S
            and truth.pilot_a > self.fallback_a + OFFER_TOLERANCE_A,
            lambda: f"{truth.pilot_a:.1f} A offered {alone_s:.0f} s after the meter was gone",
        )

    def _judge_flash(self, truth: Truth) -> None:
        register, writes = max(
            self.charger.flash_writes.items(), key=lambda item: item[1], default=(0, 0)
        )
        self._judge(
            8,
            f"flash {register}",
            writes > self.flash_allowance,
            lambda: f"flash register {register} written {writes} times",
        )

    # -- the line, every frame

    def frame(self, frame: Frame) -> None:
        """A frame has passed."""
        if frame.is_request:
            self._request = frame
            self._judge_request(frame)
        elif frame.good and self._request is not None and not frame.sent[1] & 0x80:
            request, self._request = self._request, None
            raw = written(request.sent).get(self.charger.limit_register)
            if raw is not None:
                self._accepted(self.charger.limit_a(raw), request.first_s)

    def charger_booted(self) -> None:
        """The charger came up: it offers what it says after power-on."""
        self.flash_allowance += 1
        self.offer_a = self._sent_a = self.charger.pilot_a
        self._history = [(float("-inf"), self.offer_a)]

    def firmware_started(self) -> None:
        self.flash_allowance += 1

    def firmware_crashed(self, at_s: float, text: str) -> None:
        self.broken.append(Breach(6, at_s, text))

    def _judge_request(self, frame: Frame) -> None:
        quiet_s = self._since.get("blind")
        if quiet_s is not None and self.charger.watchdog_s is not None:
            quiet_s = max(quiet_s + FALLBACK_S, self._history[-1][0]) + QUIET_S
            self._judge(
                3,
                "keep-alive",
                frame.first_s > quiet_s,
                lambda: "the charger's watchdog is fed though the measurement is stale",
            )
        else:
            self._open.discard("keep-alive")
        if not crc_ok(frame.sent):
            return
        raw = written(frame.sent).get(self.charger.limit_register)
        if raw is None:
            return
        self._sent_a = amps = self.charger.limit_a(raw)
        out = amps != 0 and not self.charger.min_a <= amps <= self.charger.max_a
        self._judge(2, "range", out, lambda: f"limit register set to {raw} ({amps:g} A)")

    def _accepted(self, amps: float, first_s: float) -> None:
        before_a = self.offer_a
        if abs(amps - before_a) < OFFER_TOLERANCE_A:
            return
        self.pauses += amps == 0
        recent_a = [before_a]
        for (_, value_a), (until_s, _) in zip(self._history, self._history[1:], strict=False):
            if until_s > first_s - DEAD_TIME_S:
                recent_a.append(value_a)
        rise_a = amps - min(recent_a)
        since_s = first_s - self._history[-1][0]
        rising = amps > before_a
        self._judge(
            4,
            "rise",
            rising and (rise_a > RISE_A or since_s < DEAD_TIME_S),
            lambda: (
                f"rise from {before_a:.1f} to {amps:.1f} A, {since_s:.1f} s after the last change"
            ),
        )
        blind_s = self._since.get("blind", float("inf"))
        self._judge(
            3,
            "raise",
            rising and first_s > blind_s + STALE_S,
            lambda: f"raised to {amps:.1f} A though the measurement is stale",
        )
        self.offer_a = amps
        self._history = [*self._history[-20:], (first_s, amps)]

    # -- episodes

    def _lasting(self, name: str, is_so: bool) -> float:
        """For how long a condition has held without a break."""
        if not is_so:
            self._since.pop(name, None)
            return 0.0
        return self._now_s - self._since.setdefault(name, self._now_s)

    def _judge(self, rule: int, name: str, broken: bool, text: Callable[[], str]) -> None:
        """Record a breach when it begins, not again while it lasts."""
        if not broken:
            self._open.discard(name)
        elif name not in self._open:
            self._open.add(name)
            self.broken.append(Breach(rule, self._now_s, text()))
