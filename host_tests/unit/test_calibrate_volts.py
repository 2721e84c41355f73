"""`calibrate V` and `calibrate phase`: what they set, by the true waves, and what they refuse."""

import numpy as np
import pytest
from watts_bench import CT, SENSOR, meter_of

from headroom.console.commands.calibrate import Calibrate
from headroom.settings import table
from lab.bench.metering.waveforms import Replay, play
from lab.bench.power import accuracy, waves
from lab.sim.digitise import FrontEnd

VALUES = table.defaults() | {"voltage": "zmpt101b"}


def test_one_reading_of_a_voltmeter_sets_the_gain():
    sensor = FrontEnd(accuracy.MV_PER_COUNT * 1.04, noise_counts=0.5)  # shows 4 % too little
    meter = meter_of(waves.sine(123, 60), waves.sine(20, 60), sensor=sensor)
    name, ratio = Calibrate(meter, VALUES).run("V", "123.0")
    assert name == "voltage_ratio"
    assert ratio == pytest.approx(808_000 * 1.04, rel=0.001)
    meter = meter_of(waves.sine(123, 60), waves.sine(20, 60), sensor=sensor, voltage_ratio=ratio)
    assert meter.power.mv == pytest.approx(123_000, rel=0.002)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("241.3", r"more than 20 % off nominal_v"),
        ("abc", "not a voltage"),
        ("-120", "not a voltage"),
        ("", "not a voltage"),
        ("143", None),
    ],
)
def test_a_voltage_that_cannot_be_is_refused(said, why):
    meter = meter_of(waves.sine(120, 60), waves.sine(20, 60))
    calibrate = Calibrate(meter, VALUES)
    if why:
        with pytest.raises(table.Refused, match=why):
            calibrate.run("V", said)
    else:
        assert calibrate.run("V", said)[1] == pytest.approx(808_000 * 143 / 120, rel=0.002)


def test_a_moving_voltage_is_no_reference():
    volts = waves.sine(120, 60).at(np.arange(3 * 7680) / 7680) * np.linspace(1, 1.1, 3 * 7680)
    l1 = CT.digitise(waves.sine(20, 60).at(np.arange(3 * 7680) / 7680))
    sampler = Replay(l1, l1, SENSOR.digitise(volts))
    meter = accuracy.build(sampler)
    for _ in play(meter, sampler):
        pass
    with pytest.raises(table.Refused, match="voltage moves"):
        Calibrate(meter, VALUES).run("V", "120")


@pytest.mark.parametrize(
    ("volts", "why"),
    [
        (waves.sine(120, 70), "frequency outside 45 to 65 Hz"),
        (waves.Wave(60, (120, 45), (0, 0)), "half of the wave"),
    ],
    ids=["frequency", "half of the wave"],
)
def test_a_voltage_with_a_fault_of_its_own_is_no_reference(volts, why):
    meter = meter_of(volts, waves.sine(20, 60))
    with pytest.raises(table.Refused, match=why):
        Calibrate(meter, VALUES).run("V", "120")


@pytest.mark.parametrize("lead", [-2.0, 0.0, 3.5, 6.0])
def test_one_resistive_load_sets_the_phase(lead):
    """Then a load at a power factor of 0.6 is right, 2 % off or more before."""
    load, v = waves.sine(25, 60), waves.sine(120, 60)
    values = VALUES
    name, mdeg = Calibrate(meter_of(v, load, ct_lead=lead, **{"ct1.lead_mdeg": 0}), values).run(
        "PHASE", "l1"
    )
    assert name == "ct1.lead_mdeg"
    assert mdeg == pytest.approx(1000 * lead, abs=150)
    motor = meter_of(v, waves.sine(25, 60, -53.13), ct_lead=lead, **{"ct1.lead_mdeg": mdeg})
    assert motor.power.mw[0] == pytest.approx(0.6 * 3000e3, abs=0.004 * 3000e3)


DISTORTED = waves.Wave(60, (20, 0, 14), (0, 0, 1))


@pytest.mark.parametrize(
    ("l1", "why"),
    [
        (waves.sine(1.5, 60), "the phase needs 5 A or more"),
        (waves.sine(20, 60, -35), "no resistive load: power factor 0.82, the current lags by 35"),
        (waves.sine(20, 60, 20), "no resistive load: power factor 0.94, the current leads by 20"),
        (waves.sine(20, 60, -5), "for a CT leads: power factor 1.00, the current lags by 5.0 deg"),
        (waves.sine(20, 60, 180), "feeds in 2400 W: .* backwards"),
        (DISTORTED, "no sine"),
    ],
)
def test_a_load_that_is_not_resistive_or_none_is_refused_with_what_was_seen(l1, why):
    meter = meter_of(waves.sine(120, 60), l1)
    with pytest.raises(table.Refused, match=why):
        Calibrate(meter, VALUES).run("PHASE", "L1")


def test_no_calibration_without_a_voltage_or_with_a_sick_one():
    sampler = Replay(*waves.columns([(waves.sine(20, 60), CT, 0)] * 3, 1.0))
    calibrate = Calibrate(accuracy.build(sampler, voltage=""), VALUES)
    for where, what in (("V", "120"), ("PHASE", "L1")):
        with pytest.raises(table.Refused, match="no voltage is fitted"):
            calibrate.run(where, what)
    calibrate = Calibrate(meter_of(waves.sine(20, 60), waves.sine(20, 60)), VALUES)
    with pytest.raises(table.Refused, match="power of L1 is unknown"):
        calibrate.run("PHASE", "L1")
    with pytest.raises(table.Refused, match="no channel 'L3'"):
        calibrate.run("PHASE", "L3")
