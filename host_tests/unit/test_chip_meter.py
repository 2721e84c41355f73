"""The metering chip as a meter, on a model of the chip that is written from its data sheet.

Judged by amperes, volts and angles of the house and by the chip's own clock.
"""

import math

import pytest
from atm90e32_model import Atm90e32
from chip_house import BOARD, LOADED, MV_A_AMPERE, ChipHouse, exactly

from headroom import records
from headroom.console.commands.calibrate import Calibrate
from headroom.settings import table

CYCLE, WINDOW = 1, 2
CT_LEAD_OF_EV_DEG = -4.026  # in_phase_ma compares what the two CTs show
CALIBRATED = ((25, 20, 11143), (26.6, 80, 41660), (50, 100, 27518), (40, 120, 41787))


@pytest.fixture
def house(monkeypatch):
    return ChipHouse(monkeypatch)


@pytest.mark.parametrize("hz", [45, 50, 60, 65])
@pytest.mark.parametrize("amps", [(0.6, 130, 0), (25, 0.6, 0.4), (60, 70, 48)])
def test_currents_volts_and_frequency(monkeypatch, hz, amps):
    house = ChipHouse(monkeypatch, hz)
    house.amps = list(amps)
    house.volts = 123.4
    reading = house.settle()
    assert list(reading.leg_ma) == [exactly(a) for a in amps[:2]]
    assert reading.ev_ma == exactly(amps[2])
    power = house.meter.power
    assert power.mv == pytest.approx(123_400, rel=0.001)
    assert power.mhz == house.meter.frequency.millihertz() == 1000 * hz


@pytest.mark.parametrize("degrees", [0, 26, -26, 72.5, -72.5, 180, 150])
@pytest.mark.parametrize("amps", [1.5, 20, 120])
def test_watts_have_a_sign_and_the_angles_of_ct_and_sensor_are_taken_off(house, degrees, amps):
    """L2 runs half a cycle behind, and the EV branch has the volts of both legs."""
    house.amps = [amps, amps / 2, amps / 3]
    house.lag_deg = [degrees, -degrees, degrees]
    house.settle()
    power = house.meter.power
    assert power.known == 0b111
    assert power.assumed == 0b10
    for c, lag_deg, volts in ((0, degrees, 120), (1, -degrees, 120), (2, degrees, 240)):
        va = volts * house.amps[c]
        assert power.mva[c] / 1000 == pytest.approx(va, rel=0.002, abs=1)
        within = pytest.approx(va * math.cos(math.radians(lag_deg)), abs=0.003 * va + 0.5)
        assert power.mw[c] / 1000 == within
        within = pytest.approx(va * math.sin(math.radians(lag_deg)), abs=0.003 * va + 0.5)
        assert power.mvar[c] / 1000 == within


def test_three_phases_from_one_voltage(monkeypatch):
    house = ChipHouse(monkeypatch, 50, legs=3, ev_source="register")
    house.amps = [20, 15, 10]
    house.settle()
    # The model's angles are those of the split phase: L2's and L3's own voltages are 120 and 240
    # degrees behind, so what is in phase with them is set so.
    house.lag_deg = [0, 120 - 180, 240 + 4.026]
    house.settle()
    # The third CT is a mains CT here, on the EV branch's input.
    third = 10 * MV_A_AMPERE[2] / MV_A_AMPERE[0]
    shown = [w / 1000 for w in house.meter.power.mw]
    assert shown == [pytest.approx(w, rel=0.004) for w in (2400, 1800, 120 * third)]
    assert house.meter.window.leg_ma[2] == exactly(third)


def test_the_scale_is_that_of_the_gains_that_the_boards_maker_calibrates():
    """Of CircuitSetup's page: secondary in mA, primary in A, gain of the current; 22 ohm."""
    for secondary_ma, primary_a, gain in CALIBRATED:
        amps = primary_a / 4
        model = Atm90e32()
        model.noise_mv = 0
        model.registers[0x62] = gain
        model.mv[0] = amps * secondary_ma / primary_a * 22 * LOADED
        model.pass_ms(600)
        assert model.registers[0xDD] == pytest.approx(1000 * amps, rel=0.01)


@pytest.mark.long
def test_a_step_is_whole_in_the_second_renewal_and_its_peaks_after_80_ms(monkeypatch):
    """Wherever in the average it falls: 16 cycles twice and a window at most."""
    for hz in (50, 60):
        for after_ms in range(0, 340, 17):
            house = ChipHouse(monkeypatch, hz)
            house.settle()
            house.step(after_ms)
            house.amps[0] = 130.0
            fast_ms = slow_ms = None
            for ms in range(1, 1200):
                done = house.step(1)
                if done & CYCLE and fast_ms is None and house.meter.cycle.leg_ma[0] > 129_000:
                    fast_ms = ms
                if done & WINDOW and slow_ms is None and house.meter.window.leg_ma[0] > 129_500:
                    slow_ms = ms
            assert fast_ms <= 80
            assert slow_ms <= 2 * 16_000 / hz + 225


def test_a_spike_of_20_ms_is_no_load(house):
    house.settle()
    for offset_ms in range(25):
        house.step(offset_ms)
        house.amps[0] = 130.0
        house.step(1)
        house.amps[0] = 20.0
        for _ in range(100):
            house.step(1)
            assert house.meter.cycle.leg_ma[0] < 21_000


def test_mains_and_ev_are_of_the_same_cycles_though_they_are_renewed_while_they_are_read(house):
    """The car's 20 A come in mains and in the EV branch, at each frame of a window's reading."""
    house.settle()
    chip = house.chip
    before = chip.frames
    for _ in house.windows(1):
        pass
    frames = chip.frames - before
    old, new = (20, 10, 0), (40, 30, 20)
    for at in range(0, frames, 3):
        house.amps = list(old)
        house.settle()
        left = [at]

        def between(left=left):
            left[0] -= 1
            if left[0] == 0:
                for c in range(3):
                    chip.mv[c] = new[c] * MV_A_AMPERE[c]
                chip._sums = [[0.0] * 4 for _ in range(3)]
                for _ in range(40):
                    chip._millisecond()
                chip._sums = [[mv * mv, mv * chip.u_mv, 0.0, 1] for mv in chip.mv]
                chip.renew_now()

        while house.meter._window_ms != house.now_ms:  # the next step begins a window
            house.step(5)
        for _ in range(7):
            house.step(25)
        chip.between = between
        house.step(25)
        chip.between = None
        reading = house.meter.window
        if reading.good:
            base_ma = [ma - reading.ev_ma for ma in reading.leg_ma]
            assert base_ma == [exactly(20), exactly(10)], at
            watts = house.meter.power.mw[2] / 240_000
            assert abs(watts) == pytest.approx(reading.ev_ma / 1000, abs=0.2), at


def test_what_is_set_is_what_the_data_sheet_asks_for(monkeypatch):
    for hz, mode in ((50, 0x0087), (60, 0x1087)):
        for nominal_v in (120, 230):  # where the frequency begins with
            wanted = {"nominal_v": nominal_v, "voltage": ""}
            house = ChipHouse(monkeypatch, hz, **wanted)
            house.settle()
            for _ in house.windows(4):
                pass
            registers = house.chip.registers
            assert registers[0x00] == 1
            assert registers[0x33] == mode
            assert {registers[r] for r in (0x61, 0x62, 0x65, 0x66, 0x69, 0x6A)} == {0x6000}
            assert registers[0x7F] != 0x55AA, "locked again"


@pytest.mark.long
def test_energy_of_changing_loads(house):
    """Ten minutes. L1 draws and feeds in, L2 draws: to 0.3 %, and whole watt-hours."""

    def counted_as(ws):
        return pytest.approx(ws / 3600, rel=0.003, abs=1.5)

    house.settle()
    imported = [house.meter.watthours.imported(c) for c in range(4)]
    truly_ws = [0.0, 0.0, 0.0]
    for n in range(6_000):
        if n % 37 == 0:
            house.amps[:2] = [10 + n % 90, 5 + n % 31]
        house.lag_deg[0] = 180.0 if n // 600 % 3 == 0 else 20.0  # a minute at a time
        house.step(100)
        watts = [120 * house.amps[c] * math.cos(math.radians(house.lag_deg[c])) for c in range(2)]
        truly_ws[0] += max(0, watts[0]) * 0.1
        truly_ws[1] += max(0, -watts[0]) * 0.1
        truly_ws[2] += watts[1] * 0.1
    counted = house.meter.watthours
    assert counted.imported(0) - imported[0] == counted_as(truly_ws[0])
    assert counted.exported(0) == counted_as(truly_ws[1])
    assert counted.imported(1) - imported[1] == counted_as(truly_ws[2])


def test_a_clamp_meter_and_a_voltmeter_refine_the_scales(house):
    house.amps = [24.0, 10.0, 0.0]
    house.settle()
    for _ in house.windows(12):
        pass
    calibrate = Calibrate(house.meter, house.values)
    name, gain_ppm = calibrate.run("L1", "25.2")
    assert (name, gain_ppm) == ("l1_gain_ppm", pytest.approx(1_050_000, rel=0.001))
    name, ratio = calibrate.run("V", "118.8")
    assert (name, ratio) == ("voltage_ratio", pytest.approx(239_500 * 0.99, rel=0.001))
    with pytest.raises(table.Refused, match="no noise"):
        calibrate.run("L1", "zero")


@pytest.mark.parametrize("sense", [1, -1])
def test_the_part_of_a_leg_in_phase_with_the_car_has_a_sign(house, sense):
    """As of the samples: a mains CT the other way round shows minus what it should."""
    house.amps = [20.0, 10.0, 16.0]
    house.lag_deg = [60.0 + (180 if sense < 0 else 0), 0.0, 0.0]
    house.settle()
    expected_ma = sense * 20_000 * math.cos(math.radians(60 - CT_LEAD_OF_EV_DEG))
    assert house.meter.in_phase_ma(0) == pytest.approx(expected_ma, rel=0.01)
    house.amps[2] = 0.0
    house.settle()
    assert house.meter.in_phase_ma(0) is None


@pytest.mark.parametrize("volts", [0.0, 0.1, 3.0])
def test_without_a_voltage_no_part_is_in_phase_with_anything(house, volts):
    """What an open input picks up has any angle: no verdict on a CT hangs on it."""
    house.amps = [20.0, 10.0, 16.0]
    house.volts = volts
    house.settle()
    assert house.meter.in_phase_ma(0) is None


def test_the_other_chip_of_the_board_is_kept_silent():
    assert BOARD.ATM90E32["idle"] == (4,)
    assert records.STALE_MS < 3 * records.WINDOW_MS
