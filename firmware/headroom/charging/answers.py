"""What a charger's registers say of the car: its state, its currents, what it waits for."""

from micropython import const

from . import words

_CLOSE_MA = const(1000)  # nearer to what it refused it is not tried


class Answers:
    """Reads the blocks of one charger into its ChargerState.

    letter    state of the pilot: A no car, B car, C charging, E error, "?" not known
    answer    the value that its handshake waits for, -1 if it waits for none
    absurd    its currents can't be: they are read as another type or word order than they are
    """

    def __init__(self, profile, state):
        self._profile = profile
        self._state = state
        self.letter = "?"
        self.answer = -1
        self.absurd = False
        self._cap_ma = -1  # as its register says
        self._taken_ma = self._refused_ma = -1  # the most that it took, the least that it did not

    def understand(self, block, data):
        """Take in what a read of `block` gave."""
        value = self._profile.value(self._profile.data["state"], block, data)
        if value is not None:
            self._pilot(value, block, data)
        self._currents(block, data)
        cap = self._profile.data.get("cap")
        value = self._profile.value(cap, block, data) if cap else None
        if value is not None:
            ma = words.milliamperes(value, cap) if value > 0 else -1
            self._cap_ma = ma if ma < words.ABSURD_MA else -1
            self._limit()

    def took(self, ma):
        """It acknowledged this limit."""
        if ma > self._taken_ma:
            self._taken_ma = ma
            self._limit()

    def refused(self, ma):
        """It refused this limit: is that only more than it can? Then half way is tried next."""
        if not 0 < self._taken_ma < ma:
            return False
        self._refused_ma = ma
        self._limit()
        return True

    def _limit(self):
        ma = self._cap_ma
        if self._refused_ma > 0:
            room_ma = self._refused_ma - self._taken_ma
            most_ma = self._taken_ma + (room_ma // 2 if room_ma > _CLOSE_MA else 0)
            ma = most_ma if ma < 0 else min(ma, most_ma)
        self._state.report_limit_ma = ma

    def forget_refusal(self):
        """It may take more by now."""
        self._refused_ma = -1
        self._limit()

    def forget(self):
        """It does not answer any more."""
        for phase in range(len(self._state.reported_ma)):
            self._state.reported_ma[phase] = -1
        self.answer = -1
        self._taken_ma = -1
        self.forget_refusal()

    def _pilot(self, value, block, data):
        state = self._profile.data["state"]
        self.letter = self._profile.state(value)
        if self.letter == "?" and self._profile.masked(value) in state.get("unsure", ()):
            plug = self._profile.value(state["plug"], block, data)
            self.letter = "B" if plug is not None and plug >= state["plug"]["at_least"] else "A"
        self._state.charging = self.letter == "C"
        self._state.car = self.letter in "BC"
        if not self._state.car:  # the next may come with another cable
            self._taken_ma = -1
            self.forget_refusal()
        self.answer = -1
        handshake = self._profile.data.get("handshake")
        if handshake and self._state.offer_ma >= self._state.min_ma:
            for asked, answer in handshake["answers"]:
                if value == asked:
                    self.answer = answer

    def _currents(self, block, data):
        items = self._profile.data.get("current", ())
        if not items or self._profile.value(items[0], block, data) is None:
            return
        self.absurd = False
        for phase in range(len(items)):
            value = self._profile.value(items[phase], block, data)
            ma = words.milliamperes(value, items[phase])
            if not 0 <= ma < words.ABSURD_MA:
                self.absurd = True
                ma = -1
            self._state.reported_ma[phase] = ma
        self._state.reported_age_ms = 0
