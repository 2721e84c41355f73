"""Chargers that lie: what one is told, says and really does may differ.

A lie stands between the register model of its `Plug` and the world. `wild` tells that nobody can
lower what truly flows: that much is the liar's own, and the others must make room for it.
"""

import random

from plug import FAMILIES, WRITES, Honest
from scripted_line import with_crc

# What 1 A is in the limit register, and in how many words.
LIMITS = {
    "abb": (1000, 2),
    "cfos": (10, 1),
    "eprowallbox": (1000, 2),
    "esp32_evse": (10, 1),
    "evse_wb": (1, 1),
    "heidelberg": (10, 1),
    "obo": (1, 1),
    "phoenix": (1, 1),
}
READS = (3, 4)
BUSY = 6


class Stuck(Honest):
    """Holds `a`, or what it had, and acknowledges what it is told.

    Its registers show that, or they are `hidden`: they show what it was told.
    """

    wild = True

    def __init__(self, plug, a=None, hidden=False):
        self.hidden = hidden
        self._a = plug.lie.pilot_a(plug) if a is None else a
        if a is not None and not hidden:
            per_a, words = LIMITS[plug.model.name]
            raw = int(a * per_a)
            first = plug.model.limit_register
            held = {first: raw} if words == 1 else {first: raw >> 16, first + 1: raw & 0xFFFF}
            plug.model.holding.update(held)

    def pilot_a(self, plug):
        return self._a

    def shown_a(self, plug):
        return min(plug.true_a, plug.model.pilot_a) if self.hidden else plug.true_a

    def exchange(self, plug, frame):
        model = plug.model
        before = dict(model.holding)
        current_da = getattr(model, "current_da", 0)
        reply = plug.server.answer(frame)
        if frame[1] in WRITES and not self.hidden:
            kept = {r: v for r, v in before.items() if r not in model.flash_registers}
            model.holding.update(kept)
            if current_da:
                model.current_da = current_da
        return reply


class Restarted(Honest):
    """Lost its power for a moment; until it is told anew it offers its maximum.

    `hidden` until it has answered again: before that nobody can know.
    """

    def __init__(self, plug, boot_s, forgets=False):
        model = plug.model
        model.power_off()
        if forgets:
            model.holding.update(plug.as_sold)
        model.boot_s = boot_s
        model.power_on()
        self.wild = self.hidden = True

    def pilot_a(self, plug):
        return plug.model.max_a if self.wild else plug.model.pilot_a

    def exchange(self, plug, frame):
        reply = plug.server.answer(frame)
        self.hidden = self.hidden and reply is None
        if plug.orders(frame) and (reply is not None or frame[0] == plug.model.broadcast):
            if plug.model.addressable and (reply is None or not reply[1] & 0x88):
                self.wild = False
        return reply


class Mute(Honest):
    """Takes what it is told, but acknowledges only a share of it."""

    def __init__(self, share=0.0, seed=1):
        self._share, self._chance = share, random.Random(seed)

    def exchange(self, plug, frame):
        reply = plug.server.answer(frame)
        lost = frame[1] in WRITES and self._chance.random() >= self._share
        return None if lost else reply


class CutAfterARaise(Honest):
    """Its cable is cut just when it has taken a raise: the reply is the first that is missing."""

    def exchange(self, plug, frame):
        before_a = plug.model.pilot_a
        reply = plug.server.answer(frame)
        plug.cut = plug.model.pilot_a > before_a
        return None if plug.cut else reply


class Greedy(Honest):
    """Its car draws a tenth more than it is told."""

    gain = 1.1


class Late(Honest):
    """Every reply comes so many milliseconds late."""

    def __init__(self, line, least_ms, most_ms, seed=1):
        self._line, self._range_ms = line, (least_ms, most_ms)
        self._chance = random.Random(seed)

    def exchange(self, plug, frame):
        reply = plug.server.answer(frame)
        if reply is not None:
            self._line.arrive(reply, self._chance.uniform(*self._range_ms))


class Foreign(Honest):
    """A share of its replies are another charger's: the last reply on the line that wasn't its."""

    def __init__(self, line, share=0.3, seed=1):
        self._line, self._share, self._chance = line, share, random.Random(seed)

    def exchange(self, plug, frame):
        reply = plug.server.answer(frame)
        if reply is None or self._chance.random() >= self._share:
            return reply
        others = [heard for heard in self._line.replies if heard[0] != reply[0]]
        return others[-1] if others else with_crc([reply[0] + 1, *reply[1:-2]])


class Reports(Honest):
    """The current that it reports stays at `a`, or at what it was when this began."""

    def __init__(self, plug, a=None):
        self._a = plug.true_a if a is None else a

    def shown_a(self, plug):
        return self._a


class Busy(Honest):
    """Refuses to have its currents read: exception 6, for their block alone."""

    def exchange(self, plug, frame):
        first = FAMILIES[plug.model.name][1]
        start, count = int.from_bytes(frame[2:4], "big"), int.from_bytes(frame[4:6], "big")
        if frame[1] in READS and first is not None and start <= first < start + count:
            return with_crc([frame[0], frame[1] | plug.model.exception_bit, BUSY])
        return plug.server.answer(frame)
