"""The driver-enable pin of the RS-485 line on an emulated RP2040, timed against the stop bit."""

import pytest

ENABLE, UART = 2, 0
ERASE_MS = 45  # of a sector, see tools/lab/chip/corrections/flash_busy.py

LINE = """
import asyncio, board, gc, time
from headroom.ports.rp2_line import Line
line = Line(board)
async def main(frame, busy_ms):
    async def hog():
        if busy_ms:
            await asyncio.sleep_ms(1)
            end = time.ticks_add(time.ticks_ms(), busy_ms)
            while time.ticks_diff(end, time.ticks_ms()) > 0:
                gc.collect()
    task = asyncio.create_task(hog())
    await line.send(frame)
    await task
"""


@pytest.mark.parametrize("baud", [9600, 115200])
@pytest.mark.parametrize("length", [8, 100], ids=lambda n: f"{n} bytes")
@pytest.mark.parametrize("busy_ms", [0, 40], ids=["idle", "a task holds the loop"])
def test_the_driver_is_off_within_a_character_of_the_last_stop_bit(parts, baud, length, busy_ms):
    chip = parts.chip
    parts.run(LINE)
    chip.watch(ENABLE)
    sent = []
    chip.on_uart = lambda uart, byte, start, end: sent.append((uart, byte, start, end))
    parts.run(f"line.open({baud}, 'E', 1)\nasyncio.run(main(bytes(range({length})), {busy_ms}))\n")
    frame = [event for event in sent if event[0] == UART]
    assert bytes(byte for _, byte, _, _ in frame) == bytes(range(length))
    on_ns = [at for pin, level, at in chip.pin_log if pin == ENABLE and level == 1]
    off_ns = [at for pin, level, at in chip.pin_log if pin == ENABLE and level == 0]
    character_ns = 11e9 / baud
    late_ns = off_ns[-1] - frame[-1][3]
    print(f"{baud} baud, {length} bytes: off {late_ns / 1000:.0f} us after the last stop bit")
    assert on_ns[-1] <= frame[0][2]
    assert 0 <= late_ns < character_ns


ERASE = (
    LINE
    + """
import rp2
flash = rp2.Flash()
last = flash.ioctl(4, 0) - 1  # a block that the file system does not use yet
async def erase_meanwhile(frame, at_us):
    task = asyncio.create_task(line.send(frame))
    await asyncio.sleep_ms(0)
    time.sleep_us(at_us)
    flash.ioctl(6, last)
    await asyncio.wait_for_ms(task, 1000)
    await asyncio.sleep_ms(2)
"""
)


@pytest.mark.parametrize("baud", [9600, 19200, 115200])
def test_an_erase_of_the_flash_at_any_moment_of_a_frame_hangs_nothing(parts, baud):
    """It holds all interrupts: the UART runs dry, and the driver stays on for that much longer."""
    chip = parts.chip
    parts.run(ERASE + f"line.open({baud}, 'E', 1)")
    chip.watch(ENABLE)
    character_us = 11e6 / baud
    worst_ms = 0.0
    for length in (8, 33, 165, 256):
        for part in (0, 0.3, 0.6, 0.9, 0.98):
            begun = len(chip.uart_log), len(chip.pin_log)
            at_us = int(length * character_us * part)
            parts.run(f"asyncio.run(erase_meanwhile(bytes(range({length})), {at_us}))")
            frame = [event for event in chip.uart_log[begun[0] :] if event[0] == UART]
            assert bytes(byte for _, byte, _, _ in frame) == bytes(range(length))
            levels = [event[1:] for event in chip.pin_log[begun[1] :] if event[0] == ENABLE]
            (on, on_ns), (off, off_ns) = levels
            assert (on, off) == (1, 0)
            assert on_ns <= frame[0][2]
            late_ms = (off_ns - frame[-1][3]) / 1e6
            assert 0 <= late_ms < ERASE_MS + 2, (length, part)
            worst_ms = max(worst_ms, late_ms)
    print(f"{baud} baud: off at most {worst_ms:.1f} ms after the last stop bit")
