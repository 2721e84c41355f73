"""What people would like, at work: in memory only where a setting asks for it.

With each window the planner is told what flows, and what it asks for is handed to balancing,
which takes it for one more limit (records.ChargerState.request_ma).

Whatever fails here ends here: control goes on. For a minute what was asked last stands, so that a
fault of one window changes nothing. Then nobody knows any more what is wished, and nothing is
asked for, but a charger whose mode is off stays off, and what the grid operator's contact and the
temperature asked for last stands; `fault` says so. The next window tries again.
"""

import time

from micropython import const

from ..planning import utc
from ..planning.planner import Planner
from ..planning.request import BY_CONTACT, BY_TEMPERATURE, MODES, OFF, SUN, SUN_MIN
from ..ports import options

_LONGEST_MS = const(10_000)
_STANDS_MS = const(60_000)


class Planning:
    """wished  a Wished (wished.py); names, rows: of charging and balancing, in the same order

    plugs, clock, calendar  see planning/; calendar None where nothing hangs on the time
    surplus, cap, tariff, contact, thermometer, told    None where they are off
    grid    a Grid (grid.py); sessions: app/sessions.py, None where none are kept
    """

    def __init__(self, wished, names, rows, grid, sessions=None):
        self.clock, self.clock_chip = wished.clock, wished.clock_chip
        self._kept = options.kept_time()
        if self._kept:
            self.clock.resume(self._kept.take())
        self._error = None  # the exception, while it fails
        self.plugs = wished.plugs
        self.calendar = wished.calendar
        self.surplus, self.cap, self.tariff = wished.surplus, wished.cap, wished.tariff
        self.contact, self.thermometer = wished.contact, wished.thermometer
        self.told = wished.told
        self._inputs = wished.inputs
        self.sessions = sessions
        self._planner = Planner(wished.plugs, wished.calendar, wished.power, wished.limits)
        self._names = names
        self._rows = rows
        self.grid = grid
        self._failing_ms = 0
        self._before_ms = time.ticks_ms()

    def modes(self):
        """(name, mode) of each charger."""
        return [(name, MODES[plug.mode]) for name, plug in zip(self._names, self.plugs)]

    def choose(self, name, mode):
        """Let a charger charge so until a restart; False if it has nothing for the sun."""
        plug = self.plugs[self._names.index(name)]
        number = MODES.index(mode)
        if SUN <= number <= SUN_MIN and not plug.sun:
            return False
        plug.mode = number
        return True

    def time(self):
        """UTC as text, "" while it is unknown."""
        return utc.written(self.clock.day, self.clock.second) if self.clock.known else ""

    def set_time(self, text):
        """Somebody knows it; ValueError if that is no time."""
        day, second = utc.read(text)
        self.clock.tell(day, second)
        if self.clock_chip:
            self.clock_chip.set(day, second)

    def keep_time(self):
        """The board restarts at once: the time is kept over that, where it can be."""
        clock = self.clock
        if self._kept and clock.known:
            clock.pass_time(time.ticks_diff(time.ticks_ms(), self._before_ms))
            try:
                self._kept.keep(clock.day, clock.ms())
            except MemoryError:  # then it is unknown: the restart waits
                pass

    def fault(self):
        """What goes wrong, "" if nothing."""
        if not self._error:
            return ""
        stands = "what it asked for stands for a minute"
        if self._failing_ms == _STANDS_MS:
            stands = "nothing is asked for but modes off, grid contact, temperature"
        return "planning fails: %r; %s" % (self._error, stands)

    def step(self, now_ms):
        """A window is there, or should be. Nothing is raised."""
        elapsed_ms = min(time.ticks_diff(now_ms, self._before_ms), _LONGEST_MS)
        self._before_ms = now_ms
        try:
            self.clock.pass_time(elapsed_ms)
            self._step(elapsed_ms)
            self._failing_ms = 0
            self._error = None
        except Exception as error:
            self._error = error
            self._failed(elapsed_ms)

    def _step(self, elapsed_ms):
        for found in self._inputs:
            found.look(elapsed_ms)
        if self.calendar:
            if self.clock.known:
                self.calendar.tell(self.clock.day, self.clock.second)
            else:
                self.calendar.forget()
        plugs = self.plugs
        grid = self.grid
        grid.look(plugs, self._rows)
        if self.told:
            self.told.pass_time(elapsed_ms)
            if self.told.measures:
                grid.watts = self.told.grid_w()
        if self.sessions:
            self.sessions.step(plugs, elapsed_ms, grid.watts, self.clock)
        self._planner.step(elapsed_ms, grid.watts)
        for plug in plugs:
            plug.state.request_ma = plug.request.bound_ma

    def _failed(self, elapsed_ms):
        """Nothing is made here: it may be the memory that fails."""
        self._failing_ms = min(self._failing_ms + elapsed_ms, _STANDS_MS)
        if self._failing_ms == _STANDS_MS:
            for plug in self.plugs:
                asked = plug.request.limit_ma
                asked_ma = min(asked[BY_CONTACT], asked[BY_TEMPERATURE])
                plug.state.request_ma = 0 if plug.mode == OFF else asked_ma
