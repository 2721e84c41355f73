"""The commands for what people would like: how a charger charges now, and the time."""

import json

from ...settings import table
from .. import screen

_MODES = table.row_of("charger1.mode").choices


class Wishing:
    """planning  app/planning.py, None where no setting asks for anything"""

    COMMANDS = (
        ("mode", "[N fast|sun+min|sun|off]", "how charger N charges, until a restart"),
        ("time", "[UTC]", "the time; 2026-11-26T21:04:05Z sets it"),
    )

    def __init__(self, planning):
        self._planning = planning

    def mode(self, words):
        planning = self._needed()
        if not words:
            return "\n".join("%s: %s" % pair for pair in planning.modes())
        names = [name for name, _ in planning.modes()]
        if len(words) != 2 or "charger" + words[0] not in names or words[1] not in _MODES:
            raise table.Refused(
                "'mode' takes the number of one of %s, and one of %s"
                % (", ".join(names), ", ".join(_MODES))
            )
        name, mode = "charger" + words[0], words[1]
        keeps = "'set %s.mode %s' and 'save'" % (name, mode)
        if not planning.choose(name, mode):
            raise table.Refused("%s has nothing in memory for the sun: %s" % (name, keeps))
        return "%s: %s until a restart; %s keep it" % (name, mode, keeps)

    def words_mode(self, words):
        if len(words) > 1 or not self._planning:
            return _MODES
        return [name[len("charger") :] for name, _ in self._planning.modes()]

    def time(self, words):
        planning = self._needed()
        if not words:
            return planning.time() or "unknown; 'time 2026-11-26T21:04:05Z' sets it"
        try:
            planning.set_time(" ".join(words))
        except ValueError as error:
            raise table.Refused(str(error))
        clock = planning.clock
        if not clock.after_s:
            return planning.time()
        return "%s; it was %d s %s after %s" % (
            planning.time(),
            abs(clock.drift_s),
            "ahead" if clock.drift_s < 0 else "behind",
            screen.span(clock.after_s * 1000),
        )

    def json_time(self, words):
        return json.dumps({"time": self._needed().time() if not words else self.time(words)})

    def _needed(self):
        if not self._planning:
            raise table.Refused(
                "nothing hangs on it: no charger has a mode, schedule, charge_below or finish, "
                "and there is no cap_w; see 'help charger1'"
            )
        return self._planning
