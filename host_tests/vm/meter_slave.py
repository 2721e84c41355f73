"""Runs on the unix port: the slave on the pty HEADROOM_METER, with two legs of known currents.

argv: the meter, baud, "stale" for a broken measurement, and what it does then.
"""

import asyncio
import sys
import time

import board
from headroom.answering.readings import Readings
from headroom.answering.slave import Slave
from headroom.ports.unix import Line


class Window:
    good = True
    legs = 2
    leg_ma = (12345, 6789)

    @property
    def at_ms(self):
        return time.ticks_ms()


class Frequency:
    def millihertz(self):
        return 59980


class Meter:
    window = Window()
    frequency = Frequency()


class Health:
    def stale(self):
        return "stale" in sys.argv


class Energy:
    def wh(self, channel, volts):
        return (1234567, 7654)[channel]


readings = Readings(Meter(), Health(), Energy(), 120, 100_000)
form = (int(sys.argv[2]), "N", 1)
when_bad = sys.argv[4] if len(sys.argv) > 4 else ""
slave = Slave(Line(board, "METER_LINE"), form, sys.argv[1], 7, readings, when_bad)
asyncio.run(slave.serve())
