"""The only file that knows every room: builds the objects from the settings, runs the tasks.

    measure   cycle  samples -> readings -> allocations (so that nothing waits between the two)
    bus              allocations -> chargers
    console   10 ms  what is typed -> answers
    guard     100 ms supervisor: beats, overload, watchdog

A task that raises trips the supervisor: fallback for every charger, then a reset.
"""

import asyncio
import os
import sys
import time

from micropython import const

from . import VERSION, assembly, fingerprint, fleet, memory, panel, ports, records, settings
from .calibrate import Calibrate
from .charging.bus import NO_CAP, Bus
from .charging.rtu import Rtu
from .console.access import Access
from .console.commands import Commands
from .console.configuration import Configuration
from .console.shell import Shell
from .console.views import Views
from .events import Events
from .installer import Installer
from .lock import Lock
from .metering import meter
from .metering.energy import SAVE_EVERY_MS, Energy
from .metering.health import Health
from .reporter import Reporter
from .slots import Slots, make_folder
from .status import Status
from .store import Store
from .supervisor import Supervisor

_MEASURE = const(0)
_BUS = const(1)
_CONSOLE = const(2)
_SLAVE = const(3)  # has no deadline: nobody's safety hangs on it
_TASKS = ("measure", "bus", "console", "slave")
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
        folder = port.data_folder(board)
        make_folder(folder)
        settings.fit(board)
        store = Store(folder)
        values = store.load()
        self._meter = assembly.meter(values, board, port.Sampler(board))
        self._health = Health()
        self._energy = Energy(values["legs"] + 1)
        self._energy_slots = Slots(folder, "energy")
        self._energy.restore(self._energy_slots.load(self._energy.parse))
        self._unsaved_ms = 0
        chargers, problems = fleet.build(values, folder)
        states = [charger.state for charger in chargers]
        self._controller = assembly.controller(values, states, port.reset_cause() == "power on")
        self._line = port.Line(board)
        self._bus = Bus(Rtu(self._line), chargers, self._controller.allocations)
        self._supervisor = Supervisor(
            _TASKS[:_SLAVE],
            _DEADLINES_MS,
            values["legs"],
            values["breaker_a"] * 1000,
            panel.groups_ma(values),
            states,
            watchdog,
        )
        self._status = Status(
            board.NAME,
            ports.runtime(),
            port.reset_cause(),
            fingerprint.of(values),
            store,
            self._meter,
            self._health,
            self._energy,
            values["nominal_v"],
            self._controller,
            self._bus,
            self._supervisor,
        )
        self._status.problems = problems
        self._slave = self._emulated(values, board, port) if values["emulate"] else None
        self._events = Events(folder)
        self._lock = Lock(Slots(folder, "lock"))
        if self._lock.damaged:
            problems.append("the PIN is damaged: locked, docs/console.md has the way back")
        self._reporter = Reporter(
            self._events,
            self._meter.window,
            self._health,
            self._controller,
            self._bus,
            self._supervisor,
        )
        self._note_start(port.reset_cause())
        first = "check" if self._events.last == "stopped: setup" else ""
        commands = self._commands(values, store, folder)
        self._shell = Shell(port.Terminal(board), commands, first, self._events.note)
        self._restart_in_ms = -1
        self._unreported_ms = 0
        self.service = False  # mpremote is wanted instead of a restart
        self.failure = None  # the exception that ended a task

    def _commands(self, values, store, folder):
        configuration = Configuration(
            values,
            store,
            self._lock,
            Calibrate(self._meter, values).run,
            self._events,
            self.stop,
            memory.room,
        )
        access = Access(self._lock, self._events, self.stop)
        groups = (
            Views(self._status, configuration.unsaved, self._lock, self._events),
            Installer(
                self._bus,
                folder,
                lambda: self._tester(values["ev_source"] == "ct"),
                self._lock,
                (configuration, access),
            ),
            access,
        )
        return Commands(configuration, groups, self.stop, self._supervisor.resume)

    def _emulated(self, values, board, port):
        from . import emulation  # in memory only where it is used

        readings = emulation.Readings(self._meter, self._health, self._energy, values["nominal_v"])
        try:
            return emulation.slave(values, board, port, readings)
        except ValueError as error:
            self._status.problems.append(str(error))
            return None

    def _tester(self, ev_ct):
        from .commissioning.selftest import SelfTest  # loaded by then, see installer.py
        from .metering.phase import in_phase_ma

        return SelfTest(
            self._bus, self._controller.allocations, self._meter, in_phase_ma, ev_ct, NO_CAP
        )

    def _note_start(self, cause):
        text = "started, version %s: %s" % (VERSION, cause)
        if self._events.last and not self._events.last.startswith("stopped"):
            text += "; nothing had stopped it: a power failure, a hang or a crash"
        self._events.note(text)
        self._trial = self._on_trial()
        for note in self._energy_slots.notes:
            self._events.note(note)
        self._events.write()  # now, or a crash would leave no trace

    def _on_trial(self):
        """None unless a firmware is on trial, or was left: in memory only then."""
        found = os.listdir("/")
        if "tried" in found or "failed" in found:
            from .trial import Trial

            return Trial(self._events)
        return None

    async def run(self):
        """Run until a restart is due; the caller resets the board."""
        for task, work in ((_MEASURE, self._measure), (_BUS, self._serve), (_CONSOLE, self._talk)):
            asyncio.create_task(self._guarded(task, work()))
        if self._slave:
            asyncio.create_task(self._guarded(_SLAVE, self._slave.serve()))
        await self._guard()

    def last_words(self):
        """Before a restart or the prompt: the fallback for every charger, blocking.

        Each charger and each file for itself, and nothing is raised: a restart waits.
        """
        for charger, error in self._bus.last_words():
            self._events.note("%s was not told its fallback: %r" % (charger.name, error))
        self._save_energy()
        try:
            self._events.write()
        except Exception as error:
            sys.print_exception(error)

    async def _guarded(self, task, work):
        try:
            await work
        except Exception as error:
            self.failure = error
            self._supervisor.trip("task '%s' failed: %r" % (_TASKS[task], error))

    async def _measure(self):
        self._decided_ms = self._waited_ms = time.ticks_ms()
        while True:
            self._supervisor.beat(_MEASURE)
            now_ms = time.ticks_ms()
            done = self._meter.poll(now_ms)
            if done:
                if not self._health.stale():  # else there is the fallback, and no keep-alive
                    self._surge(now_ms)
                if done & meter.WINDOW:
                    self._decide(now_ms)
            if time.ticks_diff(now_ms, self._waited_ms) >= records.WINDOW_MS * 3 // 2:
                self._decide_blind(now_ms)
            # Behind or not, the others have their turn.
            await asyncio.sleep_ms(time.ticks_diff(self._meter.due_ms, time.ticks_ms()))

    def _surge(self, now_ms):
        if self._controller.surge(self._meter.cycle, self._elapsed_ms(now_ms)):
            self._decided_ms = now_ms

    def _decide(self, now_ms):
        reading = self._meter.window
        if reading.good:
            self._health.good(time.ticks_diff(now_ms, reading.at_ms))
        else:
            self._health.wait(time.ticks_diff(now_ms, self._waited_ms))
        self._supervisor.watch(reading.leg_ma, records.WINDOW_MS)
        self._energy.add(reading, min(time.ticks_diff(now_ms, self._waited_ms), 3000))
        self._step(now_ms)

    def _decide_blind(self, now_ms):
        self._health.wait(time.ticks_diff(now_ms, self._waited_ms))
        if self._health.stale():
            self._step(now_ms)
        else:
            self._waited_ms = now_ms

    def _step(self, now_ms):
        elapsed_ms = self._elapsed_ms(now_ms)
        self._controller.step(self._meter.window, elapsed_ms, self._health.blind_ms)
        self._decided_ms = self._waited_ms = now_ms

    def _elapsed_ms(self, now_ms):
        return time.ticks_diff(now_ms, self._decided_ms)

    async def _serve(self):
        while True:
            self._supervisor.beat(_BUS)
            self._save()
            if not await self._bus.turn(time.ticks_ms()):
                await asyncio.sleep_ms(_BUS_IDLE_MS)

    async def _talk(self):
        while True:
            self._supervisor.beat(_CONSOLE)
            if not self._sending():  # a command may write to the flash
                self._shell.poll()
            if self._shell.busy():
                memory.tidy()
            await asyncio.sleep_ms(10)

    async def _guard(self):
        before_ms = time.ticks_ms()
        left_ms = _GIVE_UP_MS
        while self._restart_in_ms != 0 and left_ms > 0:
            await asyncio.sleep_ms(100)
            now_ms = time.ticks_ms()
            elapsed_ms = time.ticks_diff(now_ms, before_ms)
            before_ms = now_ms
            memory.tidy()
            self._status.uptime_ms += elapsed_ms
            self._oversee(elapsed_ms)
            self._report(elapsed_ms)
            self._unsaved_ms += elapsed_ms
            if self._supervisor.dead:
                left_ms -= elapsed_ms
            if self._restart_in_ms > 0:
                self._restart_in_ms = max(0, self._restart_in_ms - elapsed_ms)

    def _oversee(self, elapsed_ms):
        """The supervisor's round; once it lets go again nobody returns to what he had."""
        self._supervisor.check(elapsed_ms)
        tripped = bool(self._supervisor.tripped)
        if self._bus.failsafe and not tripped:
            self._controller.begin_again()
        self._bus.failsafe = tripped
        self._bus.silent = self._supervisor.dead

    def _sending(self):
        return self._line.sending() or (bool(self._slave) and self._slave.line.sending())

    def _save(self):
        """What is due goes to the flash, between two exchanges: see `sending` in ports."""
        if not self._sending():
            if self._unsaved_ms >= SAVE_EVERY_MS:
                self._save_energy()
            if self._trial and not self._supervisor.dead:
                self._trial.look(self._status.uptime_ms)
            if self._events.due():
                self._events.write()

    def _save_energy(self):
        """Keep the totals; whatever prevents that must not stop the meter."""
        self._unsaved_ms = 0
        try:
            self._energy_slots.save(self._energy.dump())
        except Exception as error:
            self._events.note("energy not saved: %r" % error)

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
        if self._trial:
            self._trial.again()
        self._events.note("stopped: " + why)
        self._restart_in_ms = _ANSWER_MS
        self._shell.close()


def main(board):
    """Run the meter on this board for ever; KeyboardInterrupt if the prompt is asked for."""
    app = App(board)
    memory.built()
    try:
        asyncio.run(app.run())
    except Exception as error:
        app.failure = error
    finally:
        app.last_words()
    if app.service:
        raise KeyboardInterrupt
    if app.failure:
        sys.print_exception(app.failure)
    ports.current().reset()
