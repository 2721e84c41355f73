"""Chargers on the firmware's bus in virtual time, at the end of a line in memory.

Registers and frames are those of the makers' tables; the firmware's profiles are not looked at.
"""

import asyncio
import time

from scripted_line import Line, Slave, together

from headroom import records
from headroom.app import building
from headroom.charging.bus import Bus
from headroom.charging.rtu import Rtu
from headroom.settings import table
from headroom.settings.together import check

STATE, STANDBY, WATCHDOG, COMMAND, FAILSAFE = 5, 258, 257, 261, 262  # Heidelberg Energy Control
CURRENT, AFTER_BOOT, OPTIONS = 1000, 2000, 2005  # EVSE-WB
KEPT_IN_FLASH = {WATCHDOG, STANDBY, FAILSAFE, AFTER_BOOT, OPTIONS}
FRAME_16_A = bytes.fromhex("01 06 01 05 00 A0 98 4F")
FRAME_6_A = bytes.fromhex("01 06 01 05 00 3C 98 26")
FRAME_PAUSE = bytes.fromhex("01 06 01 05 00 00 98 37")
FRAME_FAILSAFE_6_A = bytes.fromhex("01 06 01 06 00 3C 68 26")


def heidelberg(unit=1, **held):
    registers = {WATCHDOG: 0, STANDBY: 0, 259: 1, COMMAND: 0, FAILSAFE: 0}
    return Slave(
        unit,
        registers | {int(name[1:]): value for name, value in held.items()},
        {STATE: 7, 6: 60, 7: 61, 8: 0, 9: 250, 10: 230, 11: 230, 12: 230, 13: 1, 14: 2800},
    )


def evse(unit=1, **held):
    registers = {1000: 0, 1001: 0, 1002: 3, 1003: 32, 1004: 0, 1005: 18, 1006: 2}
    registers |= {AFTER_BOOT: 32, OPTIONS: 0}
    return Slave(unit, registers | {int(name[1:]): value for name, value in held.items()})


class Installation:
    """Chargers on a line, with the allocations in the test's hands."""

    def __init__(self, clock, *chargers, fallback_a=6):
        """Each charger is (profile, slave)."""
        values = table.defaults()
        for n, (profile, slave) in enumerate(chargers, 1):
            table.put(values, f"charger{n}.profile", profile)
            table.put(values, f"charger{n}.address", slave.unit)
            table.put(values, f"charger{n}.fallback_a", fallback_a)
        check(values)
        self.clock = clock
        self.idle_ms = 2  # from a turn in which nothing was due to the next
        self.slaves = [slave for _, slave in chargers]
        self.line = Line(clock, together(*self.slaves))
        self.chargers, problems = building.chargers(values, "")
        assert problems == []
        self.allocations = [records.Allocation(c.state.fallback_ma) for c in self.chargers]
        self.bus = Bus(Rtu(self.line), self.chargers, self.allocations)

    def allow(self, *currents_ma, fresh=True):
        """What the controller decides, from now on."""
        for allocation, ma in zip(self.allocations, currents_ma, strict=True):
            allocation.allowed_ma = ma
            allocation.ready = True
            allocation.fresh = fresh

    def run(self, ms, at_ms=0, action=None):
        """Serve the line for `ms`; `action()` happens `at_ms` from now, whatever goes on."""

        async def serve():
            end_ms = self.clock.ms + ms
            while self.clock.ms < end_ms:
                if not await self.bus.turn(time.ticks_ms()):
                    await asyncio.sleep_ms(self.idle_ms)

        self.clock.drive(serve(), at_ms, action)

    def frames_since(self, ms, unit=None):
        return [
            frame for at_ms, frame in self.line.sent if at_ms >= ms and unit in (None, frame[0])
        ]

    def start(self, *currents_ma):
        """Until every charger is set up and told."""
        self.run(5000)
        assert all(charger.state.online for charger in self.chargers)
        self.allow(*currents_ma)
        self.run(2000)
        assert [charger.state.offer_ma for charger in self.chargers] == list(currents_ma)
