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


class Status:
    def meter(self):
        return {"good": True, "uptime_ms": 60_000, "ev_ma": -1}

    def faults(self):
        return ()


readings = Readings(Meter(), Health(), Energy(), 120, 100_000)
form = (int(sys.argv[2]), "N", 1)
when_bad = sys.argv[4] if len(sys.argv) > 4 else ""
if sys.argv[1] == "headroom":
    from headroom.answering.own import Own

    texts = ("0.1.0", "1.28.0", "unix", "01234567", "e661a4d41723262a")
    readings = Own(readings, Status(), {}, texts, (100, 120, 2), 0, 7)
slave = Slave(Line(board, "METER_LINE"), form, sys.argv[1], 7, readings, when_bad)
asyncio.run(slave.serve())
