"""Which of a charger's blocks is read next."""


class Polls:
    """The blocks of `reads` in turn, without those that its firmware refuses."""

    def __init__(self, profile):
        self._reads = profile.reads
        self._at = 0
        self._lacks = set()

    def restart(self):
        """It may be another firmware by now: the first block again."""
        self._at = 0
        self._lacks.clear()

    def next(self, certain):
        """(the block, True) for the next whose reply is `certain` to be its own.

        If there is none a part of a block will do to see what is still under way: (part, False).
        """
        for _ in self._reads:
            if certain(self._reads[self._at]):
                return self._reads[self._at], True
            self.turn()
        for function, register, count in self._reads:
            for part in range(1, count):
                if certain((function, register, part)):
                    return (function, register, part), False
        return self._reads[self._at], True

    def turn(self):
        """On to the next that it has."""
        for _ in self._reads:
            self._at = (self._at + 1) % len(self._reads)
            if self._at not in self._lacks:
                return

    def refused(self):
        """It does not have the one whose turn it is."""
        self._lacks.add(self._at)
        self.turn()
