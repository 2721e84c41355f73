"""How a charger charges now, and the time: in memory only once `mode` or `time` is typed."""

import json

from ...settings import table

_MODES = table.row_of("charger1.mode").choices


def mode(planning, words):
    """The modes, or another one for a charger."""
    _need(planning)
    if not words:
        return "\n".join("%s: %s" % pair for pair in planning.modes())
    names = [name for name, _ in planning.modes()]
    if len(words) != 2 or "charger" + words[0] not in names or words[1] not in _MODES:
        raise table.Refused(
            "'mode' takes the number of one of %s, and one of %s"
            % (", ".join(names), ", ".join(_MODES))
        )
    name, wanted = "charger" + words[0], words[1]
    keeps = "'set %s.mode %s' and 'save'" % (name, wanted)
    if not planning.choose(name, wanted):
        raise table.Refused("%s has nothing in memory for the sun: %s" % (name, keeps))
    return "%s: %s until a restart; %s keep it" % (name, wanted, keeps)


def words_mode(planning, words):
    """What may follow `mode`."""
    if len(words) > 1 or not planning:
        return _MODES
    return [name[len("charger") :] for name, _ in planning.modes()]


def time(planning, words):
    """The time, or another one; how far it was off."""
    _need(planning)
    if not words:
        return planning.time() or "unknown; 'time 2026-11-26T21:04:05Z' sets it"
    try:
        planning.set_time(" ".join(words))
    except ValueError as error:
        raise table.Refused(str(error))
    clock, chip = planning.clock, planning.clock_chip
    if chip and chip.fault:
        return "%s; %s" % (planning.time(), chip.fault)
    if not clock.after_s:
        return planning.time()
    from .. import screen

    return "%s; it was %d s %s after %s" % (
        planning.time(),
        abs(clock.drift_s),
        "ahead" if clock.drift_s < 0 else "behind",
        screen.span(clock.after_s * 1000),
    )


def json_time(planning, words):
    """The time as one object."""
    _need(planning)
    return json.dumps({"time": time(planning, words) if words else planning.time()})


def sessions(planning, words):
    """A line for each session."""
    from . import sessions

    return sessions.lines(planning, words)


def json_sessions(planning, words):
    """An object for each."""
    from . import sessions

    return sessions.objects(planning, words)


def _need(planning):
    if not planning:
        raise table.Refused(
            "nothing hangs on it: no charger has a mode, schedule, charge_below or finish, "
            "and there is no cap_w; see 'help charger1'"
        )
