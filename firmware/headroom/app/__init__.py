"""Builds the objects from the settings and runs the tasks: the only room that knows all others.

    control   cycle  samples -> readings -> allocations
    bus              allocations -> chargers
    console   10 ms  what is typed -> answers
    guard     100 ms supervisor: beats, overload, watchdog

A task that raises trips the supervisor: fallback for every charger, then a reset.
"""

import asyncio
import sys
import time

from micropython import const

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
from . import building
from .control import Control
from .guard import Guard
from .keeper import Keeper

_CONTROL = const(0)
_BUS = const(1)
_CONSOLE = const(2)
_SLAVE = const(3)  # has no deadline: nobody's safety hangs on it
_TASKS = ("control", "bus", "console", "slave")
_DEADLINES_MS = (1000, 5000, 5000)
_GIVE_UP_MS = const(3000)  # from a trip to the reset: time to tell the chargers
_REPORT_MS = const(1000)
_BUS_IDLE_MS = const(10)  # each look at the bus makes 130 bytes of garbage
_ANSWER_MS = const(300)  # from `reboot` to the restart: time to print the answer


class App:
    """One meter on one board."""

    def __init__(self, board):
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
        memory.forget(building.CHECKING)  # before the rest is loaded, for there is little room
        self._meter = building.front_end(values, board, port)
        self._health = Health()
        energy = Energy(values["legs"] + 1)
        kept = [(energy, Pair(folder, "energy"))]
        if self._meter.power:
            kept.append((self._meter.watthours, Pair(folder, "watthours")))
        for totals, file in kept:
            totals.restore(file.load(totals.parse))
        chargers, problems = building.chargers(values, folder)
        states = [charger.state for charger in chargers]
        self._meter.ct_tests = building.ct_tests(values, states, self._meter.power)
        limits = values
        if problems:
            from . import undriven

            limits = undriven.beside(values, chargers, problems)
        self._controller = building.controller(limits, states, cause == "power on")
        lines = [port.Line(board)]
        self._bus = Bus(Rtu(lines[0]), chargers, self._controller.allocations)
        self._supervisor = building.supervisor(
            values, states, watchdog, _TASKS[:_SLAVE], _DEADLINES_MS
        )
        self._guard = Guard(self._supervisor, self._bus, self._controller)
        parts = chargers, self._controller.allocations, self._meter, self._health
        self.planning = building.planning(values, board, parts, folder)
        self._control = Control(
            self._meter,
            self._health,
            energy,
            self._controller,
            self._supervisor,
            self._bus,
            self.planning,
        )
        self._events = Events(folder)
        self._lock = Lock(Pair(folder, "lock"))
        if self._lock.damaged:
            problems.append("the PIN is damaged: locked, docs/console.md has the way back")
        kinds = Status, Reporter
        if self._meter.power:
            from ..reporting.watts import WattReporter, WattStatus  # in memory only then

            kinds = WattStatus, WattReporter
        self._status = kinds[0](
            (board.NAME, ports.runtime(), ports.folder(), cause, port.identity()),
            (store, hash_of(values), values["nominal_v"]),
            self._meter,
            self._health,
            energy,
            self._controller,
            self._bus,
            self._supervisor,
            problems,
        )
        self._reporter = kinds[1](
            self._events, self._meter, self._health, self._controller, self._bus, self._supervisor
        )
        if self.planning:
            from ..reporting.wishes import Wishes  # in memory only then

            self._status.wishes = self._reporter.wishes = Wishes(self.planning)
        first = "check" if self._events.last == "stopped: setup" else ""
        self._note_start(cause)
        trial = building.trial(self._events, ports.folder())
        sessions = self.planning and self.planning.sessions
        logs = [sessions, self._events] if sessions else [self._events]
        self._keeper = Keeper(kept, logs, trial, lines)
        for file in [file for _, file in kept] + logs[:-1]:
            for note in file.notes:
                self._events.note(note)
        if store.note:
            self._events.note(store.note)
        self._events.write()  # now, or a crash would leave no trace
        commands, terminal = self._commands(values, store, folder, terminal)
        self._shell = Shell(terminal, commands, first, self._events.note, output)
        self._restart_in_ms = -1
        self._unreported_ms = 0
        self.service = False  # mpremote is wanted instead of a restart
        # Last: where there is no memory for it, all else is there.
        parts = self._meter, self._health, energy, self._status, self._events.note
        self._slave = building.answering(values, board, port, parts, chargers, problems)
        if self._slave:
            lines.append(self._slave.line)

    def _commands(self, values, store, folder, terminal):
        def calibrate(where, what):
            from ..console.commands.calibrate import Calibrate  # in memory once it is used

            return Calibrate(self._meter, values).run(where, what)

        configuration = Settings(
            values,
            store,
            self._lock,
            calibrate,
            self._events,
            self.stop,
            memory.fits,
            self._reporter,
        )
        access = Access(self._lock, self._events, self.stop)
        wishing = Wishing(self.planning)
        topics = (
            Views(self._status, configuration.unsaved, self._lock, self._events),
            Installer(
                self._bus,
                self._controller.allocations,
                self._meter,
                folder,
                self._lock,
                (configuration, access),
            ),
            access,
            wishing,
        )
        if values["commands"] or "broker" in values:
            from . import outside  # in memory only then

            note = self._reporter.told
            topics += outside.built(values, self.planning, wishing, self._status, note)
            terminal = outside.improv(terminal, values, self._status, configuration, self._lock)
        return Commands(configuration, topics, self.stop, self._supervisor.resume), terminal

    def _note_start(self, cause):
        text = "started, version %s: %s" % (VERSION, cause)
        if self._events.last and not self._events.last.startswith("stopped"):
            text += "; nothing had stopped it: a power failure, a hang or a crash"
        self._events.note(text)

    async def run(self):
        """Run until a restart is due; the caller resets the board."""
        control = self._control.run(lambda: self._supervisor.beat(_CONTROL))
        for task, work in ((_CONTROL, control), (_BUS, self._serve()), (_CONSOLE, self._talk())):
            asyncio.create_task(self._guard.run(_TASKS[task], work))
        if self._slave:
            asyncio.create_task(self._guard.run(_TASKS[_SLAVE], self._slave.serve()))
        if self._status.network:
            asyncio.create_task(self._status.network.run())  # nobody's safety hangs on it
        await self._watch()

    def failure(self):
        """The exception that ended a task, None if none has."""
        return self._guard.failure

    def last_words(self):
        """Before a restart or the prompt: the fallback for every charger, blocking.

        Each charger and each file for itself, and nothing is raised: a restart waits.
        """
        self._guard.last_words(self._events)
        self._keeper.write_all()

    async def _serve(self):
        while True:
            self._supervisor.beat(_BUS)
            self._keeper.write_due(self._status.uptime_ms, not self._supervisor.dead)
            if not await self._bus.turn(time.ticks_ms()):
                await asyncio.sleep_ms(_BUS_IDLE_MS)

    async def _talk(self):
        while True:
            self._supervisor.beat(_CONSOLE)
            if not self._keeper.sending():  # a command may write to the flash
                self._shell.poll()
            if self._shell.busy():
                memory.tidy()
            await asyncio.sleep_ms(10)

    async def _watch(self):
        before_ms = time.ticks_ms()
        left_ms = _GIVE_UP_MS
        while self._restart_in_ms != 0 and left_ms > 0:
            await asyncio.sleep_ms(100)
            now_ms = time.ticks_ms()
            elapsed_ms = time.ticks_diff(now_ms, before_ms)
            before_ms = now_ms
            memory.tidy()
            self._status.uptime_ms += elapsed_ms
            self._guard.look(elapsed_ms)
            self._report(elapsed_ms)
            self._keeper.pass_time(elapsed_ms)
            if self._supervisor.dead:
                left_ms -= elapsed_ms
            if self._restart_in_ms > 0:
                self._restart_in_ms = max(0, self._restart_in_ms - elapsed_ms)

    def _report(self, elapsed_ms):
        self._unreported_ms += elapsed_ms
        if self._unreported_ms >= _REPORT_MS:
            self._reporter.look(self._unreported_ms)
            self._events.pass_time(self._unreported_ms)
            self._lock.pass_time(self._unreported_ms)
            self._unreported_ms = 0

    def stop(self, service, why):
        """End soon: with a restart, or in mpremote's hands."""
        self.service = service
        self._keeper.restart_wanted()
        self._events.note("stopped: " + why)
        self._restart_in_ms = _ANSWER_MS
        self._shell.close()


def main(board):
    """Run the meter on this board for ever; KeyboardInterrupt if the prompt is asked for."""
    app = App(board)
    memory.built(building.DONE)
    failure = None
    try:
        asyncio.run(app.run())
    except Exception as error:
        failure = error
    finally:
        app.last_words()
    if app.service:
        raise KeyboardInterrupt
    failure = failure or app.failure()
    if failure:
        sys.print_exception(failure)
    if app.planning:
        app.planning.keep_time()
    ports.current().reset()
