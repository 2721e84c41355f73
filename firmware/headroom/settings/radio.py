"""The settings of a board with a radio, and what they may be: in memory only there.

A text of the console has no quotation mark, no backslash and no spaces in a row. Whoever has them
in a name or a password writes `hex:` and the bytes, as the page and Improv do.
"""

import binascii

ROWS = (  # of Setting, see table.py
    ("wifi_ssid", "", 0, 68, "", None),
    ("wifi_password", "", 0, 132, "", None),
    ("broker", "", 0, 21, "", None),
    ("broker_user", "", 0, 132, "", None),
    ("broker_password", "", 0, 132, "", None),
    ("name", "meter", 0, 20, "", None),
)
PORT = 1883
_HEX = "hex:"
_BYTES = (("wifi_ssid", 1, 32), ("wifi_password", 8, 63), ("broker_user", 1, 64))
_NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"


def bytes_of(text):
    """What is meant: the bytes after `hex:`, else those of the text; ValueError."""
    if text.startswith(_HEX):
        return binascii.unhexlify(text[len(_HEX) :])
    return text.encode()


def address(text):
    """(IPv4 address, port) of "192.168.1.5" or "192.168.1.5:1883"; ValueError if it is none."""
    host, colon, port = text.partition(":")
    numbers = host.split(".")
    for number in numbers:
        if not (number.isdigit() and int(number) < 256 and number == str(int(number))):
            raise ValueError
    if len(numbers) != 4 or (colon and not (port.isdigit() and 0 < int(port) < 65536)):
        raise ValueError
    return host, int(port) if colon else PORT


def problem(values):
    """Why these can't be, as a sentence; "" if they can."""
    for name, least, most in _BYTES + (("broker_password", 1, 64),):
        if not values[name]:
            continue
        try:
            count = len(bytes_of(values[name]))
        except ValueError:
            return "%s: after hex: stand pairs of 0 to 9 and a to f" % name
        if not least <= count <= most:
            return "%s has %d to %d bytes, or is none" % (name, least, most)
    if values["broker"]:
        try:
            address(values["broker"])
        except ValueError:
            return (
                "broker is an address in numbers, such as 192.168.1.5 or 192.168.1.5:1883, not "
                "'%s': to look a name up may hold the meter up; give your broker a fixed address"
                % values["broker"]
            )
    if values["broker_password"] and not values["broker_user"]:
        return "broker_password needs a broker_user"
    name = values["name"]
    for character in name:
        if character not in _NAME:
            return "name has letters, digits, - and _ alone, not '%s'" % name
    return "" if name else "name has 1 to 20 letters, digits, - and _"
