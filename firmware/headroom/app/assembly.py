"""Assembles a meter from its settings: what protects first, what tells and listens last.

Each part is handed those that it needs. Nobody needs this once the meter runs: it is forgotten.
"""

from .. import VERSION, memory, ports
from ..charging.bus import Bus
from ..charging.rtu import Rtu
from ..console.commands import Commands
from ..console.commands.access import Access
from ..console.commands.installer import Installer
from ..console.commands.settings import Settings
from ..console.commands.views import Views
from ..console.commands.wishing import Wishing
from ..console.lock import Lock
from ..console.output import Output
from ..console.shell import Shell
from ..metering.energy import Energy
from ..metering.health import Health
from ..reporting.reporter import Reporter
from ..reporting.status import Status
from ..settings import table
from ..settings.hash import hash_of
from ..settings.store import Store
from ..storage.events import Events
from ..storage.pair import Pair, make_folder
from .control import Control
from .ending import Ending
from .guard import Guard
from .keeper import Keeper
from .tasks import DEADLINES_MS, WATCHED, Tasks

BUILDING = (  # to make what protects, and what is wished
    "headroom.app.building",
    "headroom.app.polled",
    "headroom.app.relays",
    "headroom.app.wished",
    "headroom.metering.calibration",
    "headroom.settings.sampled",
)
DONE = (  # and for all of this
    "headroom.app.answered",
    "headroom.app.assembly",
    "headroom.app.outside",
    "headroom.app.registers",
    "headroom.settings.asked",
    "headroom.settings.hash",
)
_NO_MEMORY = "emulate: there is no memory for it: flash the firmware as one file, or drive less"


def assembled(board):
    """The Tasks of this board's meter, by the settings in its flash."""
    from . import building  # forgotten before the console is made

    port = ports.current()
    watchdog = port.Watchdog(board)  # from here on a hang ends in a reset
    terminal = port.Terminal(board)
    output = Output(terminal)  # in one piece: there is none later on a small board
    cause = port.reset_cause()
    folder = port.data_folder(board)
    make_folder(folder)
    table.fit(board)
    store = Store(folder)
    values = store.load()
    meter = building.front_end(values, board, port)
    health = Health()
    energy = Energy(values["legs"] + 1)
    # An open file takes 1.1 kB in one piece: all are read before memory is in pieces.
    kept = _kept(energy, meter, folder)
    events = Events(folder)
    lock = Lock(Pair(folder, "lock"))
    first = "check" if events.last == "stopped: setup" else ""
    _note_start(events, cause, [file.notes for _, file in kept] + [[store.note]])
    trial = building.trial(events, ports.folder())
    events.write()  # now, or a crash would leave no trace
    chargers, problems = building.chargers(values, folder)
    states = [charger.state for charger in chargers]
    meter.ct_tests = building.ct_tests(values, states, meter.power)
    limits = values
    if problems:
        from . import undriven

        limits = undriven.beside(values, chargers, problems)
    controller = building.controller(limits, states, cause == "power on")
    lines = [port.Line(board)]
    bus = Bus(Rtu(lines[0]), chargers, controller.allocations)
    supervisor = building.supervisor(values, states, watchdog, WATCHED, DEADLINES_MS)
    parts = chargers, controller.allocations, meter, health
    planning = building.planning(values, board, parts, folder)
    control = Control(meter, health, energy, controller, supervisor, bus, planning)
    memory.look()
    del building
    memory.forget(BUILDING)
    if lock.damaged:
        problems.append("the PIN is damaged: locked, docs/console.md has the way back")
    kinds = Status, Reporter
    if meter.power:
        from ..reporting.watts import WattReporter, WattStatus  # in memory only then

        kinds = WattStatus, WattReporter
    status = kinds[0](
        (board.NAME, ports.runtime(), ports.folder(), cause, port.identity()),
        (store, hash_of(values), values["nominal_v"]),
        meter,
        health,
        energy,
        controller,
        bus,
        supervisor,
        problems,
    )
    reporter = kinds[1](events, meter, health, controller, bus, supervisor)
    if planning:
        from ..reporting.wishes import Wishes  # in memory only then

        status.wishes = reporter.wishes = Wishes(planning)
    sessions = planning and planning.sessions
    logs = [sessions, events] if sessions else [events]
    keeper = Keeper(kept, logs, trial, lines)
    for file in logs[:-1]:
        for note in file.notes:
            events.note(note)
    events.write()
    ending = Ending(events, keeper)
    configuration = Settings(
        values, store, lock, meter, events, ending.stop, memory.fits, reporter
    )
    access = Access(lock, events, ending.stop)
    wishing = Wishing(planning)
    protected = configuration, access
    topics = (
        Views(status, configuration.unsaved, lock, events),
        Installer(bus, controller.allocations, meter, folder, lock, protected),
        access,
        wishing,
    )
    if values["commands"] or "broker" in values:
        from . import outside  # in memory only then

        topics += outside.built(values, planning, wishing, status, reporter.told)
        terminal = outside.improv(terminal, values, status, configuration, lock)
    commands = Commands(configuration, topics, ending.stop, supervisor.resume)
    ending.shell = Shell(terminal, commands, first, events.note, output)
    guard = Guard(supervisor, bus, controller)
    tasks = Tasks(
        control, supervisor, bus, guard, keeper, planning, status, reporter, events, lock, ending
    )
    if values["emulate"]:
        parts = meter, health, energy, status, events.note
        tasks.slave = _slave(values, board, port, parts, chargers, problems)
        if tasks.slave:
            lines.append(tasks.slave.line)
    return tasks


def _slave(values, board, port, parts, chargers, problems):
    """Last: where there is no memory for it, all else is there."""
    try:
        from . import answered  # in memory only where it is asked for

        return answered.slave(values, board, port, parts, chargers, problems)
    except (ImportError, MemoryError):  # without memory no module is found: the meter goes on
        problems.append(_NO_MEMORY)
        return None


def _kept(energy, meter, folder):
    """(totals, file) of all that is counted, as the files have them."""
    kept = [(energy, Pair(folder, "energy"))]
    if meter.power:
        kept.append((meter.watthours, Pair(folder, "watthours")))
    for totals, file in kept:
        totals.restore(file.load(totals.parse))
    return kept


def _note_start(events, cause, found):
    """`found`: in the other files, lists of notes."""
    text = "started, version %s: %s" % (VERSION, cause)
    if events.last and not events.last.startswith("stopped"):
        text += "; nothing had stopped it: a power failure, a hang or a crash"
    events.note(text)
    for notes in found:
        for note in filter(None, notes):
            events.note(note)
