"""An MCP3208 at pins of the emulated chip: eight inputs, 12 bits, by its data sheet's timing
(DS21298E, section 5 and figures 1-1 and 6-1).

A falling CS begins a conversion. The first rising clock that finds DIN high is the start bit; the
next four take SGL/DIFF, D2, D1 and D0. The input is held with the falling edge of the clock after
these, which also puts out a null bit; each falling edge after that puts out one of twelve bits,
the highest first, then the lower eleven again, upwards.
"""

from typing import NamedTuple

from lab.chip.adc import Input
from lab.chip.chip import Chip

# ns, at least; with a supply of 2.7 V, the slower of the two that the data sheet gives
CLOCK_NS = 1000  # from one rising edge to the next: 1 MHz
HALF_NS = 250  # clock high, clock low
SELECT_NS = 100  # CS low before the first rising clock
DESELECT_NS = 500  # CS high between two conversions
STEADY_NS = 50  # DIN before and after a rising clock
OUTPUT_NS = 200  # at most: from a falling clock until DOUT is right
LONGEST_NS = 1_200_000  # at most: from the end of sampling to the last bit, or the charge leaks

_COMMAND = 4  # clocks after the start bit's
_HELD = 5
_BITS = 12


class Sample(NamedTuple):
    """One conversion: which input, the moment at which it was held, the result."""

    number: int
    ns: float
    code: int


class Mcp3208:
    """`inputs` by number. `samples` are its conversions so far, `violations` says in words what
    was asked of it against the data sheet.
    """

    def __init__(
        self, chip: Chip, miso: int, cs: int, sck: int, mosi: int, inputs: dict[int, Input]
    ) -> None:
        self.inputs = inputs
        self.samples: list[Sample] = []
        self.violations: list[str] = []
        self._chip = chip
        self._miso = chip.rp2040.gpio[miso]
        self._mosi = chip.rp2040.gpio[mosi]
        self._output = chip.rp2040.clock.create_alarm(self._put_out)
        self._selected = False
        self._clocks = -1  # after the start bit; -1: it has not come
        self._command = 0
        self._code = 0
        self._bit = False
        self._cs_ns = self._rise_ns = self._fall_ns = self._din_ns = -1e9
        for pin, heard in ((cs, self._on_cs), (sck, self._on_clock), (mosi, self._on_din)):
            chip.rp2040.gpio[pin].add_listener(heard)

    def _at_least(self, least_ns: float, since_ns: float, what: str) -> None:
        took_ns = self._chip.ns - since_ns
        if took_ns < least_ns - 1e-3:
            self.violations.append(f"{what}: {took_ns:.0f} ns, at least {least_ns:.0f}")

    def _on_cs(self, new: int, _old: int) -> None:
        selected = new == 0
        if selected and not self._selected:
            self._at_least(DESELECT_NS, self._cs_ns, "CS high")
            self._clocks, self._command = -1, 0
        elif not selected:
            self._output.cancel()
            self._miso.release_input()
        if selected != self._selected:
            self._selected, self._cs_ns = selected, self._chip.ns

    def _on_din(self, _new: int, _old: int) -> None:
        if self._selected and self._clocks <= _COMMAND:
            self._at_least(STEADY_NS, self._rise_ns, "DIN after the clock")
        self._din_ns = self._chip.ns

    def _on_clock(self, new: int, _old: int) -> None:
        if not self._selected:
            return
        if new == 1:
            self._rise()
        else:
            self._at_least(HALF_NS, self._rise_ns, "clock high")
            self._fall()

    def _rise(self) -> None:
        if self._clocks == -1:
            self._at_least(SELECT_NS, self._cs_ns, "CS low before the clock")
        else:
            self._at_least(CLOCK_NS, self._rise_ns, "clock")
            self._at_least(HALF_NS, self._fall_ns, "clock low")
        self._rise_ns = self._chip.ns
        if self._clocks < _COMMAND:
            self._at_least(STEADY_NS, self._din_ns, "DIN before the clock")
            self._command = self._command << 1 | self._mosi.output_value
        if self._command:
            self._clocks += 1

    def _fall(self) -> None:
        self._fall_ns = self._chip.ns
        if self._clocks < _HELD:
            return
        if self._clocks == _HELD:
            self._hold()
        elif self._clocks == _HELD + _BITS and self._fall_ns - self.samples[-1].ns > LONGEST_NS:
            self.violations.append("the charge has leaked")
        place = self._clocks - _HELD  # 0: the null bit
        if place > _BITS:
            place = max(0, 2 * _BITS - place)
        self._bit = bool(place and self._code >> _BITS - place & 1)
        self._output.schedule(OUTPUT_NS)

    def _hold(self) -> None:
        if not self._command & 0b01000:
            self.violations.append("differential inputs")
        number = self._command & 0b111
        now_ns = self._chip.ns
        signal = self.inputs.get(number)
        self._code = signal(now_ns) if signal else 0
        self.samples.append(Sample(number, now_ns, self._code))

    def _put_out(self) -> None:
        self._miso.set_input_value(self._bit)
