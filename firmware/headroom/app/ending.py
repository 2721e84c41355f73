"""When the meter ends: a moment after somebody wants it, or after the supervisor has given up."""

from micropython import const

_ANSWER_MS = const(300)  # from `reboot` to the restart: time to print the answer
_ROUND_MS = const(100)  # no more of it a round: the command may have held the loop for longer
_GIVE_UP_MS = const(3000)  # from a trip to the reset: time to tell the chargers


class Ending:
    """events   note why
    keeper   hears that a restart is wanted
    service  mpremote is wanted instead of a restart
    shell    reads no more once the end is wanted
    """

    def __init__(self, events, keeper):
        self._events = events
        self._keeper = keeper
        self._left_ms = -1  # nobody wants it
        self._alive_ms = _GIVE_UP_MS
        self.service = False
        self.shell = None

    def stop(self, service, why):
        """End soon: with a restart, or in mpremote's hands."""
        self._keeper.restart_wanted()
        self._events.note("stopped: " + why)
        self.service = service
        self._left_ms = _ANSWER_MS
        self.shell.close()

    def pass_time(self, elapsed_ms, dead):
        """So much time has passed; `dead`: the supervisor has given up."""
        if dead:
            self._alive_ms -= elapsed_ms
        if self._left_ms > 0:
            self._left_ms = max(0, self._left_ms - min(elapsed_ms, _ROUND_MS))

    def over(self):
        """Has the time for it come?"""
        return self._left_ms == 0 or self._alive_ms <= 0
