"""`make flash` through the emulated USB onto a blank Pico, while the power fails."""

import random

import pytest
from flashing import make_flash, power_fails

from headroom import VERSION
from lab.chip.chip import FORCED, Chip

chance = random.Random(5)


@pytest.mark.slow
def test_a_meter_that_charges_is_updated_and_not_reset_on_the_way(meter):
    """It takes far longer than the watchdog waits, which can't be stopped."""
    began_ns = meter.chip.ns
    said, done = make_flash(meter.chip)
    assert done, said
    assert f"Headroom {VERSION} in /b on pico" in said  # beside the one that ran, in /a
    ((at_ns, why),) = meter.chip.resets
    assert why == FORCED, "by the tool, at its end"
    assert at_ns - began_ns > 10e9


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
    assert f"Headroom {VERSION} in /a on pico" in said
