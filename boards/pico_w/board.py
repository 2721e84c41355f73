"""Raspberry Pi Pico W (RP2040): where things are wired. Data only."""

NAME = "pico_w"
ARCH = "armv6m"  # mpy-cross -march
CHANNELS = ("L1", "L2", "EV")  # what each CT is around, in the order of ADC_PINS
VOLTAGE = "EV"  # the channel whose input a voltage sensor may take instead
ADC_PINS = (26, 27, 28)  # GPIO numbers: ADC0, ADC1, ADC2
RATE_HZ = 7680  # samples a second of each channel: 128 a cycle at 60 Hz
VREF_MV = 3300  # what the largest count stands for
ADC_BITS = 12
ADC_STEP = (
    10  # counts that the converter swallows at 512, 1536, 2560 and 3584 (erratum RP2040-E11)
)
ADC_SLOPE_PPM = 997_200  # mA per count, against an ideal converter
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
RADIO = True  # Wi-Fi: its settings and headroom/network/ are loaded
WATCHDOG_MS = 8000  # the chip takes 8388 at most

# For the wiring diagram: pins of the header, and what feeds the front end and the transceiver.
TITLE = "Raspberry Pi Pico W"
HEADER = {
    26: 31,
    27: 32,
    28: 34,
    0: 1,
    1: 2,
    2: 4,
    4: 6,
    5: 7,
    6: 9,
    "ADC_VREF": 35,
    "AGND": 33,
    "3V3": 36,
    "GND": 3,
    "VSYS": 39,
}
ANALOG = ("ADC_VREF", "AGND")
POWER = ("3V3", "GND")
SUPPLY = "VSYS"  # 5 V in, through a Schottky diode
BURDEN_OHM = 18
