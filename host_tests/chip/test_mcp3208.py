"""The MCP3208 by PIO and DMA, against a model of the converter at its pins and sines of known
size. The model checks every pulse against the data sheet, see tools/lab/chip/mcp3208.py.
"""

import json
import re
from itertools import pairwise

import pytest
from sampling import METER, PARTS, SHOW, check, held, lines, stalled

from lab.bench.metering import on_chip
from lab.bench.power import WITH_VOLTAGE
from lab.chip import image as chip_image
from lab.chip.mcp3208 import Mcp3208
from lab.chip.repl import ChipError
from lab.chip.rig import OFFER_A, SETTINGS, Rig
from lab.chip.wave import Converter, Sine
from meter import build
from meter.paths import FIRMWARE

BOARD = "pico_mcp3208"
RATE_HZ = 7680
RMS = (900.0, 310.0, 450.0, 120.0, 700.0)  # counts at the inputs, from 0 up
PINS = {"miso": 16, "cs": 17, "sck": 18, "mosi": 19}
BURDEN_OHM, MV_PER_COUNT, VOLTAGE_RATIO = 16, 3000 / 4096, 808
OFF = 50e-6  # of the rate, at most: as good as a Pico's crystal
SHARE_WATTS = 0.105  # of the processor, at most, with watts of three legs: the goal was 0.09
SHARE = 0.09  # of the processor, at most, for three CTs and a voltage

SAMPLER = f"""
class Board:
    CHANNELS = ("L1", "L2", "L3", "EV", "V")[:%d]
    RATE_HZ = {RATE_HZ}
    MCP3208 = {PINS}

from headroom import ports
sampler = ports.sampler(ports.current(), Board, Board.CHANNELS)
"""
# So many us of each second are in `poll`, and no byte of the heap is taken.
COST = """
windows(1)
micropython.heap_lock()
began_us, busy_us, left = ticks_us(), 0, 3
while left:
    time.sleep_ms(max(0, ticks_diff(m.due_ms, time.ticks_ms())))
    t = ticks_us()
    left -= m.poll(time.ticks_ms()) >> 1
    busy_us += ticks_diff(ticks_us(), t)
all_us = ticks_diff(ticks_us(), began_us)
micropython.heap_unlock()
print(busy_us * 1_000_000 // all_us)
"""

SOURCE = (FIRMWARE / "headroom/ports/rp2_mcp3208.py").read_text(encoding="utf-8")
# A planted fault: what stands in the port's source, and what is put there.
FAULTS = {
    "two inputs swapped": (r"0b11000 \| number", "0b11000 | number ^ 1"),
    "bits read with the clock's fall": (
        r"in_\(pins, 1\)\.side\(2\)(\s+)jmp\(x_dec, \"bit\"\)\.side\(0\)",
        r'in_(pins, 1).side(0)\1jmp(x_dec, "bit").side(2)',
    ),
    "twice as fast": (r"_CYCLES = const\(42\)", "_CYCLES = const(84)"),
    "CS stays low within a round": (
        r'(?s)(set\(x, 4\))\.side\(1\)(\.delay.*not_osre, "input"\))\.side\(1\)',
        r"\1.side(0)\2.side(0)",
    ),
    "differential inputs": (r"0b11000 \|", "0b10000 |"),
    "the order is not begun anew": (r"mov\(osr, y\)", "mov(osr, invert(null))"),
    "a stall of the program is not seen": (r"return mem32\[_FDEBUG\] & _RX_STALL", "return 0"),
}


def attach(rig, inputs):
    """The converter at the chip's pins, a sine at each input in use."""
    converter = Converter(0)
    sines = {number: Sine(converter, rms) for number, rms in enumerate(RMS[:inputs])}
    return Mcp3208(rig.chip, **PINS, inputs=sines)


@pytest.fixture(scope="module")
def firmware(tmp_path_factory):
    """With this board's front end; the prompt is on a chip whose pins are free."""
    return build.build(BOARD, tmp_path_factory.mktemp("firmware") / BOARD)


@pytest.fixture(scope="module")
def parts(image, firmware):
    rig = Rig(image, firmware)
    rig.run(PARTS)
    return rig


@pytest.fixture(params=[4, 5])
def inputs(request):
    """How many inputs the board has."""
    return request.param


@pytest.fixture
def bench(parts):
    def begin(inputs):
        converter = attach(parts, inputs)
        parts.run(SAMPLER % inputs + METER % 0)
        return parts, converter

    return begin


def read_in_turn(rig, converter, numbers):
    """The first frames in the ring are what the converter held at these inputs, in turn."""
    (ring,) = lines(
        rig,
        "s.advance(); time.sleep_ms(20); frames = s.advance()\n"
        "print(list(s.samples[:frames * s.channels]))",
    )
    converted = converter.samples[: len(ring)]
    assert len(ring) > 100 * len(numbers)
    assert ring == [sample.code for sample in converted]
    in_turn = [numbers[n % len(numbers)] for n in range(len(ring))]
    assert [sample.number for sample in converted] == in_turn
    assert converter.violations == []


def test_every_input_is_read_in_turn_within_the_data_sheet(bench, inputs):
    rig, converter = bench(inputs)
    read_in_turn(rig, converter, range(inputs))


def test_inputs_that_are_not_in_use_are_left_out(parts):
    """No L3: inputs 0, 1, 3 and 4 in turn, each at its place in a frame, equally far apart."""
    converter = attach(parts, 5)
    names = ("L1", "L2", "EV", "V")
    parts.run(SAMPLER.replace("Board.CHANNELS)", f"{names})") % 5 + METER % 0)
    read_in_turn(parts, converter, (0, 1, 3, 4))
    apart_ns = [later.ns - earlier.ns for earlier, later in pairwise(converter.samples)]
    assert max(apart_ns) - min(apart_ns) <= 8, "a cycle of the chip's clock"
    assert len(apart_ns) * 1e9 / sum(apart_ns) == pytest.approx(4 * RATE_HZ, rel=OFF)


def test_the_rate_is_exact_and_the_inputs_equally_far_apart(bench, inputs):
    rig, converter = bench(inputs)
    rig.run("s.advance(); time.sleep_ms(200)")
    at_ns = [sample.ns for sample in converter.samples]
    assert len(at_ns) > inputs * RATE_HZ * 0.2
    elapsed_s = (at_ns[-1] - at_ns[0]) / 1e9
    assert (len(at_ns) - 1) / elapsed_s == pytest.approx(inputs * RATE_HZ, rel=OFF)
    apart_ns = [later - earlier for earlier, later in pairwise(at_ns)]
    assert max(apart_ns) - min(apart_ns) <= 8, "a cycle of the chip's clock"


def test_each_channel_shows_its_own_sine(bench, inputs):
    rig, converter = bench(inputs)
    made = lines(rig, SHOW % 3)
    for window in made[1:]:
        check(window, RMS[:inputs])
    assert made[-1][-1] == 0
    assert converter.violations == []


def test_a_stall_longer_than_the_ring_is_counted_and_survived(bench):
    """With the interrupts off nothing of MicroPython runs; the ring is overwritten unread."""
    rig, converter = bench(5)
    rig.run("windows(1)")
    taken = len(converter.samples)
    took_us, lost, made = stalled(rig, 350)
    assert took_us >= 350_000
    assert lost >= RATE_HZ * (took_us - 300_000) / 1e6 - 1
    for window in made[2:]:
        check(window, RMS)
    assert made[-1][3] == lost, "nothing more is lost afterwards"
    numbers = [sample.number for sample in converter.samples[taken:]]
    assert numbers == [(numbers[0] + n) % 5 for n in range(len(numbers))], "it never paused"
    assert converter.violations == []


def gap_is_seen(rig):
    """Nobody takes the results for 2 ms: the program waits, and the ring is begun anew."""
    rig.run("windows(1)")
    lost, made = held(rig)
    assert lost >= 1
    for window in made[2:]:
        check(window, RMS)


def test_a_stall_of_the_program_is_seen_and_survived(bench):
    rig, converter = bench(5)
    gap_is_seen(rig)
    assert converter.violations == []


def test_without_a_converter_every_channel_is_clipped(parts):
    parts.run(SAMPLER % 5 + METER % 0)
    (window,) = lines(parts, "from headroom import records\nwindows(1)\n" + SHOW % 1)
    clipped = int(parts.run("print(records.CLIPPED)"))
    assert not window[1]
    assert all(faults & clipped for faults in window[2])


def test_what_it_costs(bench, inputs):
    rig, _ = bench(inputs)
    (share,) = lines(rig, COST)
    print(f"{inputs} channels: {share / 10_000:.1f} % of the processor, 0 bytes a window")
    assert share < SHARE * 1e6 * max(1, inputs / 4)


@pytest.mark.slow
def test_the_whole_firmware_measures_and_charges_with_it(image, firmware):
    """The house draws 24 A and 14 A, the car 16 A; L3 and the voltage are not in use."""
    meter = on_chip.charging(image, firmware, SETTINGS, BOARD)
    told = json.loads(meter.ask("json status"))
    assert (told["good"], told["faults"], told["lost_frames"]) == (True, [], 0)
    for leg, amperes in zip(told["legs"], (40, 30), strict=True):
        assert abs(leg["ma"] - amperes * 1000) < 60  # a third of a count and 0.1 %
    assert abs(told["ev_ma"] - OFFER_A * 1000) < 60
    assert on_chip.steady_without_heap(meter), meter.ask("status")
    assert meter.converter.violations == []
    print(f"{BOARD}: {meter.heap_free()} bytes of the heap left")


@pytest.mark.frozen
@pytest.mark.slow
def test_three_cts_and_a_voltage_in_the_whole_firmware(image, firmware):
    """40 A, 30 A and 8 A at 120 V; only frozen is there memory for it."""
    if not chip_image.frozen(image, "ports/rp2_mcp3208"):
        pytest.skip("RP2040_UF2 has the firmware of another board frozen in")
    three = {"legs": 3, "charger1.legs": "L1", "nominal_v": 120}
    rig = on_chip.charging(image, firmware, SETTINGS | WITH_VOLTAGE | three, BOARD)
    third, volts = (Sine(Converter(0), 0) for _ in range(2))
    third.set(8 * 1000 / 4000 * BURDEN_OHM / MV_PER_COUNT, rig.chip.ns)
    volts.set(120 * 1000 / VOLTAGE_RATIO / MV_PER_COUNT, rig.chip.ns)
    rig.converter.inputs[2], rig.converter.inputs[4] = third, volts
    rig.chip.run_ms(1000)
    told = json.loads(rig.ask("json status"))
    assert (told["good"], told["faults"], told["lost_frames"]) == (True, [], 0)
    assert told["voltage"]["mv"] == pytest.approx(120_000, rel=0.003)
    for leg, amperes in zip(told["legs"], (40, 30, 8), strict=True):
        assert abs(leg["ma"] - amperes * 1000) < 60
    share = on_chip.cost(rig)["metering_share"]
    print(f"{BOARD}: {share:.1%} of the processor, {rig.heap_free()} bytes of the heap left")
    assert share < SHARE_WATTS
    assert on_chip.steady_without_heap(rig), rig.ask("status")
    assert rig.converter.violations == []


def judge(rig, source):
    """The port from this source must do what the tests above ask of it."""
    converter = attach(rig, 5)
    source = source.replace("from .", "from headroom.ports.")
    own = SAMPLER.replace("ports.sampler(ports.current(), Board, ", "Sampler(Board, ")
    rig.run(source + own % 5 + METER % 0)
    read_in_turn(rig, converter, range(5))
    gap_is_seen(rig)


def test_with_no_fault_planted_all_is_well(parts):
    judge(parts, SOURCE)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught(parts, fault):
    source, planted = re.subn(*FAULTS[fault], SOURCE)
    assert planted == 1
    with pytest.raises((AssertionError, ChipError, TimeoutError)):
        judge(parts, source)
