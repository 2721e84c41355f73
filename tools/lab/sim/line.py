"""An RS-485 line between terminals: bytes take their time, and some get lost.

A request travels from the firmware to all chargers, a reply back, at the baud of the charger that
it concerns. The chargers see a request when its last bit has passed (a Modbus server acts no
sooner), the firmware a reply in pieces, as a UART hands it over. Every frame is recorded with the
time of its first byte.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from .chargers.model import (
    READ_COILS,
    READ_HOLDING,
    READ_INPUT,
    WRITE_COIL,
    WRITE_MANY,
    WRITE_ONE,
    SerialFormat,
)
from .joints import PTYS, Terminal

SILENCE_CHARS = 3.5
HOST_SILENCE_S = 0.005
PIECE_CHARS = 8


def crc16(data: bytes) -> int:
    """Modbus CRC: polynomial 0xA001, reflected, start 0xFFFF."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def crc_ok(frame: bytes) -> bool:
    """Whether a whole frame carries its right CRC (low byte first)."""
    return len(frame) >= 4 and crc16(frame[:-2]) == int.from_bytes(frame[-2:], "little")


def frame_length(data: bytes, is_request: bool) -> int | None:
    """Length of the frame that starts with `data`, None while it can't be told."""
    if len(data) < 2:
        return None
    function = data[1]
    if function & 0x80:
        return 5
    if is_request:
        if function != WRITE_MANY:
            return 8
        return 9 + data[6] if len(data) > 6 else None
    if function in (READ_COILS, READ_HOLDING, READ_INPUT):
        return 5 + data[2] if len(data) > 2 else None
    return 8


def written(frame: bytes) -> dict[int, int]:
    """Registers (or the coil) that a request writes, with their values."""
    address = int.from_bytes(frame[2:4], "big")
    if frame[1] in (WRITE_ONE, WRITE_COIL):
        return {address: int.from_bytes(frame[4:6], "big")}
    if frame[1] == WRITE_MANY:
        data = frame[7:-2]
        return {
            address + i // 2: int.from_bytes(data[i : i + 2], "big")
            for i in range(0, len(data), 2)
        }
    return {}


@dataclass
class Frame:
    """One frame: when its first byte and last bit were on the wire, as sent and as received."""

    first_s: float
    end_s: float
    is_request: bool
    sent: bytes
    received: bytes | None = None

    @property
    def unit(self) -> int:
        """The address that it goes to, or comes from."""
        return self.sent[0]

    @property
    def char_s(self) -> float:
        """Seconds that one of its characters takes."""
        return (self.end_s - self.first_s) / len(self.sent)

    @property
    def good(self) -> bool:
        """Whether it arrived, and whole."""
        return self.received is not None and crc_ok(self.received)


@dataclass
class Disturbance:
    """What the line does to frames: the share that it swallows or corrupts, and a delay."""

    drop_share: float = 0.0
    corrupt_share: float = 0.0
    delay_s: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def apply(self, data: bytes) -> bytes | None:
        """The frame as it arrives; None when it does not."""
        if self.chance.random() < self.drop_share:
            return None
        if self.chance.random() < self.corrupt_share:
            spoiled = bytearray(data)
            spoiled[self.chance.randrange(len(spoiled))] ^= 1 << self.chance.randrange(8)
            return bytes(spoiled)
        return data


class Wire:
    """One direction: gives bytes their time on the wire and cuts them into frames.

    `formats` per address; what goes to an unknown one keeps the format of the frame before.
    """

    def __init__(self, formats: dict[int, SerialFormat], is_request: bool) -> None:
        self.formats = formats
        self.is_request = is_request
        self.end_s = 0.0
        self._char_s = next(iter(formats.values())).char_s
        self._first_s = 0.0
        self._pending = b""

    def put(self, data: bytes, now_s: float) -> list[Frame]:
        """Send `data` from `now_s` on; returns the frames whose length is complete with it."""
        start_s = max(now_s, self.end_s)
        if not self._pending:
            self._first_s = start_s
        self._pending += data
        if self._pending[0] in self.formats:
            self._char_s = self.formats[self._pending[0]].char_s
        self.end_s = start_s + len(data) * self._char_s
        frames = []
        while (length := frame_length(self._pending, self.is_request)) and length <= len(
            self._pending
        ):
            frames.append(self._cut(length))
        return frames

    def silence(self) -> Frame | None:
        """The line fell silent: what is pending is a (broken) frame."""
        return self._cut(len(self._pending)) if self._pending else None

    @property
    def silent_at_s(self) -> float | None:
        """When a silence will end the frame in progress."""
        silence_s = max(SILENCE_CHARS * self._char_s, HOST_SILENCE_S)
        return self.end_s + silence_s if self._pending else None

    def _cut(self, length: int) -> Frame:
        sent, self._pending = self._pending[:length], self._pending[length:]
        end_s = self._first_s + length * self._char_s
        frame = Frame(self._first_s, end_s, self.is_request, sent)
        self._first_s = frame.end_s
        return frame


class Line:
    """Joins the firmware's terminal and one for each charger, by address.

    Call `start` inside the event loop.
    """

    def __init__(
        self,
        formats: dict[int, SerialFormat],
        seed: int = 1,
        terminal: Callable[[], Terminal] = PTYS.terminal,
    ) -> None:
        self.firmware = terminal()
        self.chargers: dict[int, Terminal] = {address: terminal() for address in formats}
        self.disturbance = Disturbance(chance=random.Random(seed))
        self.connected = True
        self.listeners: list[Callable[[Frame], None]] = []
        self.frames_ok = 0
        self.frames_bad = 0
        self.frames_lost = 0
        self._wires = {self.firmware: Wire(formats, is_request=True)}
        for charger in self.chargers.values():
            self._wires[charger] = Wire(formats, is_request=False)
        self._timers: dict[Wire, asyncio.TimerHandle] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def carries(self) -> bool:
        """Whether any frame can arrive whole."""
        return self.connected and self.disturbance.corrupt_share < 1.0

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        for terminal, wire in self._wires.items():
            terminal.listen(partial(self._readable, terminal, wire))

    def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._loop = None
        for terminal in self._wires:
            terminal.close()

    def _readable(self, terminal: Terminal, wire: Wire) -> None:
        assert self._loop is not None
        data = terminal.read()
        if not data:
            return
        frames = wire.put(data, self._loop.time())
        for frame in frames:
            self._send(frame)
        if wire in self._timers:
            self._timers.pop(wire).cancel()
        if wire.silent_at_s is not None:
            self._timers[wire] = self._loop.call_at(wire.silent_at_s, self._silence, wire)

    def _silence(self, wire: Wire) -> None:
        self._timers.pop(wire, None)
        if frame := wire.silence():
            self._send(frame)

    def _send(self, frame: Frame) -> None:
        """Let the frame arrive when its time has passed."""
        assert self._loop is not None
        data = self.disturbance.apply(frame.sent) if self.connected else None
        late_s = self.disturbance.delay_s
        self._loop.call_at(frame.end_s + late_s, self._arrived, frame, data)
        if data is None:
            return
        if frame.is_request:
            for terminal in self.chargers.values():
                self._loop.call_at(frame.end_s + late_s, self._deliver, terminal, data)
            return
        for start in range(0, len(data), PIECE_CHARS):
            piece = data[start : start + PIECE_CHARS]
            at_s = frame.first_s + (start + len(piece)) * frame.char_s + late_s
            self._loop.call_at(at_s, self._deliver, self.firmware, piece)

    def _deliver(self, terminal: Terminal, data: bytes) -> None:
        if self._loop is not None:
            terminal.write(data)

    def _arrived(self, frame: Frame, data: bytes | None) -> None:
        frame.received = data
        if data is None:
            self.frames_lost += 1
        elif frame.good:
            self.frames_ok += 1
        else:
            self.frames_bad += 1
        for listener in self.listeners:
            listener(frame)
