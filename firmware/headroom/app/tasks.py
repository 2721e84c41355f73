"""The tasks of a meter at work.

    control   cycle  samples -> readings -> allocations
    bus              allocations -> chargers
    console   10 ms  what is typed -> answers
    guard     100 ms supervisor: beats, overload, watchdog

A task that raises trips the supervisor: fallback for every charger, then a reset.
"""

import asyncio
import time

from micropython import const

from .. import memory

_CONTROL = const(0)
_BUS = const(1)
_CONSOLE = const(2)
_SLAVE = const(3)  # has no deadline: nobody's safety hangs on it
_TASKS = ("control", "bus", "console", "slave")
DEADLINES_MS = (1000, 5000, 5000)
WATCHED = _TASKS[:_SLAVE]
_REPORT_MS = const(1000)
_BUS_IDLE_MS = const(10)  # each look at the bus makes 130 bytes of garbage


class Tasks:
    """Runs one meter, made of the parts that it is given, until it ends.

    planning  None where nothing is wished
    reporter, events, lock  have something to do each second
    slave     answers as a meter; None where none is asked for
    """

    def __init__(
        self,
        control,
        supervisor,
        bus,
        guard,
        keeper,
        planning,
        status,
        reporter,
        events,
        lock,
        ending,
    ):
        self._control = control
        self._supervisor = supervisor
        self._bus = bus
        self._guard = guard
        self._keeper = keeper
        self.planning = planning
        self._status = status
        self._reporter = reporter
        self._events = events
        self._lock = lock
        self.ending = ending
        self.slave = None
        self._unreported_ms = 0

    async def run(self):
        """Run until a restart is due; the caller resets the board."""
        control = self._control.run(lambda: self._supervisor.beat(_CONTROL))
        for task, work in ((_CONTROL, control), (_BUS, self._serve()), (_CONSOLE, self._talk())):
            asyncio.create_task(self._guard.run(_TASKS[task], work))
        if self.slave:
            asyncio.create_task(self._guard.run(_TASKS[_SLAVE], self.slave.serve()))
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
                self.ending.shell.poll()
            if self.ending.shell.busy():
                memory.tidy()
            await asyncio.sleep_ms(10)

    async def _watch(self):
        before_ms = time.ticks_ms()
        while not self.ending.over():
            await asyncio.sleep_ms(100)
            now_ms = time.ticks_ms()
            elapsed_ms = time.ticks_diff(now_ms, before_ms)
            before_ms = now_ms
            memory.tidy()
            self._status.uptime_ms += elapsed_ms
            self._guard.look(elapsed_ms)
            self._report(elapsed_ms)
            self._keeper.pass_time(elapsed_ms)
            self.ending.pass_time(elapsed_ms, self._supervisor.dead)

    def _report(self, elapsed_ms):
        self._unreported_ms += elapsed_ms
        if self._unreported_ms >= _REPORT_MS:
            self._reporter.look(self._unreported_ms)
            self._events.pass_time(self._unreported_ms)
            self._lock.pass_time(self._unreported_ms)
            self._unreported_ms = 0
