"""The commands for what people would like. What they do is loaded once one is typed: wishes.py."""


class Wishing:
    """planning  app/planning.py, None where no setting asks for anything"""

    COMMANDS = (
        ("mode", "[N fast|sun+min|sun|off]", "how charger N charges, until a restart"),
        ("time", "[UTC]", "the time; 2026-11-26T21:04:05Z sets it"),
        ("sessions", "[COUNT]", "what each car took; the newest 20 unless said, and what runs"),
    )

    def __init__(self, planning):
        self._planning = planning

    def mode(self, words):
        return self._do("mode", words)

    def words_mode(self, words):
        return self._do("words_mode", words)

    def time(self, words):
        return self._do("time", words)

    def json_time(self, words):
        return self._do("json_time", words)

    def sessions(self, words):
        return self._do("sessions", words)

    def json_sessions(self, words):
        return self._do("json_sessions", words)

    def _do(self, what, words):
        from . import wishes

        return getattr(wishes, what)(self._planning, words)
