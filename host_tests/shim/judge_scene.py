"""A judge with chargers, for tests of the judge; the meter is played by the test."""

from dataclasses import replace

from lab.sim.chargers import Heidelberg
from lab.sim.frames import Frame, crc16
from lab.sim.rules import Judge
from lab.sim.truth import Conditions, Truth

TICK_S = 0.005
COMMAND = 261
STATUS = bytes.fromhex("04 00 05 00 0A")


class Scene:
    """A judge with chargers, and a meter played by the test."""

    def __init__(self, *models):
        self.now_s = 1000.0
        self.chargers = [
            model(address, lambda: self.now_s)
            for address, model in enumerate(models or (Heidelberg,), start=1)
        ]
        self.charger = self.chargers[0]
        for charger in self.chargers:
            charger.power_on(ago_s=3600)
        names = [(f"charger{c.address}", c) for c in self.chargers]
        self.judge = Judge(names, rated_a=100.0, fallback_a=6.0)
        for judge in self.judge.chargers:
            judge.booted()
        self.judge.firmware_started()
        self.conditions = Conditions(firmware=True)
        self.links = [True for _ in self.chargers]
        self.base_a = 20.0
        self.cars_follow = True

    def wait(self, seconds):
        """Let time pass, polling once a second as a meter does, unless it is blind."""
        for tick in range(round(seconds / TICK_S)):
            self.now_s += TICK_S
            pilots_a = tuple(charger.pilot_a for charger in self.chargers)
            if self.cars_follow:
                for charger, pilot_a in zip(self.chargers, pilots_a, strict=True):
                    charger.draw_a = 0.95 * pilot_a
            self.judge.tick(
                Truth(
                    self.now_s,
                    TICK_S,
                    (self.base_a + 0.95 * sum(pilots_a), 0.0),
                    80.0 - self.base_a,
                    pilots_a,
                    tuple(self.links),
                ),
                replace(self.conditions),
            )
            for charger, link in zip(self.chargers, self.links, strict=True):
                if tick % 200 == 0 and self.conditions.sees and self.conditions.firmware and link:
                    self.send(STATUS, charger)

    def offer(self, amps, charger=None):
        """Write the limit; the charger takes it and answers."""
        charger = charger or self.charger
        raw = round(amps / charger.limit_a(1))
        register = charger.limit_register
        body = bytes((6,)) + register.to_bytes(2, "big") + raw.to_bytes(2, "big")
        charger.holding[register] = raw
        self.send(body, charger)

    def send(self, pdu, charger=None):
        charger = charger or self.charger
        body = bytes((charger.address,)) + pdu
        frame = body + crc16(body).to_bytes(2, "little")
        charger.fed()
        self.judge.frame(Frame(self.now_s, self.now_s + 0.005, True, frame, frame))
        self.judge.frame(Frame(self.now_s + 0.01, self.now_s + 0.02, False, frame, frame))

    @property
    def broken(self):
        return [breach.rule for breach in self.judge.broken]


def steered():
    """A scene whose charger has been raised to 16 A, in steps that are right."""
    scene = Scene()
    scene.wait(4)
    for amps in (6, 11, 16):
        scene.offer(amps)
        scene.wait(5.1)
    return scene
