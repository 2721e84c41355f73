"""Room that has lasted: how far the offers may rise, by what the house truly drew.

What was there for less than a second, as a motor's start, is nothing that a rise waits for (see
rule 4). A meter that sees windows of 200 ms has seen a load fill a second for certain that was
there for SURELY_S, in the part of its rise window that is neither too old nor too new for its
decision.
"""

from collections import deque

SURELY_S = 1.2
PART = 0.75  # of the rise window: it may be kept in parts
LATE_S = 0.7  # from a window to the order that it leads to


class Proof:
    """`window_s` is the rise window of the settings in force."""

    def __init__(self, window_s: float) -> None:
        self.window_s = window_s
        self._rooms: deque[tuple[float, float]] = deque()

    def clear(self) -> None:
        """What was proven counts no more: the meter is blind, or another one has started."""
        self._rooms.clear()

    def tick(self, now_s: float, room_a: float, valid: bool) -> None:
        """So much room is there now; not `valid` where the meter need not know of it."""
        if not valid:
            self.clear()
            return
        self._rooms.append((now_s, room_a))
        while self._rooms[0][0] < now_s - 2 * self.window_s:
            self._rooms.popleft()

    def proven_a(self, at_s: float) -> float | None:
        """The most that an order at that time may come to; None if that can't be told."""
        if not self._rooms or self._rooms[0][0] > at_s - self.window_s - SURELY_S:
            return None
        first_s, last_s = at_s - PART * self.window_s, at_s - LATE_S
        rooms = [room for room in self._rooms if first_s <= room[0] <= last_s]
        lasting = [
            max(room_a for s, room_a in rooms[n:] if s <= begin_s + SURELY_S)
            for n, (begin_s, _) in enumerate(rooms)
            if begin_s + SURELY_S <= last_s
        ]
        return min(lasting, default=None)
