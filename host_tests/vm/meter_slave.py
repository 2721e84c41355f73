"""Runs on the unix port: the slave on the pty HEADROOM_METER, with two legs of known currents.

argv: model, baud. A broken measurement is asked for by the address 99: then nothing is fresh.
"""

import asyncio
import sys

import board
from headroom.answering.readings import Readings
from headroom.answering.slave import Slave
from headroom.ports.unix import Line


class Window:
    good = True
    legs = 2
    leg_ma = (12345, 6789)


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


readings = Readings(Meter(), Health(), Energy(), 120)
form = (int(sys.argv[2]), "N", 1)
slave = Slave(Line(board, "METER_LINE"), form, sys.argv[1], 7, readings)
asyncio.run(slave.serve())
