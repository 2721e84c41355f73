"""The image is all that an emulated Pico's flash ever gets, and it becomes a meter."""

import pytest

from headroom import VERSION
from lab.chip.chip import Chip
from meter.image.make import make

START_MS = 20_000


@pytest.mark.slow
def test_a_blank_pico_becomes_a_meter(image, tmp_path):
    chip = Chip(make("pico", image, tmp_path))
    chip.run_until(lambda: chip.usb.output.endswith(b"> "), START_MS)
    chip.usb.output.clear()
    chip.usb.send(b"version\r")
    chip.run_until(lambda: chip.usb.output.endswith(b"\n> "))
    said = chip.usb.output.decode()
    assert f"Headroom {VERSION} in /a on pico, MicroPython 1.28.0" in said
