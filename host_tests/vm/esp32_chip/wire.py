"""The RS-485 lines: who drives them when, and what the other end makes of it.

The other end hears a frame only if the driver was on from its first start bit to its last stop
bit; a byte that comes back while the driver is on is spoiled.
"""

START_US = 100  # from the write to the first start bit: interrupt, FIFO, the next bit's beginning
FIFO = 128  # bytes of the UART; what is beyond is refilled by an interrupt when 10 are left
REFILL_AT = 10

_driven = {}  # pin of a driver: [on_us, off_us or None], the newest last
_wires = {}


def drive(pin, on_us, off_us):
    """The driver's pin: on from on_us to off_us; None: until told."""
    spans = _driven.setdefault(pin, [])
    if off_us == on_us:  # off now
        if spans and spans[-1][1] is None:
            spans[-1][1] = off_us
    else:
        spans.append([on_us, off_us])
        del spans[:-8]


def of(tx, rx):
    return _wires[tx, rx]


class Wire:
    """tx, rx, de: the pins of its UART and of its driver; de None: it finds the direction itself.

    answer(frame)  what the other end sends back, None for nothing; turnaround_us after which
    """

    def __init__(self, tx, rx, de, answer, turnaround_us):
        _wires[tx, rx] = self
        self._de = de
        self._answer = answer
        self._turnaround_us = turnaround_us
        self._char_ns = 0
        self._frame = None  # what is sent: [bytes, first start bit, last stop bit, whole]
        self._coming = []  # [start_us, end_us, byte]
        self._heard = bytearray()
        self.frames = 0
        self.unheard = 0
        self.spoiled = 0
        self.late_us = 0  # the latest release of the driver after a last stop bit

    def open(self, char_ns):
        self._char_ns = char_ns
        self._heard = bytearray()  # uart_flush_input: machine_uart.c:491

    def send(self, frame, now_us):
        self._settle(now_us)
        if self._frame:
            raise ValueError("a frame is still being sent")
        start_us = now_us + START_US
        end_us = start_us + len(frame) * self._char_ns // 1000
        self._frame = [frame, start_us, end_us, True]

    def silent(self, now_us):
        return self._frame is None or now_us >= self._frame[2]

    def received(self, now_us):
        self._settle(now_us)
        while self._coming and self._coming[0][1] <= now_us:
            start_us, end_us, byte = self._coming.pop(0)
            if self._driving(start_us, end_us):
                self.spoiled += 1
                byte ^= 0x5A
            self._heard.append(byte)
        if len(self._heard) > 256:
            raise ValueError("the receive buffer ran over")
        return self._heard

    def take(self, buffer, now_us):
        heard = self.received(now_us)
        count = min(len(buffer), len(heard))
        buffer[:count] = heard[:count]
        self._heard = heard[count:]
        return count

    def stall(self, start_us, us):
        """No interrupt refills the FIFO: a long frame gets a gap, which ends it (Modbus RTU)."""
        if self._frame and start_us < self._frame[2] and len(self._frame[0]) > FIFO:
            gap_us = us - REFILL_AT * self._char_ns // 1000
            if gap_us > 0:
                self._frame[2] += gap_us
                self._frame[3] = False

    def _settle(self, now_us):
        """Judge what was sent, once its last stop bit has left and the driver is off."""
        if self._frame is None or now_us < self._frame[2]:
            return
        frame, start_us, end_us, whole = self._frame
        self._frame = None
        self.frames += 1
        if self._de is not None:
            spans = [span for span in _driven.get(self._de, ()) if span[0] <= start_us]
            off_us = spans[-1][1] if spans else 0
            whole = whole and (off_us is None or off_us >= end_us)
            self.late_us = max(self.late_us, (off_us or now_us) - end_us)
        answer = self._answer(frame) if whole else None
        if not whole:
            self.unheard += 1
        at_us = end_us + self._turnaround_us
        for byte in answer or b"":
            self._coming.append([at_us, at_us + self._char_ns // 1000, byte])
            at_us += self._char_ns // 1000

    def _driving(self, start_us, end_us):
        if self._de is None:
            return False
        for on_us, off_us in _driven[self._de]:
            if on_us < end_us and (off_us is None or off_us > start_us):
                return True
        return False
