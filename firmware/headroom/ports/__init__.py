"""The only files that import machine, rp2 or esp32. This page is their interface.

`current()` gives the module for the chip we run on. Such a module has

    Sampler(board)      the ADC, sampling all channels at a fixed rate without the processor
        .channels       how many; legs first, the EV branch last
        .rate_hz        frames a second (a frame is one sample of each channel)
        .samples        array("H"): a ring of `frames` frames of counts, channels interleaved
        .frames         length of the ring
        .spacing_ppm    from one channel's sample to the next one's, in millionths of a frame
        .advance()      how many frames have arrived since the last call; call it at least once
                        a ring length. Never blocks, allocates nothing.
        .lost_frames    how many never reached the ring, or were overwritten unread
        .jitter_us      worst lateness of a frame; 0 where hardware keeps the rate

    Line(board)         the RS-485 line, half duplex; Line(board, "METER_LINE") the second one
        .open(baud, parity, stop)   parity "N", "E" or "O"; cheap if nothing changes
        await .send(frame)          returns when the last stop bit has left and the driver is off
        .read_into(buffer)          bytes received since, without waiting; how many were stored
        .send_now(frame)            blocking send, for the last words of a dying firmware
        .sending()                  True until the driver is off: no time to write to the flash,
                                    which holds up interrupts for 45 ms an erase on RP2040

        Sampler(board, True), of RP2040 and RP2350 with the chip's own converter: each frame ends
        with the chip's own temperature; Sampler(board, names), with an MCP3208: a frame has no
        more than these of board.CHANNELS

    A board with a metering chip has Spi in place of Sampler, see spi.py. Single conversions, for a
    thermometer that is not among what is sampled, are in analog.py; I2C is in i2c.py and, of a PC,
    in unix_i2c.py. options.py chooses among those.

    Single pins, for relays and contacts, are in pins.py and, of a PC, in unix_pins.py: an output
    is low when it is made, and a contact is 0 only while it is closed and pulls its pin down.

    Terminal(board)     the console's byte stream; neither call ever waits
        .read_into(buffer)          how many bytes were typed
        .write(buffer, count)       how many of the first `count` bytes the host took

    Watchdog(board)     .feed(); from its creation on, a firmware that stops feeding is reset
    reset()             restart the board; does not return
    reset_cause()       why we started, in plain words
    identity()          hexadecimal digits that no other board has
    data_folder(board)  where settings are kept
    stay_reachable(board)   called by boot.py and after Ctrl-C: if a watchdog already runs that
                        can't be stopped, keep it fed for half an hour, so that mpremote can work
"""

import sys


def current():
    """The port module for this chip."""
    if sys.platform == "rp2":
        from . import rp2 as port
    elif sys.platform == "esp32":
        from . import esp32 as port
    else:
        from . import unix as port
    return port


def sampler(port, board, names, chip_sensor=False):
    """The Sampler of the front end that the board has; its module is loaded only there.

    names        what of board.CHANNELS is sampled, where its front end can leave something out
    chip_sensor  each frame ends with the chip's own temperature, where its own converter samples
    """
    if hasattr(board, "MCP3208"):
        from .rp2_mcp3208 import Sampler

        return Sampler(board, names)
    return port.Sampler(board, True) if chip_sensor else port.Sampler(board)


def runtime():
    """Version of the MicroPython underneath, like "1.28.0"."""
    version = sys.implementation.version
    text = ".".join(str(number) for number in version[:3])
    return text + "-" + version[3] if len(version) > 3 and version[3] else text


def folder():
    """The one that we run from, "a" or "b"; "" if we are in the image, or lie beside boot.py."""
    path = sys.path[0]
    return path[1] if path[:3] in ("/a", "/b", "/a/", "/b/") else ""
