"""An RS-485 line between terminals: bytes take their time, and some get lost.

A request travels from the master to all slaves, a reply back. The slaves see a request when its
last bit has passed (a Modbus server acts no sooner), the master a reply in pieces, as a UART hands
it over. Whose format is another one hears what uart.py says; frames that are on the wire at the
same time spoil each other, and slaves take a request that leaves them no silence for a part of the
frame before. Every frame is recorded with the time of its first byte.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from .chargers.model import SerialFormat
from .frames import SHORTEST_SILENCE_S, SILENCE_CHARS, Frame, Wire
from .joints import PTYS, Terminal
from .uart import heard

PIECE_CHARS = 8
SAME_S = 1e-6  # times are sums of floats


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


class Line:
    """Joins the master's terminal and one for each of the `slaves`: (address, format).

    Call `start` inside the event loop.
    """

    def __init__(
        self,
        slaves: Sequence[tuple[int, SerialFormat]],
        seed: int = 1,
        terminal: Callable[[], Terminal] = PTYS.terminal,
    ) -> None:
        self.master = terminal()
        self.slaves = [terminal() for _ in slaves]
        self.disturbance = Disturbance(chance=random.Random(seed))
        self.connected = True
        self.listeners: list[Callable[[Frame], None]] = []
        self.frames_ok = 0
        self.frames_bad = 0
        self.frames_lost = 0
        self._wires = {self.master: Wire(dict(slaves), is_request=True)}
        self._at: dict[int, Terminal] = {}
        for slave, (address, form) in zip(self.slaves, slaves, strict=True):
            slave.form = form
            self._at[address] = slave
            self._wires[slave] = Wire({address: form}, is_request=False)
        self._asked_wrongly: set[Terminal] = set()  # last time, at another format than its own
        self._passing: list[Frame] = []
        self._timers: dict[Wire, asyncio.TimerHandle] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def reaches(self, index: int) -> bool:
        """Whether any frame can arrive whole at this slave."""
        carries = self.connected and self.disturbance.corrupt_share < 1.0
        return carries and self.slaves[index] not in self._asked_wrongly

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
        wire.form = terminal.form
        for frame in wire.put(data, self._loop.time()):
            self._send(frame, terminal)
        if wire in self._timers:
            self._timers.pop(wire).cancel()
        if wire.silent_at_s is not None:
            self._timers[wire] = self._loop.call_at(
                wire.silent_at_s, self._silence, wire, terminal
            )

    def _silence(self, wire: Wire, terminal: Terminal) -> None:
        self._timers.pop(wire, None)
        if frame := wire.silence():
            self._send(frame, terminal)

    def _send(self, frame: Frame, sender: Terminal) -> None:
        """Let the frame arrive when its time has passed."""
        assert self._loop is not None
        self._collide(frame, sender)
        self._compare_formats(frame, sender)
        data = self.disturbance.apply(frame.sent) if self.connected else None
        late_s = self.disturbance.delay_s
        form = sender.form
        self._loop.call_at(frame.end_s + late_s, self._arrived, frame, data, form)
        if data is None:
            return
        if frame.is_request:
            for slave in self.slaves:
                self._loop.call_at(frame.end_s + late_s, self._deliver, slave, frame, data, form)
            return
        for start in range(0, len(data), PIECE_CHARS):
            piece = data[start : start + PIECE_CHARS]
            at_s = frame.first_s + (start + len(piece)) * frame.char_s + late_s
            self._loop.call_at(at_s, self._deliver, self.master, frame, piece, form)

    def _compare_formats(self, frame: Frame, sender: Terminal) -> None:
        asked = self._at.get(frame.unit) if frame.is_request else None
        if asked is not None:
            fits = sender.form in (None, asked.form)
            (self._asked_wrongly.discard if fits else self._asked_wrongly.add)(asked)

    def _collide(self, frame: Frame, sender: Terminal) -> None:
        """See who is on the wire at the same time, or has been until just now."""
        silence_s = 0.0
        if frame.is_request and sender.form is not None:  # else its time is not that of its bytes
            silence_s = max(SILENCE_CHARS * frame.char_s, SHORTEST_SILENCE_S)
        begun_s = frame.first_s + SAME_S
        passing = [other for other in self._passing if other.end_s + silence_s > begun_s]
        for other in passing:
            if other.first_s < frame.end_s - SAME_S:
                frame.collides = True
                other.collides |= other.end_s > begun_s
        self._passing = [*passing, frame]

    def _deliver(
        self, terminal: Terminal, frame: Frame, data: bytes, form: SerialFormat | None
    ) -> None:
        if self._loop is not None and (data := self._through(terminal, frame, data, form)):
            terminal.write(data)

    def _through(
        self, terminal: Terminal, frame: Frame, data: bytes, form: SerialFormat | None
    ) -> bytes:
        """What is heard there of `data`, which was sent at that format."""
        if frame.collides:
            data = self.disturbance.chance.randbytes(len(data))
        return heard(data, form, terminal.form)

    def _arrived(self, frame: Frame, data: bytes | None, form: SerialFormat | None) -> None:
        if data is None:
            self.frames_lost += 1
        else:
            meant = self._at.get(frame.unit, self.master) if frame.is_request else self.master
            frame.received = self._through(meant, frame, data, form)
            if frame.good:
                self.frames_ok += 1
            else:
                self.frames_bad += 1
        for listener in self.listeners:
            listener(frame)
