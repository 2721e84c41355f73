"""RP2040 and RP2350: ADC round robin and DMA into a ring, UART with a driver-enable pin.

The ADC converts its channels in turn at a hardware-timed rate; each result asks the data DMA
channel to store it. When that has filled the ring it triggers a second DMA channel, whose only
transfer writes the ring's start address back and so starts the first again: no interrupt, no
re-arming by the processor, and no end of the 32-bit transfer count. The ADC's FIFO holds four
results (eight on RP2350), far more than the few cycles this takes.
"""

import binascii
import sys
import time
from array import array

import machine
import micropython
import rp2
from machine import mem32
from micropython import const
from uctypes import addressof

from .rp2_line import Line  # noqa: F401  part of the interface
from .service import end_service, feed_for_service
from .stdio import Terminal  # noqa: F401

_RP2350 = "RP2350" in sys.implementation._machine
_ADC_BASE = 0x400A0000 if _RP2350 else 0x4004C000
_DREQ_ADC = 48 if _RP2350 else 36
_WATCHDOG_CTRL = 0x400D8000 if _RP2350 else 0x40058000
_CS = _ADC_BASE
_FCS = _ADC_BASE + 0x08
_FIFO = _ADC_BASE + 0x0C
_DIV = _ADC_BASE + 0x10
_DMA_BASE = const(0x50000000)
_WRITE_ADDRESS_TRIGGER = const(0x2C)  # of a DMA channel: alias 2
_CS_EN = const(1)
_CS_SENSOR_EN = const(1 << 1)
_CS_START_MANY = const(1 << 3)
_CS_READY = const(1 << 8)
_FCS_DREQ_PER_RESULT = const(1 << 24 | 1 << 3 | 1)  # threshold 1, DREQ_EN, EN
_FCS_EMPTY = const(1 << 8)
_FCS_OVER = const(1 << 11)
_FCS_CLEAR = const(1 << 11 | 1 << 10)
_SENSOR = const(4)  # the input of the chip's own temperature
_ADC_HZ = const(48_000_000)
_RING_MS = const(300)


class Sampler:
    """Samples board.ADC_PINS, which must be rising pins of GPIO26 to GPIO29.

    chip_sensor  and the chip's own temperature, last of each frame

    Another front end that feeds the ring has its own _FIFO, _REQUEST, _start, _stop, _overflowed.
    """

    _FIFO = _FIFO
    _REQUEST = _DREQ_ADC

    def __init__(self, board, chip_sensor=False):
        self._inputs = [pin - 26 for pin in board.ADC_PINS]
        self._on = _CS_EN
        if chip_sensor:
            self._inputs.append(_SENSOR)
            self._on |= _CS_SENSOR_EN
        self._make_ring(board, len(self._inputs))
        for pin in board.ADC_PINS:
            machine.ADC(machine.Pin(pin))  # sets up the converter and the pad

    def _make_ring(self, board, channels):
        self.channels = channels
        self._frame_bytes = 2 * channels
        self.rate_hz = board.RATE_HZ
        self.frames = board.RATE_HZ * _RING_MS // 1000
        # From a range, whatever its values: a list of zeros would take twice the ring itself.
        self.samples = array("H", range(self.frames * channels))
        self.spacing_ppm = 1_000_000 // channels
        self.lost_frames = 0
        self.jitter_us = 0
        self._start_address = array("I", [addressof(self.samples)])
        self._data = rp2.DMA()
        self._restart = rp2.DMA()
        self._position = -1  # sampling begins with the first call of `advance`

    @micropython.native
    def advance(self):
        now_ms = time.ticks_ms()
        if self._position < 0:
            self._begin()
            return 0
        if self._overflowed():  # the order of the channels, or their moments, are unknown
            self.lost_frames += 1
            to_the_end = self.frames - self._position
            self._begin()
            return to_the_end  # what comes next is at the ring's start
        frames = self.frames
        position = (self._data.write - self._base) // self._frame_bytes % frames
        arrived = (position - self._position) % frames
        elapsed_ms = time.ticks_diff(now_ms, self._at_ms)
        if elapsed_ms >= _RING_MS // 2:  # were we away for longer than the ring holds?
            expected = min(elapsed_ms, 30_000) * self.rate_hz // 1000
            laps = (expected - arrived + frames // 2) // frames
            self.lost_frames += max(0, laps) * frames
        self._position = position
        self._at_ms = now_ms
        return arrived

    def _begin(self):
        data, restart = self._data, self._restart
        data.ctrl = restart.ctrl = 0  # EN of both, or RP2350 starts anew (its E5)
        data.active(0)
        restart.active(0)
        self._stop()
        self._base = self._start_address[0]
        restart.config(
            read=self._start_address,
            write=_DMA_BASE + 0x40 * data.channel + _WRITE_ADDRESS_TRIGGER,
            count=1,
            ctrl=restart.pack_ctrl(size=2, inc_read=False, inc_write=False),
        )
        data.config(
            read=self._FIFO,
            write=self.samples,
            count=len(self.samples),
            ctrl=data.pack_ctrl(
                size=1,
                inc_read=False,
                treq_sel=self._REQUEST,
                chain_to=restart.channel,
                high_pri=True,
            ),
            trigger=True,
        )
        self._position = 0
        self._at_ms = time.ticks_ms()
        self._start()

    def _overflowed(self):
        return mem32[_FCS] & _FCS_OVER

    def _start(self):
        every = 0
        for channel in self._inputs:
            every |= 1 << channel
        rate = self.rate_hz * self.channels
        mem32[_DIV] = (_ADC_HZ * 256 + rate // 2) // rate - 256  # 1 + INT + FRAC/256 cycles
        mem32[_FCS] = _FCS_DREQ_PER_RESULT
        mem32[_CS] = every << 16 | self._inputs[0] << 12 | _CS_START_MANY | self._on

    def _stop(self):
        mem32[_CS] = self._on
        while not mem32[_CS] & _CS_READY:
            pass
        mem32[_FCS] = 1
        while not mem32[_FCS] & _FCS_EMPTY:
            mem32[_FIFO]
        mem32[_FCS] = _FCS_CLEAR


class Watchdog:
    """The chip's own; once created it can't be stopped."""

    def __init__(self, board):
        self._wdt = machine.WDT(timeout=board.WATCHDOG_MS)
        end_service()

    def feed(self):
        self._wdt.feed()


def reset():
    machine.reset()


def reset_cause():
    if machine.reset_cause() == machine.PWRON_RESET:
        return "power on"
    return "watchdog or restart"


def identity():
    return binascii.hexlify(machine.unique_id()).decode()


def data_folder(board):
    return "/data"


def stay_reachable(board):
    if mem32[_WATCHDOG_CTRL] & 1 << 30:
        feed_for_service(machine.WDT(timeout=board.WATCHDOG_MS), machine.Timer())
