"""What the settings may be, each alone and all together: else Refused, in one sentence.

It says what is wrong and what is allowed. The parts are in files of their own: cts.py, lines.py,
groups.py, and those of what is optional. Each is in memory while it is asked.
"""

from .. import memory
from ..charging import families
from . import table


def check(values):
    """Refused unless `values` can be, each alone and all together."""
    for _ in checking(values):
        pass


def checking(values):
    """The same in small steps: a generator."""
    for row in table.TABLE:
        if "." not in row.name and row.name not in values:
            raise table.Refused("setting '%s' is missing" % row.name)
        yield
    for name in values:
        yield
        row = table.row_of(name)
        if row is None:
            raise table.Refused("unknown setting '%s'" % name)
        table.check_value(name, row, values[name])
    yield from checking_cts(values)
    _done("cts")
    yield
    if values["voltage"]:
        from ..metering import voltage_types  # in memory only where a voltage is asked for

        problem = voltage_types.problem(values, table.voltage_place, table.span_mv(), table.board)
        if problem:
            raise table.Refused(problem)
    if "broker" in values:
        from . import radio  # in memory only on a board that has one

        problem = radio.problem(values)
        if problem:
            raise table.Refused(problem)
    numbers = table.chargers(values)
    yield
    lined = [n for n in numbers if table.of_charger(values, n, "profile") not in families.UNLINED]
    _check_emulation(values, lined)
    yield from _check_pins(values)
    yield from _check_relays(values, numbers)
    yield from _check_polled(values, numbers)
    yield from _check_chargers(values, lined)
    _done("lines")
    yield from _check_wishes(values, numbers)
    yield from _check_groups(values, numbers)
    _done("groups")


def checking_cts(values):
    """The same for the CTs, their burdens and the main breaker alone."""
    from . import cts

    for prefix in ("", "ev_"):
        yield
        problem = cts.problem(values, prefix, table.span_mv())
        if problem:
            raise table.Refused(problem)


def _check_emulation(values, numbers):
    baud = values["emulate_baud"]
    if baud and baud not in families.BAUDS:
        allowed = ", ".join(str(baud) for baud in families.BAUDS)
        raise table.Refused("emulate_baud is 0 or one of: %s; not %d" % (allowed, baud))
    if values["emulate"] and values["emulate_line"] == "charger" and numbers:
        raise table.Refused("emulate_line charger: that line drives charger%d" % numbers[0])
    if values["emulate"] and not values["legs"]:
        raise table.Refused("emulate %s needs CTs to show: legs is 0" % values["emulate"])


def _check_pins(values):
    for name in values:
        if name.endswith("pin") and values[name]:
            from . import pins  # in memory only where one is named

            problem = yield from pins.checking(values)
            if problem:
                raise table.Refused(problem)
            return


def _check_relays(values, numbers):
    if not _asks_for_relays(values):
        return
    from . import relays  # in memory only then

    problem = yield from relays.checking(values, numbers)
    if problem:
        raise table.Refused(problem)


def _check_polled(values, numbers):
    if families.POLLED not in values.values():
        return
    from . import polled  # in memory only where there is one

    problem = yield from polled.checking(values, numbers)
    if problem:
        raise table.Refused(problem)


def _check_wishes(values, numbers):
    from . import asked

    yield
    if not asked.wishes(values):
        return
    from . import wishes  # in memory only where one is looked at

    problem = yield from wishes.problem(values, numbers)
    if problem:
        raise table.Refused(problem)


def _check_groups(values, numbers):
    from . import groups

    problem = yield from groups.problem(values, numbers, table.of_charger)
    if problem:
        raise table.Refused(problem)


def _asks_for_relays(values):
    """Whether any setting is for a relay: one at its default is not in `values`."""
    for name in values:
        key = name.partition(".")[2]
        if key in ("pin", "readback_pin", "rest_s") or values[name] == families.RELAY:
            return True
    return False


def _check_chargers(values, numbers):
    from . import lines

    owners = {}
    for n in numbers:
        yield
        address = table.of_charger(values, n, "address")
        if address in owners:
            raise table.Refused(
                "charger%d and charger%d have the same address %d; give each its own"
                % (owners[address], n, address)
            )
        owners[address] = n
        yield
        problem = lines.problem(values, n, table.of_charger)
        if problem:
            raise table.Refused(problem)
        yield
        fallback_a = table.of_charger(values, n, "fallback_a")
        circuit_a = table.of_charger(values, n, "circuit_a") * 80 // 100
        allowed_a = min(circuit_a, table.of_charger(values, n, "max_a"))
        if fallback_a > allowed_a:
            raise table.Refused(
                "charger%d.fallback_a %d is above what its circuit and max_a allow: %d A"
                % (n, fallback_a, allowed_a)
            )
    problem = yield from lines.broadcast_problem(values, numbers, table.of_charger)
    if problem:
        raise table.Refused(problem)


def _done(name):
    memory.forget(("headroom.settings." + name,))
