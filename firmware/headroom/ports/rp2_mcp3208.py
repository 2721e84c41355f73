# ruff: noqa: F821  the names of PIO instructions are there while asm_pio translates
"""An MCP3208 at an RP2040 or RP2350: a PIO state machine clocks it, DMA stores what it answers.

The program converts one input after the other, for ever. Y holds the commands of a whole round,
and each round begins from it: whatever holds the program up, the inputs stay in their order. Every
input takes 42 cycles, two a clock of the converter, so they are equally far apart in time. When
nobody takes the results the program waits; that is seen, and the ring begins anew.

Five inputs 7,680 times a second make a clock of 806 kHz; the converter takes 1 MHz at 2.7 V and
2 MHz at 5 V. Six are the most, by that and by the 32 bits of Y.
"""

import rp2
from machine import Pin, mem32
from micropython import const

from .rp2 import Sampler as Ring

# PIO 0, state machine 0: the same on both chips.
_FDEBUG = const(0x50200008)
_RX_FIFO = const(0x50200020)
_DREQ_RX = const(4)
_RX_STALL = const(1)
_CYCLES = const(42)  # of the program, for one input
_COMMAND = const(5)  # bits: start, single-ended, the input's number
_LONGEST = const(32)


def _round():
    """Side-set: 1 is CS high, 2 is the clock high. The converter takes and gives with its rise."""
    label("input")
    set(x, 4).side(1).delay(1)
    wrap_target()
    label("command")
    out(pins, 1).side(0)
    jmp(x_dec, "command").side(2)
    set(x, 11).side(0)
    nop().side(2)  # the input is held with the end of this clock
    nop().side(0)
    nop().side(2)  # a null bit
    nop().side(0)
    label("bit")
    in_(pins, 1).side(2)
    jmp(x_dec, "bit").side(0)
    jmp(not_osre, "input").side(1)
    mov(osr, y).side(1)
    set(x, 4).side(1)
    wrap()


class Sampler(Ring):
    """Samples `names`, all unless said, of board.CHANNELS, which has what is at input 0 and up.

    board.MCP3208 has the pins; "sck" must be the GPIO after "cs".
    """

    _FIFO = _RX_FIFO
    _REQUEST = _DREQ_RX

    def __init__(self, board, names=None):
        names = names or board.CHANNELS
        count = len(names)
        self._make_ring(board, count)
        pins = board.MCP3208
        self._cs, self._mosi = Pin(pins["cs"]), Pin(pins["mosi"])
        self._miso = Pin(pins["miso"], Pin.IN, Pin.PULL_UP)  # without a converter: all "clipped"
        self._commands = 0
        for name in names:
            number = board.CHANNELS.index(name)
            self._commands = self._commands << _COMMAND | 0b11000 | number
        self._program = rp2.asm_pio(
            sideset_init=(rp2.PIO.OUT_HIGH, rp2.PIO.OUT_LOW),
            out_init=rp2.PIO.OUT_LOW,
            out_shiftdir=rp2.PIO.SHIFT_LEFT,
            pull_thresh=count * _COMMAND,
            autopush=True,
            push_thresh=12,
        )(_round)
        self._machine = rp2.StateMachine(0)

    def _overflowed(self):
        return mem32[_FDEBUG] & _RX_STALL

    def _start(self):
        sm = self._machine
        sm.init(
            self._program,
            freq=self.rate_hz * self.channels * _CYCLES,
            in_base=self._miso,
            out_base=self._mosi,
            sideset_base=self._cs,
        )
        sm.put(self._commands, _LONGEST - self.channels * _COMMAND)
        sm.exec("pull().side(1)")
        sm.exec("mov(y, osr).side(1)")
        mem32[_FDEBUG] = _RX_STALL
        sm.active(1)

    def _stop(self):
        self._machine.active(0)
        while self._machine.rx_fifo():
            self._machine.get()
