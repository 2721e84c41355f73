"""The only file that knows every room: builds the objects from the settings, runs the tasks.

    measure   5 ms   samples -> readings -> allocations (so that nothing waits between the two)
    bus              allocations -> chargers
    console   10 ms  what is typed -> answers
    guard     100 ms supervisor: beats, overload, watchdog

A task that raises trips the supervisor: fallback for every charger, then a reset.
"""

import gc
import sys
import time

import asyncio
import micropython
from micropython import const

from . import ports, records, settings
from .balancing.controller import Controller
from .charging import profile
from .charging.bus import Bus
from .charging.charger import Charger
from .charging.rtu import Rtu
from .console.commands import Commands
from .console.shell import Shell
from .metering import calibration, meter
from .metering.health import Health
from .status import Status
from .store import Store, make_folder
from .supervisor import Supervisor

_MEASURE = const(0)
_BUS = const(1)
_CONSOLE = const(2)
_TASKS = ("measure", "bus", "console")
_DEADLINES_MS = (1000, 5000, 5000)
_GIVE_UP_MS = const(3000)  # from a trip to the reset: time to tell the chargers
_ANSWER_MS = const(300)  # from `reboot` to the restart: time to print the answer


class App:
    """One meter on one board."""

    def __init__(self, board):
        port = ports.current()
        watchdog = port.Watchdog(board)  # from here on a hang ends in a reset
        folder = port.data_folder(board)
        make_folder(folder)
        store = Store(folder)
        values = store.load()
        self._meter = _meter(values, board, port.Sampler(board))
        self._health = Health()
        chargers = [_charger(values, n) for n in settings.chargers(values)]
        self._controller = Controller(
            values["legs"],
            values["breaker_a"] * 1000,
            values["derate_pct"],
            values["dead_time_s"] * 1000,
            values["rise_window_s"] * 1000,
            [charger.state for charger in chargers],
        )
        self._bus = Bus(Rtu(port.Line(board)), chargers, self._controller.allocations)
        self._supervisor = Supervisor(
            _TASKS, _DEADLINES_MS, values["legs"], values["breaker_a"] * 1000, watchdog
        )
        self._status = Status(
            board,
            store,
            self._meter,
            self._health,
            self._controller,
            self._bus,
            self._supervisor,
        )
        commands = Commands(values, store, self._status.collect, self._ask_restart)
        self._shell = Shell(port.Terminal(board), commands.run)
        self._restart_in_ms = -1
        self.failure = None  # the exception that ended a task

    async def run(self):
        """Run until a restart is due; the caller resets the board."""
        for task, work in ((_MEASURE, self._measure), (_BUS, self._serve), (_CONSOLE, self._talk)):
            asyncio.create_task(self._guarded(task, work()))
        await self._guard()

    def last_words(self):
        """Offer every charger its fallback, blocking: before a restart and after Ctrl-C."""
        micropython.kbd_intr(-1)
        self._bus.last_words()
        micropython.kbd_intr(3)

    async def _guarded(self, task, work):
        try:
            await work
        except Exception as error:
            self.failure = error
            self._supervisor.trip("task '%s' failed: %r" % (_TASKS[task], error))

    async def _measure(self):
        self._decided_ms = self._waited_ms = time.ticks_ms()
        while True:
            await asyncio.sleep_ms(5)
            self._supervisor.beat(_MEASURE)
            now_ms = time.ticks_ms()
            done = self._meter.poll(now_ms)
            while done:
                if self._controller.surge(self._meter.cycle, self._elapsed_ms(now_ms)):
                    self._decided_ms = now_ms
                if done & meter.WINDOW:
                    self._decide(now_ms)
                done = self._meter.poll(now_ms)
            if time.ticks_diff(now_ms, self._waited_ms) >= records.WINDOW_MS * 3 // 2:
                self._decide_blind(now_ms)

    def _decide(self, now_ms):
        reading = self._meter.window
        if reading.good:
            self._health.good(time.ticks_diff(now_ms, reading.at_ms))
        else:
            self._health.wait(time.ticks_diff(now_ms, self._waited_ms))
        self._supervisor.watch(reading.leg_ma, records.WINDOW_MS)
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
            if not await self._bus.turn(time.ticks_ms()):
                await asyncio.sleep_ms(2)

    async def _talk(self):
        while True:
            self._supervisor.beat(_CONSOLE)
            self._shell.poll()
            await asyncio.sleep_ms(10)

    async def _guard(self):
        before_ms = time.ticks_ms()
        left_ms = _GIVE_UP_MS
        while self._restart_in_ms != 0 and left_ms > 0:
            await asyncio.sleep_ms(100)
            gc.collect()
            now_ms = time.ticks_ms()
            elapsed_ms = time.ticks_diff(now_ms, before_ms)
            before_ms = now_ms
            self._status.uptime_ms += elapsed_ms
            self._supervisor.check(elapsed_ms)
            self._bus.failsafe = bool(self._supervisor.tripped)
            if self._supervisor.dead:
                left_ms -= elapsed_ms
            if self._restart_in_ms > 0:
                self._restart_in_ms = max(0, self._restart_in_ms - elapsed_ms)

    def _ask_restart(self):
        self._restart_in_ms = _ANSWER_MS


def main(board):
    """Run the meter on this board for ever; Ctrl-C leaves it stopped, and reachable."""
    app = App(board)
    try:
        asyncio.run(app.run())
    finally:
        app.last_words()
    if app.failure:
        sys.print_exception(app.failure)
    ports.current().reset()


def _meter(values, board, sampler):
    ev_gain = (values["ev_ct_ratio"], values["ev_burden_mohm"])
    gains = [(values["ct_ratio"], values["burden_mohm"])] * values["legs"] + [ev_gain]
    gains_q8 = [
        calibration.ma_per_count_q8(ratio, burden, board.VREF_MV, board.ADC_BITS)
        for ratio, burden in gains
    ]
    return meter.Meter(sampler, gains_q8, values["mains_hz"], (1 << board.ADC_BITS) - 1)


def _charger(values, n):
    family = profile.load(settings.of_charger(values, n, "profile"))
    state = records.ChargerState(
        family.min_ma,
        family.max_ma,
        settings.of_charger(values, n, "circuit_a") * 800,
        settings.of_charger(values, n, "max_a") * 1000,
        settings.of_charger(values, n, "fallback_a") * 1000,
    )
    return Charger("charger%d" % n, family, settings.of_charger(values, n, "address"), state)
