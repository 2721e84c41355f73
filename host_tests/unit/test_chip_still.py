"""Powers of the metering chip that stand still, and a brown-out while a window is read.

On the model that is written from its data sheet; judged by the house's amperes and volts.
"""

import pytest
from chip_house import ChipHouse, exactly

from headroom.metering import voltage

PMEAN, QMEAN, URMS = 0xB1, 0xB5, 0xD9


@pytest.fixture
def house(monkeypatch):
    house = ChipHouse(monkeypatch)
    house.settle()
    return house


def busy(house, windows):
    """Loads come and go on both legs; generates the reading of each window."""
    for n in range(windows // 12):
        house.amps[:2] = [8.0 + n % 3 * 6, 12.0 - n % 2 * 5]
        yield from house.windows(12)


@pytest.mark.long
@pytest.mark.parametrize("register", [PMEAN, QMEAN, PMEAN + 1, URMS])
def test_one_that_stands_still_while_currents_move_makes_the_watts_unknown(house, register):
    house.chip.stuck = (register,)
    for _ in busy(house, 60):
        pass
    power, counted = house.meter.power, house.meter.watthours
    assert power.known == 0
    assert any("stands still while the currents move" in name for name in voltage.names(power))
    before = counted.imported(counted.house)
    for reading in busy(house, 240):
        assert reading.good, "it is no fault of a current"
    assert list(reading.leg_ma) == [exactly(a) for a in house.amps[:2]]
    assert counted.imported(counted.house) == before
    house.chip.stuck = ()
    house.settle()
    assert power.known == 0b111
    assert power.mw[0] / 1000 == pytest.approx(120 * house.amps[0], rel=0.004)


def test_what_moves_or_has_no_reason_to_is_not_called_so(house):
    for _ in busy(house, 600):
        assert house.meter.power.known == 0b111
    house.chip.stuck = (PMEAN,)
    for _ in house.windows(300):
        assert house.meter.power.known == 0b111, "nothing moves"


@pytest.mark.long
def test_a_brown_out_at_any_frame_of_a_windows_reading_makes_no_window_wrong(house):
    """All registers as after power-on, and 16 ms deaf: no ampere and no watt of it is believed."""
    chip = house.chip
    before = chip.frames
    for _ in house.windows(1):
        pass
    a_window = chip.frames - before
    for at in range(1, a_window + 1):
        house.settle()
        for _ in house.windows(1):
            pass
        fails = chip.frames + at

        def between(fails=fails):
            if chip.frames == fails:
                chip.power_on()

        chip.between = between
        bad = 0
        for reading in house.windows(6):
            assert max(house.meter.cycle.leg_ma) < 21_000
            power = house.meter.power
            if reading.good:
                assert list(reading.leg_ma) == [exactly(20), exactly(10)], at
                assert power.known == 0b111
                assert power.mw[0] / 1000 == pytest.approx(2400, rel=0.004), at
            else:
                bad += 1
                assert power.known == 0
        assert bad >= 3, at
        chip.between = None
