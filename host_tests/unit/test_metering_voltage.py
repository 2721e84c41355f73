"""The voltage's faults: each is seen and named, makes the watts unknown, touches no current."""

import numpy as np
import pytest

from headroom import records
from headroom.metering import voltage, voltage_types
from headroom.settings import table
from lab.bench.metering.waveforms import RATE_HZ, Replay, play
from lab.bench.power import accuracy, waves
from lab.sim.digitise import FrontEnd

SECONDS = 5.0
FRAMES = round(SECONDS * RATE_HZ)
T = np.arange(FRAMES) / RATE_HZ + 2 / 3 / RATE_HZ  # the third input in turn
CT = FrontEnd(accuracy.MA_PER_COUNT, noise_counts=0.5)
SENSOR = FrontEnd(accuracy.MV_PER_COUNT, noise_counts=0.5)


def windows(volts, hz=60, l1_a=20.0, **settings):
    """(Power's faults, known, mw of L1, mv, Reading as a tuple) of each window."""
    lead = accuracy.CT_LEAD_DEG - accuracy.V_LEAD_DEG  # the voltage's is left out
    l1, l2 = (
        waves.sine(amperes, hz, degrees).through(lead).at(T - late / 3 / RATE_HZ)
        for amperes, degrees, late in ((l1_a, -30, 2), (5, 180, 1))
    )
    counts = volts if volts.dtype == np.uint16 else SENSOR.digitise(volts, seed=3)
    sampler = Replay(CT.digitise(l1, 1), CT.digitise(l2, 2), counts)
    meter = accuracy.build(sampler, **settings)
    found = []
    for w in play(meter, sampler):
        power, mains = meter.power, (w.good, w.doubtful, w.ev_ma, *w.leg_ma, *w.faults)
        found.append((power.faults, power.known, power.mw[0], power.mv, mains))
    return found


def mains(rms=120.0, hz=60.0):
    return waves.sine(rms, hz).at(T)


def moving():
    """What a CT in the voltage's place would show: a house whose loads come and go."""
    steps = np.random.default_rng(2).uniform(0.87, 1.13, 1 + round(SECONDS / 0.5))
    return mains() * np.repeat(steps, RATE_HZ // 2)[:FRAMES]


HALF = np.maximum(mains(120 / 0.7071 * 0.9), 0)
FAULTS = [
    ("open", np.zeros(FRAMES), voltage.OPEN),
    ("frozen", np.full(FRAMES, 2300, np.uint16), records.STUCK | records.BIAS),
    ("frozen at rest", np.full(FRAMES, 2048, np.uint16), records.STUCK),
    ("20 % low", mains(96), voltage.LOW),
    ("20 % high", mains(144), voltage.HIGH),
    ("half of the wave", HALF, voltage.HALF_WAVE),
    ("wrong frequency", mains(hz=400), records.FREQUENCY),
    ("30 Hz", mains(hz=30), records.FREQUENCY),
    ("noise", np.random.default_rng(1).normal(0, 120, FRAMES), records.NOISE),
    ("clipped", mains() * 8, records.CLIPPED),
    ("off centre", mains() + 260 * accuracy.MV_PER_COUNT / 1000, records.BIAS),
]


@pytest.mark.parametrize(("name", "volts", "fault"), FAULTS, ids=[row[0] for row in FAULTS])
def test_each_fault_is_named_and_makes_the_watts_unknown(name, volts, fault):
    sound, faulty = windows(mains()), windows(volts)
    for faults, known, *_ in faulty[4:]:
        assert faults & fault, name
        assert not known
    for bit in (1 << n for n in range(16)):
        assert not fault & bit or voltage.FAULT_NAMES[bit]
    assert [w[-1] for w in faulty] == [w[-1] for w in sound], "the currents stay what they were"
    assert all(known == 3 for _, known, *_ in sound[3:])


@pytest.mark.parametrize("hz", [45, 49.7, 50, 60.3, 65])
@pytest.mark.parametrize("rms", [104, 120, 137])
def test_a_sound_voltage_has_no_fault(rms, hz):
    """13 % below and 14 % above nominal, anywhere in the band, with the mains' own harmonics."""
    v = waves.Wave(hz, (rms, 0, rms * 0.05, 0, rms * 0.05), (0, 0, 1.0, 0, 3.0)).at(T)
    assert [w[0] for w in windows(v, hz=hz)[4:] if w[0]] == []


@pytest.mark.parametrize("hz", [45, 50, 57, 65])
def test_from_the_first_window_on_a_sound_voltage_has_no_fault(hz):
    """Its frequency is not known yet, and the currents are too little to tell it."""
    found = windows(mains(hz=hz), hz=hz, l1_a=1.0)
    assert [w[0] for w in found if w[0]] == []
    for _, known, mw, *_ in found:
        assert not known or mw == pytest.approx(120e3 * 0.866, abs=3e3)
    assert found[2][1]


def test_what_jumps_as_a_current_does_is_no_voltage():
    found = windows(moving())
    assert found[-1][0] == voltage.SWAPPED
    assert not found[-1][1]


def test_a_motor_that_starts_is_no_current_in_the_voltages_place():
    """A weak grid: 10 % less for half a second, twice in five seconds."""
    volts = mains()
    for second in (1.0, 3.5):
        at = round(second * RATE_HZ)
        volts[at : at + RATE_HZ // 2] *= 0.9
    assert not any(w[0] & voltage.SWAPPED for w in windows(volts))


def test_a_fault_is_over_with_the_window_after_it():
    volts = mains()
    volts[2 * RATE_HZ : 3 * RATE_HZ] = 0
    found = windows(volts)
    bad = [n for n, w in enumerate(found) if w[0]]
    assert bad
    assert bad[0] >= 8
    assert bad[-1] <= 16
    for faults, known, mw, mv, _ in found[bad[-1] + 1 :]:
        assert (faults, known) == (0, 3)
        assert mw == pytest.approx(2400e3 * 0.866, rel=0.005)
        assert mv == pytest.approx(120_000, rel=0.002)


def test_a_bias_that_moves_is_called_that_and_nothing_else():
    """By 150 counts, there and back: not a stuck converter, no sensor off, no current."""
    volts = mains()
    volts[2 * RATE_HZ : 3 * RATE_HZ] += 150 * accuracy.MV_PER_COUNT / 1000
    faults = [w[0] for w in windows(volts)]
    assert {bits for bits in faults if bits} <= {
        records.UNSETTLED, voltage.LOW, voltage.HIGH, voltage.HALF_WAVE
    }  # fmt: skip
    assert records.UNSETTLED in faults
    assert not any(faults[-6:])


def test_lowest_and_highest_are_of_good_windows():
    volts = mains() * np.interp(T, [0, 2, 3, 5], [1.0, 1.0, 0.93, 0.93])
    volts[4 * RATE_HZ :] = 0
    sampler = Replay(CT.digitise(mains(20)), CT.digitise(mains(20)), SENSOR.digitise(volts))
    meter = accuracy.build(sampler)
    for _ in play(meter, sampler):
        pass
    assert meter.power.low_mv == pytest.approx(0.93 * 120_000, rel=0.004)
    assert meter.power.high_mv == pytest.approx(120_000, rel=0.004)


def test_a_lying_frequency_moves_no_window_of_the_currents():
    """60 Hz in the currents, 52 in what claims to be the voltage."""
    found, sound = windows(mains(hz=52)), windows(mains())
    assert [w[-1] for w in found] == [w[-1] for w in sound]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ev_source": "ct"}, "ev_source register or estimate"),
        ({"legs": 3}, "input of L3"),
        ({"legs": 0}, "legs is 0"),
        ({"voltage": "custom", "voltage_ratio": 100_000}, "this board takes 123404 to"),
        ({"voltage": "adapter9v_230", "nominal_v": 277}, "adapter9v_230 divides by 269000"),
    ],
)
def test_what_cannot_be_is_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        accuracy.build(Replay(*[CT.digitise(mains())] * 3), **changes)


def test_a_board_without_an_input_for_it_refuses_a_voltage():
    board = type("Board", (), {**vars(accuracy.BOARD), "VOLTAGE": ""})
    with pytest.raises(ValueError, match="this board has no input for it"):
        accuracy.build(Replay(*[CT.digitise(mains())] * 3), board)


def test_the_sensors_of_the_table_are_those_of_the_settings():
    assert set(table.row_of("voltage").choices) == set(voltage_types.TYPES)
