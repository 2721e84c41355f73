"""Modbus RTU frames on a wire: where they begin and end, when, and what they write."""

from dataclasses import dataclass

from .chargers.model import (
    READ_COILS,
    READ_HOLDING,
    READ_INPUT,
    WRITE_COIL,
    WRITE_MANY,
    WRITE_ONE,
    SerialFormat,
)

SILENCE_CHARS = 3.5
SHORTEST_SILENCE_S = 0.00175  # above 19200 baud
HOST_SILENCE_S = 0.005


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
    collides: bool = False  # with another one

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


AS_USUAL = SerialFormat(9600, "N", 1)  # where nobody is on the line


class Wire:
    """One direction: gives bytes their time on the wire and cuts them into frames.

    They take `form`'s time, where it is known how they are sent. Else `formats` has that of the
    slave at each address; what goes to an unknown one keeps the format of the frame before.
    """

    def __init__(self, formats: dict[int, SerialFormat], is_request: bool) -> None:
        self.formats = formats
        self.is_request = is_request
        self.form: SerialFormat | None = None
        self.end_s = 0.0
        self._char_s = next(iter(formats.values()), AS_USUAL).char_s
        self._first_s = 0.0
        self._pending = b""

    def put(self, data: bytes, now_s: float) -> list[Frame]:
        """Send `data` from `now_s` on; returns the frames whose length is complete with it."""
        start_s = max(now_s, self.end_s)
        if not self._pending:
            self._first_s = start_s
        self._pending += data
        if self.form is not None:
            self._char_s = self.form.char_s
        elif self._pending[0] in self.formats:
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
