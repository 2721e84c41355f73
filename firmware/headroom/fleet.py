"""The chargers of the settings as objects: their profiles, their states, their lines."""

from . import panel, records, settings
from .charging import profile
from .charging.charger import Charger


def build(values, folder):
    """(chargers, problems): what the settings ask for, and why some of it can't be had.

    `folder` is where custom.json lies. Chargers of one family share its profile.
    """
    families = {}
    chargers = []
    problems = []
    for n in settings.chargers(values):
        name = settings.of_charger(values, n, "profile")
        try:
            if name not in families:
                families[name] = _custom(folder) if name == "custom" else profile.load(name)
            chargers.append(_charger(values, n, families[name]))
        except ValueError as error:
            problems.append("charger%d is not driven: %s" % (n, error))
    return chargers, problems


def line_dead_ma(chargers):
    """What all of them may draw together for ever if the line to them dies: their failsafes."""
    total_ma = 0
    for charger in chargers:
        state, failsafe = charger.state, charger.profile.failsafe
        if not failsafe:
            total_ma += min(state.max_ma, state.circuit_ma, state.setting_ma)
        elif failsafe["loss"] == "fallback":
            total_ma += state.fallback_ma
    return total_ma


def _custom(folder):
    from .charging import custom  # with the schema, which nobody else needs in memory

    return custom.load(folder)


def _charger(values, n, family):
    def get(key):
        return settings.of_charger(values, n, key)

    state = records.ChargerState(
        max(family.min_ma, get("min_a") * 1000),
        family.max_ma,
        get("circuit_a") * 800,
        get("max_a") * 1000,
        get("fallback_a") * 1000,
        panel.legs_of(values, settings.of_charger, n),
        get("group"),
        get("priority"),
    )
    baud, parity, stop = family.line()
    line = (get("baud") or baud, get("parity") or parity, stop)
    charger = Charger("charger%d" % n, family, get("address"), state, line)
    if family.name == "custom":
        from .charging import custom

        custom.check(charger)
    return charger
