"""The three records that pass between the rooms: plain integers, made once and reused.

    metering --Reading--> balancing --Allocation--> charging
                          balancing <--ChargerState-- charging

A fourth, Power, goes from metering to what people and other meters are told, never to balancing;
it stands in metering/power.py, for it is in memory only where a voltage is fitted.

Currents are RMS milliamperes. The codes below name faults, limits and reasons; their plain
English stands beside them, so that every number in a record can be shown as a sentence.
"""

from array import array

from micropython import const

MAX_CHARGERS = const(25)
MAX_GROUPS = const(8)
NO_REQUEST_MA = const(1 << 28)
WINDOW_MS = const(200)
STALE_MS = const(550)  # passed by the third window in a row that is not good, see health.py

# Faults of one measuring channel: bits, several at once.
CLIPPED = const(1)
UNSETTLED = const(2)
LOST = const(4)
NO_SIGNAL = const(8)
STUCK = const(16)
BIAS = const(32)
NOISE = const(64)
FREQUENCY = const(128)
ARITHMETIC = const(256)
BELOW_EV = const(512)
UNMOVED = const(1024)
CHIP = const(1 << 16)  # these four of a metering chip
RESTARTED = const(1 << 17)
STOPPED = const(1 << 18)
STARTING_UP = const(1 << 19)
FAULT_NAMES = {
    CLIPPED: "clipped: the current is beyond what the CT and burden can show",
    UNSETTLED: "bias moved: the next window will be right",
    LOST: "samples lost",
    NO_SIGNAL: "no signal: CT open, shorted or unplugged",
    STUCK: "stuck: the converter gives the same count all the time",
    BIAS: "bias off centre: check the two bias resistors",
    NOISE: "noise: no steady mains frequency in the signal",
    FREQUENCY: "frequency outside 45 to 65 Hz",
    BELOW_EV: "below the EV branch that it feeds: wrong CT, burden or leg, a CT not closed, or a "
    "source in the house; no current is raised",
    UNMOVED: "does not move as the cars do: CT off, slipped, on another wire or not of the burden "
    "that is set, or what measures the cars is wrong; the cars have their fallback",
    ARITHMETIC: "this firmware computes wrongly on this board: flash another build",
}

# Which limit is the smallest.
BY_NONE = const(0)
BY_LEG = const(1)  # BY_LEG + 0 is L1, + 1 is L2, + 2 is L3
BY_CIRCUIT = const(4)
BY_CHARGER = const(5)
BY_SETTING = const(6)
BY_SHARE = const(7)
BY_REPORT = const(8)
BY_DEMAND = const(9)
BY_REQUEST = const(10)
BY_GROUP = const(11)  # BY_GROUP + 0 is group 1
LIMIT_NAMES = (
    "none",
    "L1",
    "L2",
    "L3",
    "charger circuit",
    "charger maximum",
    "max_a setting",
    "share with the other chargers",
    "cable or temperature, as the charger reports",
    "what the car takes",
    "request",
) + tuple("group %d" % (n + 1) for n in range(MAX_GROUPS))

# Why an allocation is what it is.
STARTING = const(0)
OFFLINE = const(1)
NO_CAR = const(2)
STEADY = const(3)
RISING = const(4)
SETTLING = const(5)
FALLEN = const(6)
HOLDING = const(7)
PAUSED = const(8)
BLIND = const(9)
TRIPPED = const(10)
WAITING_TURN = const(11)
DELAYED = const(12)
DISOBEYS = const(13)
LOWERED = const(14)
SUSPENDED = const(15)
RESTING = const(16)
POLLS = const(17)
REASON_NAMES = (
    "starting: waiting for two good measurements and an answer from the charger",
    "charger does not answer",
    "no car connected",
    "all that the limit allows",
    "rising: headroom has been proven",
    "waiting: headroom must last before the current rises",
    "reduced: the house needs the current",
    "held at the minimum: no headroom, but the breaker tolerates it for a while",
    "paused: no headroom for the minimum",
    "fallback: no good measurement",
    "fallback: the supervisor stepped in",
    "waiting for its turn: not every charger can have its minimum",
    "start delayed after the power cut",
    "it has more than it was told: the minimum until it obeys",
    "lowered by request",
    "paused by request",
    "off: its relay rests before the next start",
    "polls this meter and balances by itself",
)

# What tells the cars' current from the house's (setting ev_source).
EV_CT = const(0)
EV_REGISTER = const(1)
EV_ESTIMATE = const(2)
EV_SOURCES = ("ct", "register", "estimate")


class Reading:
    """RMS current of every leg and of the EV branch over one and the same window.

    leg_ma[i]  mains current of leg i, the cars included, in mA
    ev_ma      current of the EV branch, in mA
    faults[c]  fault bits of channel c: the legs in order, then the EV branch
    good       every channel is complete and healthy
    doubtful   good, but it raises nothing: two channels contradict each other
    at_ms      ticks_ms of a window's last sample, 0 for a cycle
    seq        counts the windows
    """

    def __init__(self, legs):
        self.legs = legs
        self.leg_ma = array("i", [0] * legs)
        self.ev_ma = 0
        self.faults = array("i", [0] * (legs + 1))
        self.good = False
        self.doubtful = False
        self.at_ms = 0
        self.seq = 0


class ChargerState:
    """What is known of one charger, from its profile, its settings and its answers.

    online     it answered lately and its start-up writes are done
    car        a car is connected
    charging   the car draws current (pilot state C or D)
    offer_ma   the last allocation that it acknowledged, -1 before the first
    ceiling_ma the most that it may hold: what it was told, what was sent and not acknowledged, and
               while it does not answer what its own failsafe or a restart may give it
    held_ma    the limit that it was last read to hold, -1 if its registers don't show that
    reported_ma[p]   current of its phase p, as it measures it; -1 where it doesn't
    reported_age_ms  age of these: charging sets 0 with each answer, balancing counts up
    report_limit_ma  the most that it allows itself (cable, temperature), -1 if it doesn't say
    request_ma  the most that planning asks for, 0 a pause, NO_REQUEST_MA nothing: it only lowers
    The rest is fixed at start: limits in mA; `legs` indices of the legs that its phases load, in
    the order of the phases; `group` 0 for none; `priority` 9 is served first, 1 last. `rest_ms` is
    0 but for a relay, which has one current or none (min_ma is max_ma): it is never held without
    headroom, and stays off for so long before it starts again. `driven` is False for one that is
    told nothing: it balances by itself, and may always draw `ceiling_ma`.
    """

    def __init__(
        self,
        min_ma,
        max_ma,
        circuit_ma,
        setting_ma,
        fallback_ma,
        legs=(0, 1, 2),
        group=0,
        priority=5,
        rest_ms=0,
        driven=True,
    ):
        self.min_ma = min_ma
        self.max_ma = max_ma
        self.circuit_ma = circuit_ma
        self.setting_ma = setting_ma
        self.fallback_ma = fallback_ma
        self.legs = legs
        self.group = group
        self.priority = priority
        self.rest_ms = rest_ms
        self.driven = driven
        self.online = False
        self.car = False
        self.charging = False
        self.offer_ma = -1
        self.ceiling_ma = max_ma
        self.held_ma = -1
        self.reported_ma = array("i", [-1] * 3)
        self.reported_age_ms = 0
        self.report_limit_ma = -1
        self.request_ma = NO_REQUEST_MA


class Allocation:
    """What one charger may draw now (`allowed_ma`), and why.

    ready     False until the first decision: nothing is written to the charger before
    fresh     the measurement behind it is fresh: only then is the charger kept alive
    reason    one of the reason codes; since_ms counts how long it has held
    limit     the limit that is the smallest; fits_ma what it leaves for this charger now
    wait_ms   the running timer: time until a rise or a resumption is possible
    holds_ma  what it holds though it was told less for longer than a change needs, 0 if it obeys
    kept_ma   what is kept for it while it does not answer, or besides while it holds more
    """

    def __init__(self, fallback_ma):
        self.allowed_ma = fallback_ma
        self.ready = False
        self.fresh = False
        self.reason = STARTING
        self.since_ms = 0
        self.limit = BY_NONE
        self.fits_ma = 0
        self.wait_ms = 0
        self.holds_ma = 0
        self.kept_ma = 0
