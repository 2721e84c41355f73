"""MicroPython on a PC: the samples, the line and the console are files. Data only.

The sources run as they are, so there is no ARCH to compile for, and no pins.
"""

NAME = "unix"
CHANNELS = ("L1", "L2", "EV")  # the order within a frame of samples
VOLTAGE = "EV"  # the channel whose input a voltage sensor may take instead
RATE_HZ = 7680  # frames a second: 128 a cycle at 60 Hz
VREF_MV = 3300  # what the largest count stands for
ADC_BITS = 12
ADC_STEP = 0  # counts that the converter swallows at 512, 1536, 2560 and 3584
ADC_SLOPE_PPM = 1_000_000  # mA per count, against an ideal converter
LINE = {}  # the path of the pty comes from the environment
METER_LINE = {}  # the second RS-485 line, to answer as a meter
FREE_PINS = (10, 11, 12, 13)  # for relays, contacts: files, see ports/unix_pins.py
RADIO = True  # the PC's own network stands for it
WATCHDOG_MS = 8000
BURDEN_OHM = 22  # of the simulated front end
