"""From the settings to the objects of the rooms: which value goes where."""

import os

from .. import memory, ports, records
from ..balancing.controller import Controller
from ..charging import profile
from ..charging.charger import Charger
from ..charging.families import POLLED, RELAY
from ..metering import calibration, ct_types
from ..metering.channel import Channel
from ..metering.meter import Meter
from ..settings import asked, panel, sampled, table
from ..supervisor import Supervisor

_OF_CUSTOM = (  # 13 kB, to read a user's own profile
    "headroom.charging.custom",
    "headroom.charging.schema",
    "headroom.charging.soundness",
)


def front_end(values, board, port):
    """The meter of this board: of samples, or of a metering chip where it has one."""
    if not hasattr(board, "ATM90E32"):
        names = sampled.names(values, board)
        sampler = ports.sampler(port, board, names, values["thermometer"] == "chip")
        return meter(values, board, sampler)
    from . import chip  # in memory only there

    return chip.meter(values, board, *_channels(values, board))


def meter(values, board, sampler):
    """The Meter of a board's sampler: a channel for each leg in use, then the EV branch."""
    names, *parts = _channels(values, board)
    channels = [_channel(values, board, name) for name in names]
    if not values["voltage"]:
        return Meter(sampler, channels, *parts)
    from . import watts  # in memory only where a voltage is fitted

    return watts.meter(values, board, sampler, channels, *parts)


def _channels(values, board):
    """Names of the channels, whether EV's is used, which legs it loads; their inputs."""
    names = ["L%d" % (leg + 1) for leg in range(values["legs"])] + ["EV"]
    ev_used = values["ev_source"] == "ct"
    numbers = table.chargers(values) if ev_used else ()
    # On the same legs, all of them: see panel.py.
    ev_legs = panel.legs_of(values, table.of_charger, numbers[0]) if numbers else ()
    return names, ev_used, ev_legs, [sampled.place(values, board, name) for name in names]


def _channel(values, board, name):
    ct = "ev_" if name == "EV" else ""
    return Channel(
        calibration.ma_per_count_q8(
            ct_types.ua_per_mv(
                values[ct + "ct"], values[ct + "ct_ratio"], values[ct + "burden_mohm"]
            ),
            board.VREF_MV,
            board.ADC_BITS,
            values[name.lower() + "_gain_ppm"],
            board.ADC_SLOPE_PPM,
        ),
        values[name.lower() + "_noise"],
        (1 << board.ADC_BITS) - 1,
        board.ADC_STEP,
        name != "EV",
    )


def ct_tests(values, states, power):
    """What tests the mains CTs all the time, each in memory only where it can."""
    legs = values["legs"]
    loaded = {leg for state in states for leg in state.legs if leg < legs}
    tests: list = []
    if loaded and values["ev_source"] != "estimate":
        from ..metering.standing_test import StandingTest

        by_reports = values["ev_source"] == "register"
        behind = 5 if hasattr(table.board, "ATM90E32") else 0  # a second, see chip_meter.py
        tests.append(StandingTest(legs, loaded, states if by_reports else None, power, behind))
    if power and legs > 1:
        from ..metering.direction import Direction

        tests.append(Direction(legs, power))
    return tests


def chargers(values, folder):
    """(chargers, problems): what the settings ask for, and why some of it can't be had.

    `folder` is where custom.json lies. Chargers of one family share its profile.
    """
    families = {}
    built = []
    problems = []
    for n in table.chargers(values):
        name = table.of_charger(values, n, "profile")
        if name == RELAY:
            from . import relays  # in memory only where one is asked for

            built.append(relays.relay(values, n))
            continue
        if name == POLLED:
            from . import polled  # in memory only where there is one

            built.append(polled.polled(values, n))
            continue
        try:
            if name not in families:
                families[name] = _custom(folder) if name == "custom" else profile.load(name)
            built.append(_charger(values, n, families[name]))
        except ValueError as error:
            problems.append("charger%d is not driven: %s" % (n, error))
    memory.forget(_OF_CUSTOM)
    return built, problems


def _custom(folder):
    from ..charging import custom  # with the schema, which nobody else needs in memory

    return custom.load(folder)


def _charger(values, n, family):
    def get(key):
        return table.of_charger(values, n, key)

    state = records.ChargerState(
        max(family.min_ma, get("min_a") * 1000),
        family.max_ma,
        get("circuit_a") * 800,
        get("max_a") * 1000,
        get("fallback_a") * 1000,
        panel.legs_of(values, table.of_charger, n),
        get("group"),
        get("priority"),
    )
    baud, parity, stop = family.line()
    line = (get("baud") or baud, get("parity") or parity, stop)
    charger = Charger("charger%d" % n, family, get("address"), state, line)
    if family.name == "custom":
        from ..charging import custom

        custom.check(charger)
    return charger


def controller(values, states, outage):
    """The Controller of these chargers; after an `outage` it may wait before anything starts."""
    return Controller(
        values["legs"],
        values["breaker_a"] * 1000,
        values["derate_pct"],
        values["dead_time_s"] * 1000,
        values["rise_window_s"] * 1000,
        states,
        panel.groups_ma(values),
        records.EV_SOURCES.index(values["ev_source"]),
        bool(values["conservative"]),
        values["start_delay_s"] * 1000 * os.urandom(1)[0] // 255 if outage else 0,
    )


def supervisor(values, states, watchdog, tasks, deadlines_ms):
    """The Supervisor of this panel, which sees to these tasks."""
    return Supervisor(
        tasks,
        deadlines_ms,
        values["legs"],
        values["breaker_a"] * 1000,
        panel.groups_ma(values),
        states,
        watchdog,
        values["ev_source"] == "ct",
    )


def planning(values, board, parts, folder):
    """What people would like, at work; None where nothing is wished.

    parts  the chargers, what balancing gives each, the meter and its health
    """
    chargers, rows, meter, health = parts
    if not (chargers and asked.plans(values)):
        return None
    from .grid import Grid  # in memory only then
    from .planning import Planning
    from .wished import Wished

    found = None
    if values["thermometer"]:
        from . import thermometer  # in memory only then

        found = thermometer.built(values, board, meter)
    names = [charger.name for charger in chargers]
    wished = Wished(values, chargers, found)
    made = None
    if values["inverter_legs"]:
        from . import inverter  # in memory only then

        made = inverter.built(values, board, meter)
        wished.inputs.append(made)
    grid = Grid(meter, health, values["nominal_v"], made)
    sessions = None
    if wished.counts:
        from .sessions import Kept

        sessions = Kept(folder, names, bool(values["voltage"]) or made is not None)
    return Planning(wished, names, rows, grid, sessions)


def trial(events, folder):
    """The Trial of the firmware in `folder`, None unless one is on trial or was left."""
    try:
        found = os.listdir("/")
    except OSError:
        return None
    if "tried" in found or "failed" in found:
        from ..storage.trial import Trial  # in memory only then

        return Trial(events, folder)
    return None
