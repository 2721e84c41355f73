"""The rules that concern one charger: 2 (range), 3 (blind means fallback and silence),
4 (slow rise), 6 (a dead meter ends in fallback), 8 (no cyclic flash writes).
"""

from .chargers import ChargerModel
from .episodes import Episodes
from .frames import Frame, crc_ok, written
from .last_change import LastChange
from .truth import Conditions

SETTLE_S = 3.0
OFFER_TOLERANCE_A = 0.05
STALE_S = 0.7
FALLBACK_S = 1.1
LAST_WORDS_S = 1.0  # before its restart a blind meter tells everyone the fallback once more
UNSEEN_S = 2.0  # a restart that is over by then can't be noticed by three time-outs
QUIET_S = 0.3
WATCHDOG_SLACK_S = 0.5
LOWERED_A = 1.0  # less is a lamp


class ChargerJudge:
    """`offer_a` is what the charger offered after the last order that it acknowledged, `sent_a`
    what it was last told on the line.

    `pauses` and `lowered` count the orders that it acknowledged: to 0, to LOWERED_A less or more.
    `steered` tells whether a working meter has had time to take command of it.
    """

    def __init__(
        self, name: str, model: ChargerModel, fallback_a: float, episodes: Episodes
    ) -> None:
        self.name = name
        self.model = model
        self.fallback_a = fallback_a
        self.pauses = self.lowered = 0
        self.steered = False
        self.flash_allowance = 0
        self._episodes = episodes
        self._request: Frame | None = None
        self._broadcast: Frame | None = None  # which nobody acknowledges
        self._fed_s: float | None = None  # since when its watchdog is fed though we are blind
        self.sent_a = 0.0
        self._told_s = float("-inf")  # since when it is told `sent_a`
        self._told = False  # a limit, since it has been alone
        self._fresh = False  # has not told it a limit since the firmware's start
        self._repeats_a = -1.0  # told before a restart too short to see; -1: nothing
        self._last_change = LastChange(model)
        self.look_again()

    def look_again(self) -> None:
        """What it offers is none of the meter's doing: it came up, or has ceased to lie."""
        self._repeats_a, self._repeats_s = self.sent_a, self._told_s
        self.offer_a = self.sent_a = self._pilot_a = self.model.pilot_a
        self._pilot_since_s = float("inf")
        self._last_change.forget()

    @property
    def held_a(self) -> float:
        """What it may be held at though there is no headroom for it."""
        return self.model.held_a

    def booted(self) -> None:
        """The charger came up: it offers what it says after power-on."""
        self.flash_allowance += 1
        self.look_again()

    def firmware_started(self) -> None:
        """A new firmware may write each flash register once, and tells the fallback if blind."""
        self.flash_allowance += 1
        self._fresh = True
        self._repeats_a = -1.0
        self._fed_s = None
        self._episodes.lasting("blind", False)
        self._episodes.lasting("commanded", False)

    # -- every few milliseconds

    def tick(self, now_s: float, pilot_a: float, link: bool, conditions: Conditions) -> None:
        """Judge one instant."""
        self._episodes.now_s = now_s
        commanded = conditions.sees and conditions.firmware and link
        self.steered = self._episodes.lasting("commanded", commanded) > SETTLE_S
        blind = conditions.firmware and link and not conditions.sees
        blind_s = self._episodes.lasting("blind", blind)
        alone_s = self._episodes.lasting("alone", not (conditions.firmware and link))
        if alone_s > UNSEEN_S:
            self._repeats_a = -1.0
        watchdog_s = self.model.watchdog_s
        too_much_a = self.fallback_a + OFFER_TOLERANCE_A
        self._judge(
            3,
            "fallback",
            blind_s > FALLBACK_S and self.sent_a > too_much_a,
            f"still {self.sent_a:.1f} A on the wire {blind_s:.1f} s after the last good sample",
        )
        if not blind:
            self._fed_s = None
        self._judge(
            3,
            "keep-alive",
            self._fed_s is not None and now_s - self._fed_s > LAST_WORDS_S,
            "its watchdog is fed though the measurement is stale",
        )
        self._told = self._told and alone_s == 0.0
        self._judge(
            6,
            "resumed",
            link
            and not (self._told or self.model.wild)
            and pilot_a > max(too_much_a, self._pilot_a),
            f"went back to {pilot_a:.1f} A before it was told a limit",
        )
        if pilot_a != self._pilot_a:
            self._pilot_a, self._pilot_since_s = pilot_a, now_s
        if self._request is None and self._broadcast is None:
            self.offer_a = min(self.offer_a, pilot_a)  # it has fallen by itself
        self._last_change.watch(now_s, self.offer_a)
        self._judge(
            6,
            "dead",
            watchdog_s is not None
            and alone_s > watchdog_s + WATCHDOG_SLACK_S
            and not self.model.wild
            and pilot_a > too_much_a,
            f"{pilot_a:.1f} A offered {alone_s:.0f} s after the meter was gone",
        )
        register, writes = max(
            self.model.flash_writes.items(), key=lambda item: item[1], default=(0, 0)
        )
        self._judge(
            8,
            f"flash {register}",
            writes > self.flash_allowance,
            f"flash register {register} was written {writes} times",
        )

    def switched(self, amps: float, now_s: float) -> None:
        """One without a bus: what it is told, it has."""
        self.sent_a, self._told = amps, True
        self._accepted(amps, now_s)

    # -- every frame

    def frame(self, frame: Frame) -> None:
        """A frame has passed."""
        if frame.is_request and self.model.hears(frame.unit):
            if frame.unit == self.model.address:
                self._request = frame
            else:
                self._broadcast = frame
            self._judge_request(frame)
        elif not frame.is_request and frame.unit == self.model.address:
            request, self._request = self._request, None
            if frame.good and request is not None and not frame.sent[1] & 0x80:
                if not written(request.sent):
                    self._last_change.read(frame.first_s)
                order = request if written(request.sent) else self._broadcast
                self._broadcast = None
                if order is not None and not self.model.wild:
                    self._accepted(self.model.pilot_a, order.first_s)

    def _judge_request(self, frame: Frame) -> None:
        blind_since_s = self._episodes.since("blind")
        if blind_since_s is not None and self.model.watchdog_s is not None:
            silent_s = max(blind_since_s + FALLBACK_S, self._last_change.at_s) + QUIET_S
            if frame.first_s > silent_s and self._fed_s is None:
                self._fed_s = frame.first_s
        if not crc_ok(frame.sent):
            return
        amps = self.model.ordered_a(written(frame.sent))
        if amps is None:
            return
        if amps != self.sent_a:
            self._told_s = frame.first_s
        self.sent_a, self._told = amps, True
        out = amps != 0 and not self.model.min_a <= amps <= self.model.max_a
        self._judge(2, "range", out, f"it was told {amps:g} A")

    def _accepted(self, amps: float, first_s: float) -> None:
        before_a = self.offer_a
        if abs(amps - before_a) < OFFER_TOLERANCE_A:
            return
        self.pauses += amps == 0
        self.lowered += amps <= before_a - LOWERED_A
        since_s = first_s - self._last_change.at_s
        rising = amps > before_a
        fresh, self._fresh = self._fresh and amps <= self.fallback_a, False
        repeats_a, self._repeats_a = self._repeats_a, -1.0
        self._judge(
            4,
            "rise",
            rising
            and not fresh
            and self.model.plugged  # without a car nothing rises
            and amps > repeats_a
            and (amps - before_a > self.model.step_a or not self._last_change.shown(first_s)),
            f"rise from {before_a:.1f} to {amps:.1f} A, {since_s:.1f} s after the last change",
        )
        blind_since_s = self._episodes.since("blind")
        self._judge(
            3,
            "raise",
            rising
            and not fresh
            and blind_since_s is not None
            and first_s > blind_since_s + STALE_S,
            f"raised to {amps:.1f} A though the measurement is stale",
        )
        # an order may have been taken before one was acknowledged
        taken_s = self._pilot_since_s if self._pilot_a == amps else first_s
        self.offer_a = amps
        if amps == repeats_a:
            self._last_change.obey(self._repeats_s, first_s, amps, rising)
        else:
            self._last_change.change(min(first_s, taken_s), rising)

    def _judge(self, rule: int, name: str, broken: bool, text: str) -> None:
        self._episodes.judge(rule, name, broken, lambda: f"{self.name}: {text}")
