"""A Heidelberg Energy Control at the other end of the emulated RS-485 line, byte by byte.

Registers from the maker's table of 22 Feb 2021 (see charging/profiles/heidelberg.py), written anew
here: input registers 5 (state) and 6 to 8 (0.1 A a phase), holding registers 257 to 262.
"""

from dataclasses import dataclass

from lab.chip.chip import Chip

LIMIT = 261
_CHARGING = 7
_RESPONSE_MS = 5.0


@dataclass(frozen=True)
class Frame:
    """A whole request: its bytes, when its first start bit began and its last stop bit ended."""

    data: bytes
    start_ns: float
    end_ns: float

    @property
    def limit_ma(self) -> int | None:
        """The current that it allows, if it is a write of the limit register."""
        if self.data[1] != 6 or int.from_bytes(self.data[2:4], "big") != LIMIT:
            return None
        return int.from_bytes(self.data[4:6], "big") * 100


class Wallbox:
    """Answers at `address` on a UART of the chip; `frames` has every request with a good CRC."""

    def __init__(self, chip: Chip, address: int, uart: int = 0) -> None:
        self.frames: list[Frame] = []
        self.damaged = 0
        self.answers = True
        self.holding = {257: 15000, 258: 0, 259: 1, 261: 0, 262: 0}
        self._chip = chip
        self._address = address
        self._uart = uart
        self._bytes = bytearray()
        self._start_ns = self._end_ns = 0.0
        self._next = chip.on_uart
        chip.on_uart = self._on_byte

    def limits(self, since_ns: float = 0.0) -> list[Frame]:
        """The writes of the limit since a moment."""
        return [f for f in self.frames if f.start_ns >= since_ns and f.limit_ma is not None]

    def _on_byte(self, uart: int, byte: int, start_ns: float, end_ns: float) -> None:
        if self._next:
            self._next(uart, byte, start_ns, end_ns)
        if uart != self._uart:
            return
        character_ns = end_ns - start_ns
        if start_ns - self._end_ns > 3.5 * character_ns:
            self._bytes.clear()
        if not self._bytes:
            self._start_ns = start_ns
        self._bytes.append(byte)
        self._end_ns = end_ns
        if len(self._bytes) == self._length():
            self._on_frame(bytes(self._bytes))

    def _length(self) -> int:
        if len(self._bytes) > 1 and self._bytes[1] == 16:
            return 9 + self._bytes[6] if len(self._bytes) > 6 else -1
        return 8

    def _on_frame(self, data: bytes) -> None:
        self._bytes.clear()
        if crc16(data):
            self.damaged += 1
            return
        if data[0] == self._address:
            self.frames.append(Frame(data, self._start_ns, self._end_ns))
            if self.answers:
                reply = bytes([self._address]) + self._reply(data)
                reply += crc16(reply).to_bytes(2, "little")
                self._chip.receive(self._uart, reply, _RESPONSE_MS * 1e6)

    def _reply(self, data: bytes) -> bytes:
        function = data[1]
        register = int.from_bytes(data[2:4], "big")
        value = int.from_bytes(data[4:6], "big")
        if function == 6 and register in self.holding:
            self.holding[register] = value
            return data[1:6]
        if function in (3, 4):
            words = [self._word(function, register + i) for i in range(value)]
            if None not in words:
                body = b"".join(word.to_bytes(2, "big") for word in words if word is not None)
                return bytes([function, len(body)]) + body
        return bytes([function | 0x80, 2])

    def _word(self, function: int, register: int) -> int | None:
        if function == 3:
            return self.holding.get(register)
        drawn = self.holding[LIMIT]
        readings = {4: 0x0108, 5: _CHARGING, 6: drawn, 7: 0, 8: 0, 9: 250, 100: 160, 101: 60}
        return readings.get(register)


def crc16(data: bytes) -> int:
    """CRC of Modbus RTU (Modbus over Serial Line V1.02, 6.2.2); 0 over a frame with its CRC."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc
