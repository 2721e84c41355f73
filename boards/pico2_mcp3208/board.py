"""Raspberry Pi Pico 2 or Pico 2 W (RP2350) with an MCP3208: where things are wired. Data only."""

NAME = "pico2_mcp3208"
ARCH = "armv7emsp"  # mpy-cross -march
CHANNELS = ("L1", "L2", "L3", "EV", "V")  # what is at inputs 0 to 4: CTs, a voltage sensor
MCP3208 = {"miso": 16, "cs": 17, "sck": 18, "mosi": 19}  # GPIOs; sck is the one after cs
RATE_HZ = 7680  # samples a second of each channel: 128 a cycle at 60 Hz
VREF_MV = 3000  # what the largest count stands for
ADC_BITS = 12
ADC_STEP = 0  # counts that the converter swallows at 512, 1536, 2560 and 3584
ADC_SLOPE_PPM = 1_000_000  # mA per count, against an ideal converter
LINE = {"uart": 0, "tx": 0, "rx": 1, "de": 2}  # RS-485: UART number, GPIOs; de is high to send
METER_LINE = {"uart": 1, "tx": 4, "rx": 5, "de": 6}  # the second RS-485 line, to answer as a meter
FREE_PINS = (
    10,
    11,
    12,
    13,
    14,
    15,
    20,
    21,
    22,
)  # GPIOs that nothing is wired to: for relays, contacts
CHIP_SENSOR = True  # its own temperature can be read
RADIO = True  # of a Pico 2 W
WATCHDOG_MS = 8000  # the chip takes 8388 at most

# For the wiring diagram: pins of the header, and what feeds the front end and the transceiver.
TITLE = "Raspberry Pi Pico 2 with an MCP3208"
HEADER = {
    16: 21,
    17: 22,
    18: 24,
    19: 25,
    0: 1,
    1: 2,
    2: 4,
    4: 6,
    5: 7,
    6: 9,
    "3V3": 36,
    "GND": 3,
    "VSYS": 39,
}
ANALOG = ("VREF", "AGND")  # of the MCP3208
REFERENCE = "REF3030"
POWER = ("3V3", "GND")
SUPPLY = "VSYS"  # 5 V in, through a Schottky diode
BURDEN_OHM = 16
