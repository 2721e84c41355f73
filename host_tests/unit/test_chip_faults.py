"""The metering chip stops, restarts, is another one, or is misheard: named, and in time.

On the same model of it as test_chip_meter.py, by the house's amperes.
"""

import pytest
from atm90e32_model import DEFAULTS
from chip_house import ChipHouse, exactly

from headroom.metering import health, voltage


@pytest.fixture
def house(monkeypatch):
    return ChipHouse(monkeypatch)


@pytest.mark.parametrize("hz", [45, 50, 55, 60, 65])
def test_in_good_order_no_window_is_bad_and_none_is_called_still(monkeypatch, hz):
    house = ChipHouse(monkeypatch, hz)
    house.amps = [0.6, 0.6, 0]
    house.settle()
    for n, reading in enumerate(house.windows(300, ms=7)):
        assert reading.good, (n, house.names())
        assert not house.health.stale()
    assert house.meter.lost_frames == 0


def stale_after_ms(house):
    for ms in range(0, 3000, 5):
        if house.health.stale():
            return ms
        house.step(5)
    raise AssertionError("never")


@pytest.mark.parametrize("hz", [50, 60])
@pytest.mark.parametrize("after_ms", range(0, 1000, 90))
def test_a_chip_that_stands_still_is_stale_after_three_windows_without_a_change(
    monkeypatch, hz, after_ms
):
    house = ChipHouse(monkeypatch, hz)
    house.settle()
    for _ in range(after_ms // 5):
        house.step(5)
    house.chip.frozen = True
    renewed_ms = house.chip._ms  # ago
    assert 550 <= renewed_ms + stale_after_ms(house) <= 225 + 625
    assert house.names() == {"STOPPED"}
    house.chip.frozen = False
    house.amps[0] = 30.0
    assert house.settle().leg_ma[0] == exactly(30)


@pytest.mark.parametrize("c", [0, 1, 2])
def test_one_current_that_stands_still_while_the_others_change_is_no_measurement(house, c):
    """Even of a steady load the chip's noise never gives the same 24 bits six times."""
    house.amps = [20.0, 12.0, 8.0]
    house.settle()
    for reading in house.windows(300):
        assert reading.good
    house.chip.stuck = (0xDD + c,)
    house.amps[c] = 31.0
    seen = [reading.good for reading in house.windows(60)]
    assert 5 <= seen.index(False) <= 13, "within 2.6 s"
    assert not any(seen[13:])
    assert house.names() == {"STOPPED"}
    assert [bool(bits) for bits in reading.faults] == [i == c for i in range(3)]
    house.chip.stuck = ()
    assert house.settle().good
    house.amps[2] = 0.0
    for reading in house.windows(60):
        assert reading.good, "a car that draws nothing may show the same"


def test_after_a_brown_out_not_one_window_is_good_until_it_is_set_up_again(house):
    house.settle()
    for _ in house.windows(1):
        pass
    house.chip.power_on()
    bad = 0
    for reading in house.windows(8):
        if not reading.good:
            bad += 1
            assert "RESTARTED" in house.names()
        else:
            assert list(reading.leg_ma) == [exactly(20), exactly(10)]
            assert bad, "the first window after it"
    assert 3 <= bad <= 6
    assert house.settle().good


def test_it_is_stale_after_a_brown_out_and_after_a_cut_wire(house):
    for wired in ("", "high", "low"):
        house.settle()
        house.chip.power_on()
        house.chip.wired = wired
        assert stale_after_ms(house) <= 900
        house.chip.wired = ""
        for _ in house.windows(10):
            pass


@pytest.mark.parametrize("register", [0x33, 0x34, 0x61, 0x66, 0x6A])
def test_a_setting_that_flips_is_found_by_the_chips_checksum_or_by_looking(house, register):
    house.settle()
    house.chip.registers[register] ^= 0x0400
    for _ in house.windows(1):
        pass
    assert house.names() == {"RESTARTED"}
    for _ in house.windows(10):
        pass
    house.settle()
    house.chip._locked_ms = None  # its checksum is not at work
    house.chip.registers[register] ^= 0x0400
    seen = [house.names() for _ in house.windows(9)]
    assert {"RESTARTED"} in seen


@pytest.mark.parametrize("register", [0x22, 0x31, 0x33])
def test_another_chip_is_not_taken_for_it(monkeypatch, register):
    monkeypatch.setitem(DEFAULTS, register, 0x1234)
    house = ChipHouse(monkeypatch)
    for reading in house.windows(20):
        assert not reading.good
    assert house.names() == {"CHIP"}
    assert "L1 the metering chip does not answer as an ATM90E32AS" in " ".join(
        health.names(house.meter.window, True)
    )


@pytest.mark.parametrize("wired", ["high", "low"])
def test_a_wire_that_is_stuck_is_no_measurement_and_no_surge(house, wired):
    house.settle()
    house.chip.wired = wired
    for reading in house.windows(10):
        assert not reading.good
        assert max(house.meter.cycle.leg_ma) < 21_000
    assert "CHIP" in house.names()


@pytest.mark.parametrize("every", [7, 41, 173])
def test_a_frame_that_lost_a_clock_makes_no_good_window_wrong(house, every):
    """A write of 31 clocks is none; a read is shifted: LastSPIData tells."""
    house.chip.spoil_every = every
    seen = set()
    for reading in house.windows(200):
        seen |= house.names()
        if reading.good:
            assert list(reading.leg_ma) == [exactly(20), exactly(10)]
            power = house.meter.power
            assert power.mw[0] / 1000 == pytest.approx(2400, rel=0.004)
    assert seen & {"LOST", "CHIP"}
    assert house.meter.lost_frames > 0


@pytest.mark.parametrize("back", range(1, 7))
def test_one_frame_that_is_misheard_is_no_restart(house, back):
    """Each of the frames with which a window ends: whether the chip keeps what was set."""
    house.settle()
    before = house.chip.frames
    for _ in house.windows(1):
        pass
    a_window = house.chip.frames - before
    house.chip.spoil_every = house.chip.frames + a_window - back + 1
    seen = [house.names() for _ in house.windows(6)]
    assert set().union(*seen) <= {"LOST"}


def test_a_frequency_that_says_now_this_now_that_holds_up_no_start(monkeypatch):
    """As where no voltage is fitted."""
    house = ChipHouse(monkeypatch, voltage="")

    def between():
        house.chip.registers[0xF8] = 4500 if house.meter._hz == 60 else 6500

    house.chip.between = between
    *_, reading = house.windows(10)
    assert reading.good, house.names()
    assert reading.leg_ma[0] == exactly(20)


def test_a_leg_without_a_ct_and_one_beyond_the_range(house):
    house.amps = [20.0, 0.05, 0.0]
    for _ in house.windows(12):
        pass
    assert house.names() == {"NO_SIGNAL"}
    for amperes in (150.0, 160.0):  # at 147.9 A the chip's RMS register is full
        house.amps = [20.0, amperes, 0.0]
        for _ in house.windows(6):
            pass
        assert house.names() == {"CLIPPED"}
        assert not house.meter.window.good


@pytest.mark.parametrize(
    ("volts", "said"), [(0, "below half"), (98, "below nominal"), (142, "above nominal")]
)
def test_a_voltage_that_fails_takes_watts_and_not_amperes(house, volts, said):
    house.settle()
    house.volts = volts
    reading = house.settle()
    power = house.meter.power
    assert list(reading.leg_ma) == [exactly(20), exactly(10)]
    assert not power.good
    assert power.known == 0
    assert any(said in text for text in voltage.names(power))
