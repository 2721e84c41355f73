"""`make flash` through the emulated USB onto a blank Pico, while the power fails."""

import random

import pytest
from flashing import make_flash, power_fails

from headroom import VERSION
from meter.chip.chip import Chip

chance = random.Random(5)


@pytest.mark.slow
def test_a_blank_pico_becomes_a_meter_though_the_power_fails_twice(image):
    chip = Chip(image)
    chip.run_ms(2000)
    power_fails(chip, chance.randrange(20, 600))
    chip.run_ms(2000)
    power_fails(chip, chance.randrange(20, 200))
    chip.run_ms(2000)
    said, done = make_flash(chip)
    assert done, said
    assert f"Headroom {VERSION} on pico" in said
