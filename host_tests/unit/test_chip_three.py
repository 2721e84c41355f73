"""Three voltages at the metering chip: each leg by its own, and nothing assumed.

Judged by the volts, amperes and angles of a three-phase house, of which no two legs are alike.
"""

import math

import pytest
from chip_house import BOARD, ChipHouse, exactly
from three_house import AMPS, LAGS_DEG, THREE, VOLTS, Three

from headroom.answering import watts as answering
from headroom.answering.models import TOTAL
from headroom.app import building
from headroom.console import watts as console
from headroom.console.commands.calibrate import Calibrate
from headroom.metering import voltage
from headroom.settings import table


@pytest.fixture
def house(monkeypatch):
    house = Three(monkeypatch)
    house.settle()
    return house


def true_w(c):
    return VOLTS[c] * AMPS[c] * math.cos(math.radians(LAGS_DEG[c]))


def test_each_leg_is_measured_with_its_own_voltage(house):
    power = house.meter.power
    assert (power.known, power.assumed, power.good) == (0b111, 0, True)
    for c in range(3):
        va = VOLTS[c] * AMPS[c]
        assert power.leg_mv(c) == pytest.approx(1000 * VOLTS[c], rel=0.001)
        assert power.mva[c] == pytest.approx(1000 * va, rel=0.003)
        assert power.mw[c] == pytest.approx(1000 * true_w(c), abs=3 * va)
        var = va * math.sin(math.radians(LAGS_DEG[c]))
        assert power.mvar[c] == pytest.approx(1000 * var, abs=3 * va)
    assert (power.low_mv, power.high_mv) == pytest.approx((218_000, 243_000), rel=0.001)
    readings = answering.Readings(house.meter, house.health, None, 230, 0)
    assert [readings.value("mv", c) / 1000 for c in range(3)] == pytest.approx(VOLTS, rel=0.001)
    assert readings.value("mv", TOTAL) == pytest.approx(1000 * sum(VOLTS) / 3, rel=0.001)
    assert readings.value("mw", TOTAL) == pytest.approx(
        1000 * sum(map(true_w, range(3))), rel=0.003
    )


@pytest.mark.parametrize(("leg", "volts", "said"), [(1, 0, "below half"), (2, 190, "below nom")])
def test_a_sensor_that_fails_takes_the_watts_of_its_leg_and_of_the_house(house, leg, volts, said):
    house.volts[leg] = volts
    reading = house.settle()
    counted = house.meter.watthours.imported(house.meter.watthours.house)
    assert list(reading.leg_ma) == [exactly(a) for a in AMPS]
    power = house.meter.power
    assert power.known == 0b111 & ~(1 << leg)
    assert not power.good
    (told,) = voltage.names(power)
    assert told.startswith(f"voltage of L{leg + 1} ")
    assert said in told
    for _ in house.windows(200):
        pass
    assert house.meter.watthours.imported(house.meter.watthours.house) == counted


def test_a_sensor_that_gives_nothing_at_all_is_not_taken_for_a_chip_that_stands_still(house):
    """Below what the chip multiplies it shows 0, and the same 0, whatever the currents do."""
    zeros = 0xD9 + 1, 0xB1 + 1, 0xB5 + 1
    house.settle()
    house.chip.stuck = zeros
    for register in zeros:
        house.chip.registers[register] = house.chip.registers[register + 0x10] = 0
    for n in range(12):
        house.amps = [8.0 + n % 3 * 6, 12.0 - n % 2 * 5, 11.0]
        for _ in house.windows(6):
            assert house.meter.power.known == 0b101
    (told,) = voltage.names(house.meter.power)
    assert "below half" in told


def test_two_sensors_that_are_swapped_are_told_by_the_cars_steps(house):
    """What a car draws of L2 is then measured with L3's voltage: minus half of it."""
    house.own = [0, 2, 1]
    notes = charging(house)
    assert [note[:13] for note in notes] == ["the CT of L2 ", "the CT of L3 "]
    assert all("another phase" in note for note in notes)
    assert house.meter.window.good, "the currents are right"


def test_a_report_that_is_there_before_the_chips_means_are_whole_accuses_nobody(house):
    assert charging(house) == []


def charging(house):
    """A car of 16 A comes and goes seven times, and its charger says so at once; what is noted."""
    state = Car()
    [test, *_] = building.ct_tests(house.values, [state], house.meter.power)
    house.amps, house.lag_deg = [6.0] * 3, [0.0] * 3
    for step in range(14):
        amps = 16.0 if step % 2 else 0.0
        house.amps = [6.0 + amps] * 3
        state.reported_ma = [round(1000 * amps)] * 3
        for reading in house.windows(40):
            test.look(reading)
    return list(test.notes())


class Car:
    """A ChargerState as far as the test asks: always online, heard just now."""

    legs, online, car, offer_ma, reported_age_ms = (0, 1, 2), True, True, 16_000, 0


def test_a_voltmeter_refines_each_sensor(house):
    for _ in house.windows(12):
        pass
    calibrate = Calibrate(house.meter, house.values)
    assert calibrate.run("V2", "220.2") == ("v2.ratio", pytest.approx(816_154, rel=0.001))
    assert calibrate.run("V", "233.3") == ("voltage_ratio", pytest.approx(816_046, rel=0.001))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"v3__ratio": 0}, "L1 alone, or in a service of legs 3"),
        ({"legs": 2}, "L1 alone, or in a service of legs 3"),
        ({"v1__ratio": 808_000}, "voltage_ratio"),
        ({"v3__ratio": 90_000}, "divides by 90000/1000"),
    ],
)
def test_what_cannot_be_is_refused(monkeypatch, changes, said):
    with pytest.raises(table.Refused, match=said):
        Three(monkeypatch, **changes)


def test_a_board_with_one_voltage_input_takes_no_second_sensor(monkeypatch):
    with pytest.raises(table.Refused, match="no input for a second voltage"):
        ChipHouse(monkeypatch, 50.0, BOARD, **THREE)


def test_with_one_sensor_the_other_legs_are_marked_as_assumed(monkeypatch):
    house = ChipHouse(monkeypatch, legs=3, ev_source="register")
    house.amps[2] = 5.0
    house.settle()
    assert house.meter.power.assumed == 0b110
    with pytest.raises(table.Refused, match=r"L2 has no sensor of its own"):
        Calibrate(house.meter, house.values).run("V2", "120")


def test_people_are_shown_whose_voltage_it_is():
    leg = {"w": 1, "va": 1, "var": 0, "pf_ppt": None, "mv": 229_800, "name": "L2"}
    volts = {"mv": 231_000, "low_mv": 1, "high_mv": 2, "good": True}
    for assumed, said in ((True, "taken to be like L1's"), (False, "at 229.8 V")):
        *_, line = console.lines({"voltage": volts, "legs": [leg | {"assumed": assumed}]})
        assert said in line
