"""The pulse generator of an ESP32 (MicroPython 1.28.0, ports/esp32/esp32_rmt.c); see chip.py."""

import chip
import machine
import wire

_CALL_US = 10


class RMT:
    def __init__(self, id=-1, *, pin, resolution_hz=10_000_000, idle_level=False, num_symbols=64):
        if not isinstance(pin, machine.Pin):
            raise ValueError("expecting a pin: machine_pin.c:124")
        if not 312_500 <= resolution_hz <= 80_000_000:
            raise ValueError("not 80 MHz divided by 1 to 256: rmt_new_tx_channel")
        if num_symbols < 64 or num_symbols % 2:
            raise ValueError("num_symbols must be even and at least 64: esp32_rmt.c:120")
        if idle_level:
            chip.die("the driver would be on between frames")
        self._pin = pin.id
        self._resolution_hz = resolution_hz
        self._until_us = 0
        self._enabled = False
        wire.drive(self._pin, chip.now_us, chip.now_us)

    def write_pulses(self, duration, data):
        """Mode 2: one duration for all levels. Waits for what is still sent."""
        if chip.now_us < self._until_us:
            chip.hold(self._until_us - chip.now_us)
        if not data:
            raise ValueError("No pulses: esp32_rmt.c:398")
        if not 0 < duration <= 32767:
            raise ValueError("a duration has 15 bits: esp32_rmt.c:409")
        if len(data) > 2 * 47:
            chip.die("more symbols than the S3's memory: interrupts would have to refill it")
        if not all(data):
            raise ValueError("the driver would go off in mid-frame")
        chip.hold(_CALL_US)
        self._until_us = chip.now_us + len(data) * duration * 1_000_000 // self._resolution_hz
        wire.drive(self._pin, chip.now_us, self._until_us)
