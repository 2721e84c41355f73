"""A charger's set-up as steps: a generator of exchanges, of which each visit makes one."""

import time

from micropython import const

TELL = const(1)  # its limit goes out,
FEED = const(2)  # its watchdog gets its token,
LOOK = const(3)  # its first block is read


def set_up(charger, unanswered):
    """A charger's steps: one of the above, or (item, value), None to read it.

    A limit goes first: any exchange may bring back what it was told before we were gone. Of one
    that left `unanswered` attempts to set it up nobody knows whether it hears. Every other time it
    gets the token of its watchdog, which may give it more, or its limit before it is asked whether
    it counts in whole amperes: where it doesn't that is a pause.
    """
    profile = charger.profile
    fine = profile.data.get("fine")
    if unanswered and not unanswered & 1:
        if profile.token:
            yield FEED
        if fine:
            yield TELL
    if fine:
        flags = yield fine, None
        is_fine = flags is not None and flags & fine["mask"]
        item = fine if is_fine else profile.limit  # it may be another unit by now
        charger.limit.refine(item["ma_per_count"])
    if not profile.slots:  # these wait for the broadcast
        yield TELL
    if profile.token:  # its watchdog must not act meanwhile
        yield FEED
    yield LOOK
    yield from charger.commissioning.steps(time.ticks_ms(), False)


class Steps:
    """under_way  begun and not ended
    step       what it waits for, None when it has come to its end
    """

    def __init__(self):
        self._work = None
        self.step = None

    @property
    def under_way(self):
        return self._work is not None

    def begin(self, work):
        """Go to its first step."""
        self._work = work
        self.advance(None)

    def advance(self, result):
        """Give it what its step brought, and go to the next."""
        try:
            self.step = self._work.send(result)
        except StopIteration:
            self.step = None

    def end(self):
        """Whatever is left of it is not done."""
        self._work = None
        self.step = None
