"""What a UART hears of another format: worked out by hand, bit by bit, low first on the wire."""

import pytest

from lab.sim.chargers.model import SerialFormat
from lab.sim.uart import heard

SLOW, FAST = SerialFormat(9600, "N", 1), SerialFormat(19200, "N", 1)
EVEN, ODD, TWO = SerialFormat(9600, "E", 1), SerialFormat(9600, "O", 1), SerialFormat(9600, "N", 2)
EVERY = bytes(range(256))


@pytest.mark.parametrize(
    ("sender", "byte", "receiver", "kept"),
    [
        (SLOW, 0xFF, FAST, b"\xfe"),  # the start bit lasts for two of its bits
        (SLOW, 0x00, FAST, b""),  # low where it looks for the stop bit
        (FAST, 0xFE, SLOW, b"\xff"),  # two bits low are one of its bits: the start
        (SLOW, 0x01, EVEN, b"\x01"),  # an odd number: the stop bit passes for its parity
        (SLOW, 0x03, EVEN, b""),
        (EVEN, 0x01, SLOW, b"\x01"),  # its parity passes for a stop bit
        (EVEN, 0x03, SLOW, b""),
        (EVEN, 0x01, ODD, b""),
        (TWO, 0xA5, SLOW, b"\xa5"),
    ],
)
def test_one_character(sender, byte, receiver, kept):
    assert heard(bytes([byte]), sender, receiver) == kept


@pytest.mark.parametrize("form", [SLOW, FAST, EVEN, ODD, TWO])
def test_its_own_format_and_one_that_nobody_knows_are_heard_whole(form):
    assert (
        heard(EVERY, form, form) == heard(EVERY, None, form) == heard(EVERY, form, None) == EVERY
    )


def test_clocks_that_differ_by_2_percent_do_not_matter():
    assert heard(EVERY, SLOW, SerialFormat(9800, "N", 1)) == EVERY
    assert heard(EVERY, SLOW, SerialFormat(10600, "N", 1)) != EVERY
