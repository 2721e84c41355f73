"""The RS-485 line: time on the wire, frames, losses. No wall clock except to let bytes arrive."""

import asyncio
import os

import pytest

from lab.lockstep import loop as virtual
from lab.lockstep.memory import Terminal
from lab.sim.chargers.model import SerialFormat
from lab.sim.frames import Wire, crc_ok, frame_length, written
from lab.sim.line import Disturbance, Line

AT_9600_8N1 = SerialFormat(9600, "N", 1)
AT_19200_8E1 = SerialFormat(19200, "E", 1)

# Recorded on a Heidelberg Energy Control.
WRITE_STANDBY = bytes.fromhex("01 10 01 02 00 01 02 00 04 B6 B1")
WRITE_STANDBY_REPLY = bytes.fromhex("01 10 01 02 00 01 A1 F5")
READ_VOLTS = bytes.fromhex("02 04 00 0A 00 03 90 3A")
READ_VOLTS_REPLY = bytes.fromhex("02 04 06 00 EF 00 F1 00 F0 F0 03")


@pytest.mark.parametrize(
    "frame", [WRITE_STANDBY, WRITE_STANDBY_REPLY, READ_VOLTS, READ_VOLTS_REPLY]
)
def test_crc_of_recorded_frames(frame):
    assert crc_ok(frame)
    assert not crc_ok(frame[:-1] + bytes([frame[-1] ^ 1]))


def test_length_of_recorded_frames_from_their_beginning():
    assert frame_length(WRITE_STANDBY[:7], is_request=True) == len(WRITE_STANDBY)
    assert frame_length(WRITE_STANDBY[:6], is_request=True) is None
    assert frame_length(READ_VOLTS_REPLY[:3], is_request=False) == len(READ_VOLTS_REPLY)
    assert frame_length(bytes((1, 0x86)), is_request=False) == 5


@pytest.mark.parametrize(("form", "char_ms"), [(AT_9600_8N1, 10 / 9.6), (AT_19200_8E1, 11 / 19.2)])
def test_a_character_takes_start_data_parity_and_stop_bits(form, char_ms):
    wire = Wire({2: form}, is_request=True)
    (frame,) = wire.put(READ_VOLTS, now_s=5.0)
    assert frame.first_s == 5.0
    assert (frame.end_s - frame.first_s) * 1000 == pytest.approx(8 * char_ms)


def test_frames_written_together_follow_each_other_on_the_wire():
    wire = Wire({1: AT_9600_8N1}, is_request=True)
    first, second = wire.put(READ_VOLTS + WRITE_STANDBY, now_s=0.0)
    assert (first.sent, second.sent) == (READ_VOLTS, WRITE_STANDBY)
    assert second.first_s == first.end_s


def test_a_frame_written_in_two_parts_keeps_the_time_of_its_first_byte():
    wire = Wire({1: AT_9600_8N1}, is_request=True)
    assert wire.put(READ_VOLTS[:3], now_s=1.0) == []
    (frame,) = wire.put(READ_VOLTS[3:], now_s=1.001)
    assert frame.first_s == 1.0
    assert frame.sent == READ_VOLTS


def test_each_frame_goes_at_the_baud_of_the_charger_that_it_concerns():
    wire = Wire({1: AT_19200_8E1, 2: AT_9600_8N1}, is_request=True)
    (standby,) = wire.put(WRITE_STANDBY, now_s=0.0)
    (volts,) = wire.put(READ_VOLTS, now_s=1.0)
    (broadcast,) = wire.put(bytes((9,)) + WRITE_STANDBY[1:], now_s=2.0)
    chars_s = [frame.char_s * 1000 for frame in (standby, volts, broadcast)]
    assert chars_s == pytest.approx([11 / 19.2, 10 / 9.6, 10 / 9.6])


def test_silence_ends_a_frame_that_stays_short():
    wire = Wire({1: AT_9600_8N1}, is_request=True)
    wire.put(READ_VOLTS[:5], now_s=0.0)
    assert wire.silent_at_s >= 5 * 10 / 9600 + 3.5 * 10 / 9600
    assert wire.silence().sent == READ_VOLTS[:5]
    assert wire.silent_at_s is None


def test_disturbance_loses_and_corrupts_its_share():
    disturbance = Disturbance(drop_share=0.2, corrupt_share=0.25)
    outcomes = [disturbance.apply(READ_VOLTS) for _ in range(2000)]
    assert outcomes.count(None) == pytest.approx(400, abs=60)
    assert outcomes.count(READ_VOLTS) == pytest.approx(1200, abs=80)
    assert not any(crc_ok(o) for o in outcomes if o not in (None, READ_VOLTS))


@pytest.fixture
def line():
    line = Line([(1, AT_19200_8E1), (2, AT_9600_8N1)])
    yield line
    line.close()


def carry(line, request):
    """Write a request where the firmware sits; what arrives at the charger, and the record."""

    async def run():
        frames = []
        line.listeners.append(frames.append)
        line.start()
        firmware = os.open(line.master.path, os.O_RDWR | os.O_NOCTTY)
        charger = os.open(
            line.slaves[request[0] - 1].path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK
        )
        os.write(firmware, request)
        for _ in range(200):
            await asyncio.sleep(0.01)
            if frames:
                break
        try:
            return os.read(charger, 256), frames
        except BlockingIOError:
            return b"", frames
        finally:
            os.close(firmware)
            os.close(charger)

    return asyncio.run(run())


def test_line_carries_a_request_and_counts_it(line):
    received, (frame,) = carry(line, READ_VOLTS)
    assert received == READ_VOLTS
    assert frame.good
    assert (line.frames_ok, line.frames_bad, line.frames_lost) == (1, 0, 0)


def test_every_charger_hears_every_request(line):
    async def run():
        line.start()
        firmware = os.open(line.master.path, os.O_RDWR | os.O_NOCTTY)
        chargers = [os.open(t.path, os.O_RDWR | os.O_NOCTTY) for t in line.slaves]
        os.write(firmware, READ_VOLTS)
        await asyncio.sleep(0.2)
        try:
            return [os.read(charger, 256) for charger in chargers]
        finally:
            for descriptor in (firmware, *chargers):
                os.close(descriptor)

    assert asyncio.run(run()) == [READ_VOLTS, READ_VOLTS]


def collision(second_at_s):
    """Two slaves at one address, or a master that does not wait: a reply, then another frame.

    What the master hears of the replies, and the frames.
    """

    async def run():
        line = Line([(2, AT_9600_8N1), (2, AT_9600_8N1)], terminal=Terminal)
        frames = []
        line.listeners.append(frames.append)
        line.start()
        line.slaves[0].put(READ_VOLTS_REPLY)
        await asyncio.sleep(second_at_s)
        line.slaves[1].put(READ_VOLTS_REPLY)
        await asyncio.sleep(0.1)
        line.close()
        return line.master.take(), frames

    return virtual.run(run())


def test_frames_on_the_wire_at_the_same_time_spoil_each_other():
    reply_s = len(READ_VOLTS_REPLY) * 10 / 9600
    heard, frames = collision(0.0)
    assert len(heard) == 2 * len(READ_VOLTS_REPLY)
    assert READ_VOLTS_REPLY not in heard
    assert not any(frame.good for frame in frames)
    heard, frames = collision(0.9 * reply_s)
    assert heard[:8] == READ_VOLTS_REPLY[:8], "what had passed by then is whole"
    assert not any(frame.good for frame in frames)
    heard, frames = collision(1.01 * reply_s)
    assert heard == 2 * READ_VOLTS_REPLY
    assert all(frame.good for frame in frames)


@pytest.mark.parametrize(("baud", "silence_ms"), [(9600, 3.646), (19200, 2.005), (115200, 1.75)])
@pytest.mark.parametrize(("share", "heard"), [(0.0, False), (0.97, False), (1.03, True)])
def test_a_request_needs_the_silence_before_it_that_modbus_over_serial_line_asks_for(
    baud, silence_ms, share, heard
):
    """3.5 characters, above 19200 baud 1.75 ms; of a broadcast nobody answers, then a read."""
    form = SerialFormat(baud, "E" if baud == 19200 else "N", 1)

    async def run():
        line = Line([(2, form)], terminal=Terminal)
        line.start()
        line.master.form = form
        line.master.put(WRITE_STANDBY)
        await asyncio.sleep(len(WRITE_STANDBY) * form.char_s + share * silence_ms / 1000)
        line.master.put(READ_VOLTS)
        await asyncio.sleep(0.1)
        line.close()
        return line.slaves[0].take(), line.frames_bad

    found, bad = virtual.run(run())
    assert found.startswith(WRITE_STANDBY)
    assert found.endswith(READ_VOLTS) is heard
    assert bad == (0 if heard else 1)


def test_each_slave_is_reached_that_was_asked_at_its_format_last():
    """A master opens the line anew for each of them."""

    async def run():
        line = Line([(1, AT_19200_8E1), (2, AT_9600_8N1)], terminal=Terminal)
        line.start()
        reached = []
        for form, request in (
            (AT_19200_8E1, WRITE_STANDBY),
            (AT_9600_8N1, READ_VOLTS),
            (AT_19200_8E1, READ_VOLTS),
            (AT_9600_8N1, READ_VOLTS),
        ):
            line.master.form = form
            line.master.put(request)
            await asyncio.sleep(0.1)
            reached.append((line.reaches(0), line.reaches(1)))
            heard = [slave.take() for slave in line.slaves]
        line.close()
        return reached, heard

    reached, heard = virtual.run(run())
    assert reached == [(True, True), (True, True), (True, False), (True, True)]
    assert heard[1] == READ_VOLTS
    assert heard[0] != READ_VOLTS


def test_corrupted_frame_arrives_and_counts_as_bad(line):
    line.disturbance.corrupt_share = 1.0
    received, _ = carry(line, READ_VOLTS)
    assert len(received) == len(READ_VOLTS)
    assert not crc_ok(received)
    assert line.frames_bad == 1


def test_cut_line_carries_nothing_but_records_what_was_sent(line):
    line.connected = False
    received, (frame,) = carry(line, READ_VOLTS)
    assert received == b""
    assert frame.sent == READ_VOLTS
    assert line.frames_lost == 1


def test_written_registers_of_recorded_requests():
    assert written(bytes.fromhex("01 10 01 02 00 01 02 00 04 B6 B1")) == {258: 4}
    assert written(bytes.fromhex("01 06 01 05 00 A0 98 4F")) == {261: 160}
    assert written(bytes.fromhex("01 04 00 05 00 0A 60 0C")) == {}
