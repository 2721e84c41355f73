"""A charger's set-up as steps: a generator of exchanges, of which each visit makes one."""


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
