"""A meter that publishes, turn by turn: its status and its broker are of this file, no network."""

from types import SimpleNamespace

from headroom.network.publishing import Publishing

ABOUT = {"id": "e6614103e7452e2f", "name": "garage", "board": "pico_w", "version": "0.1.0",
         "folder": "a"}  # fmt: skip
BASE = "headroom/garage-452e2f"
LEG = {"name": "L1", "ma": 69_560, "headroom_ma": -140}
NOW = {
    "legs": [LEG, LEG | {"name": "L2"}], "ev_ma": 11_449, "faults": [], "mains_mhz": 59_987,
    "settings_hash": "01234567",
    "energy": [{"name": "L1", "wh_estimate": 12_345_678}, {"name": "EV", "wh_estimate": 99}],
}  # fmt: skip
CHARGER = {
    "name": "charger1", "title": "A charger", "reported_ma": 15_960, "allocation_ma": 16_000,
    "offer_ma": -1, "max_ma": 32_000, "limited_by": "request", "request_by": "command",
    "reason": "lowered by request", "state": "C", "online": True, "holds_ma": 0, "error": "",
    "mode": "fast", "modes": ("off", "fast"), "command_ma": None, "paused": False,
}  # fmt: skip


class Broker:
    """In place of Mqtt: takes a message each second turn."""

    def __init__(self):
        self.up = True
        self.joined = 1
        self.fault = ""
        self.said = []
        self.turns = 0
        self.left = []

    def turn(self, elapsed_ms):
        self.turns += 1

    def publish(self, *message):
        if self.turns % 2:
            return False
        self.said.append(message)
        return True

    def leave(self, why):
        self.left.append(why)
        self.up = False
        self.fault = why


class Meter:
    def __init__(self, chargers=1):
        self.steps = 0
        self.now = NOW
        self.all = [CHARGER | {"name": f"charger{n + 1}"} for n in range(chargers)]

    def collect(self):
        for _ in range(5):
            self.steps += 1
            yield
        return dict(self.now)

    def chargers(self):
        for charger in self.all:
            self.steps += 1
            yield dict(charger)


class Home:
    """`own`: the numbers of the chargers of its settings, which can all be built if not given."""

    def __init__(self, chargers=1, own=None):
        self.meter = Meter(chargers)
        own = own or range(1, chargers + 1)
        self.wifi = SimpleNamespace(up=True, fault="", turn=lambda ms: None, signal=lambda: -61)
        self.sent, self.notes = [], []
        self.publishing = Publishing(
            ABOUT | {"chargers": own},
            self.meter,
            self.wifi,
            "10.0.0.2",
            self._door,
            self.notes.append,
        )
        self.broker = self.publishing.mqtt = Broker()
        self.refuses = None

    def _door(self, *command):
        if self.refuses:
            raise self.refuses
        self.sent.append(command)

    def run(self, seconds):
        for _ in range(int(seconds * 10)):
            before = len(self.broker.said), self.meter.steps
            self.publishing.turn(100)
            assert len(self.broker.said) - before[0] <= 1
            assert self.meter.steps - before[1] <= 1, "a step a turn"
        return self

    def topics(self):
        return [topic for topic, _, _ in self.broker.said]
