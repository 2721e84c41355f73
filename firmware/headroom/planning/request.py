"""What planning asks for: for one charger, what each limit asks, and which of them binds.

The limits in their one order. All of them only lower; the smallest binds, of equals the first.
`finish`, while it runs, lifts what the schedule, the price and the sun ask for, and nothing else.
"""

from array import array

from micropython import const

# What an owner lets a charger do, by setting or by schedule.
OFF = const(0)
SUN = const(1)
SUN_MIN = const(2)
FAST = const(3)
MODES = ("off", "sun", "sun+min", "fast")

# The limits, in their order.
BY_MODE = const(0)
BY_SCHEDULE = const(1)
BY_PRICE = const(2)
BY_SUN = const(3)
BY_COMMAND = const(4)
BY_CAP = const(5)
BY_CONTACT = const(6)
BY_TEMPERATURE = const(7)
LIMITS = (
    "mode",
    "schedule",
    "price",
    "sun",
    "command",
    "demand cap",
    "grid contact",
    "temperature",
)

# Why a limit is what it is.
MODE_OFF = const(0)
WINDOW = const(1)
CLOCK_UNKNOWN = const(2)
DEAR = const(3)
SUN_WAITS = const(4)
SUN_RESTS = const(5)
SUN_FOLLOWS = const(6)
SUN_HOLDS = const(7)
SUN_BLIND = const(8)
COMMANDED = const(9)
CAP_SHARES = const(10)
CAP_HOLDS = const(11)
CAP_PAUSES = const(12)
CAP_BLIND = const(13)
CONTACT_LIMITS = const(14)
HOT = const(15)
TOO_HOT = const(16)
NTC_FAULT = const(17)
REASONS = (
    "switched off by its mode or schedule",
    "a window of its schedule",
    "the time is unknown: what its owner chose for that",
    "paused: electricity costs more than it may",
    "waiting for the sun: surplus for the minimum must last",
    "resting after a stop before the next start",
    "follows the surplus",
    "held at the minimum: less surplus than that, for a while",
    "surplus unknown: no power measured",
    "a command",
    "what is left of the window's energy",
    "held at the minimum: the window's energy has room for it",
    "paused: the minimum would break the cap",
    "paused: power unknown, so the cap can't be kept",
    "the grid operator asks for less, or the wire is broken",
    "less current while it is warm",
    "paused until it has cooled",
    "the minimum: temperature sensor broken or shorted",
)

NO_LIMIT_MA = const(1 << 28)


class Request:
    """For one charger; every limit that is on is asked anew before `settle()`.

    bound_ma  the most that it may have; 0 is a pause, NO_LIMIT_MA no wish at all
    by        the limit that binds, meaningless where there is no wish
    limit_ma[l], reason[l], wait_ms[l]   what each limit asks, why, and its running timer; where it
              asks for nothing (NO_LIMIT_MA) the reason means nothing
    """

    def __init__(self):
        count = len(LIMITS)
        self.bound_ma = NO_LIMIT_MA
        self.by = BY_MODE
        self.limit_ma = array("i", [NO_LIMIT_MA] * count)
        self.reason = array("i", [0] * count)
        self.wait_ms = array("i", [0] * count)

    def ask(self, limit, ma, reason, wait_ms=0):
        """One limit's wish."""
        self.limit_ma[limit] = ma
        self.reason[limit] = reason
        self.wait_ms[limit] = wait_ms

    def free(self, limit):
        """One limit asks for nothing."""
        self.limit_ma[limit] = NO_LIMIT_MA
        self.wait_ms[limit] = 0

    def before_ma(self, last):
        """The smallest of the limits before this one."""
        ma = NO_LIMIT_MA
        for limit in range(last):
            ma = min(ma, self.limit_ma[limit])
        return ma

    def settle(self, min_ma):
        """The smallest binds; less than the charger's minimum is a pause."""
        by = BY_MODE
        for limit in range(1, len(self.limit_ma)):
            if self.limit_ma[limit] < self.limit_ma[by]:
                by = limit
        self.by = by
        ma = self.limit_ma[by]
        self.bound_ma = ma if ma >= min_ma else 0
