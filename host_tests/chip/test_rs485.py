"""The driver-enable pin of the RS-485 line on an emulated RP2040, timed against the stop bit."""

import pytest

ENABLE, UART = 2, 0

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
