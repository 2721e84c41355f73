"""As a meter with a measured voltage: registers by the makers' tables, decoded by struct."""

import struct
import time
from types import SimpleNamespace

import pytest
from scripted_line import with_crc

from headroom.answering.models import TOTAL, row
from headroom.answering.registers import Registers
from headroom.answering.slave import Slave
from headroom.answering.watts import Readings
from headroom.metering.health import Health
from headroom.metering.power import Power
from headroom.metering.watthours import WattHours

LINE = SimpleNamespace(open=lambda *form: None)
V, W, VA, VAR, PF, A = 0x00, 0x0C, 0x12, 0x18, 0x1E, 0x06  # of an SDM630's L1
TOTAL_W, HZ, IN, OUT, L1_OUT = 0x34, 0x46, 0x48, 0x4A, 0x160


@pytest.fixture
def meter():
    """L1 feeds in 1,500 W at a power factor of -0.75; L2 draws 400 W."""
    power = Power(2, 0b10)
    power.mv, power.mhz, power.good, power.known = 241_300, 49_980, True, 0b11
    power.mw[0], power.mva[0], power.mvar[0] = -1_500_000, 2_000_000, 1_322_000
    power.mw[1], power.mva[1], power.mvar[1] = 400_000, 400_000, -20_000
    watthours = WattHours(2, 7680)
    watthours.restore([[0, 2500, 0, 1200], [9400, 0, 0, 7700]])
    window = SimpleNamespace(good=True, legs=2, leg_ma=[8_288, 1_658], at_ms=time.ticks_ms())
    return SimpleNamespace(
        window=window, power=power, watthours=watthours,
        frequency=SimpleNamespace(millihertz=lambda: 50_100),
    )  # fmt: skip


def asker(meter, model):
    energy = SimpleNamespace(wh=lambda leg, volts: 0)
    slave = Slave(LINE, (9600, "N", 1), model, 1, Readings(meter, Health(), energy, 240, 100_000))

    def ask(register, layout, function=4):
        count = struct.calcsize(layout) // 2
        size = slave.reply(with_crc(struct.pack(">BBHH", 1, function, register, count)))
        return struct.unpack(layout, slave.frame(size)[3:-2])[0]

    return ask


def test_an_sdm630_tells_signed_watts_and_both_energies(meter):
    ask = asker(meter, "sdm630")
    assert [ask(register, ">f") for register in (V, A, W, VA, VAR)] == pytest.approx(
        [241.3, 8.288, -1500, 2000, 1322]
    )
    assert ask(PF, ">f") == pytest.approx(-0.75)
    assert ask(W + 2, ">f") == pytest.approx(400)
    assert ask(W + 4, ">f") == 0, "there is no L3"
    assert ask(TOTAL_W, ">f") == pytest.approx(-1100)
    assert ask(HZ, ">f") == pytest.approx(49.98)
    assert [ask(IN, ">f"), ask(OUT, ">f"), ask(L1_OUT, ">f")] == pytest.approx([1.2, 7.7, 9.4])


def low_first(value):
    low, high = value >> 16, value & 0xFFFF
    return struct.unpack(">i", struct.pack(">HH", high, low))[0]


def test_an_em112_shows_the_leg_with_most_current_and_a_negative_power(meter):
    ask = asker(meter, "em112")
    assert low_first(ask(0x0000, ">I")) == 2413
    assert low_first(ask(0x0004, ">I")) == -15_000
    assert low_first(ask(0x0020, ">I")) == 77
    assert ask(0x000E, ">h") == -750


def test_an_em340_has_the_same_by_its_own_registers(meter):
    ask = asker(meter, "em340")
    assert low_first(ask(0x0012, ">I")) == -15_000
    assert low_first(ask(0x0028, ">I")) == -11_000
    assert low_first(ask(0x004E, ">I")) == 77
    assert (ask(0x0030 - 2, ">h"), ask(0x0031, ">h")) == (-750, -458)


def test_a_counter_of_sunspec_rolls_over(meter):
    """Its accumulators have 32 bits (acc32); at the top they would stand still for ever."""
    meter.watthours.restore([[0, 0, 0, (1 << 32) + 1500], [0] * 4])
    source = Readings(meter, Health(), None, 240, 100_000)
    registers, drawn = Registers({"rows": (row(40116, "L", "wh", TOTAL),)}, source), bytearray(4)
    assert registers.write(40116, 2, drawn, 0) == -1
    assert struct.unpack(">I", drawn) == (1500,)


def test_with_a_sick_voltage_it_goes_on_as_without_one(meter):
    """Nominal volts, everything drawn: a charger that balances by us stays on the safe side."""
    meter.power.good, meter.power.known = False, 0
    ask = asker(meter, "sdm630")
    assert [ask(register, ">f") for register in (V, A, W, PF)] == pytest.approx(
        [240, 8.288, 8.288 * 240, 1]
    )
    assert ask(VAR, ">f") == 0
    assert ask(HZ, ">f") == pytest.approx(50.1)
    assert ask(OUT, ">f") == pytest.approx(7.7), "what was counted stays"
