"""What a charger's registers say of the car: its state, its currents, what it waits for."""

from . import words


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
            self._state.report_limit_ma = ma if ma < words.ABSURD_MA else -1

    def forget(self):
        """It does not answer any more."""
        for phase in range(len(self._state.reported_ma)):
            self._state.reported_ma[phase] = -1
        self.answer = -1

    def _pilot(self, value, block, data):
        state = self._profile.data["state"]
        self.letter = self._profile.state(value)
        if self.letter == "?" and self._profile.masked(value) in state.get("unsure", ()):
            plug = self._profile.value(state["plug"], block, data)
            self.letter = "B" if plug is not None and plug >= state["plug"]["at_least"] else "A"
        self._state.charging = self.letter == "C"
        self._state.car = self.letter in "BC"
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
