"""An ESP32 DevKit with an ATM90E32AS and three voltages: where things are wired. Data only."""

NAME = "esp32_atm90e32_3v"
ARCH = "xtensawin"  # mpy-cross -march
CHANNELS = ("L1", "L2", "EV", "V", "V2", "V3")  # what the CTs are around; the sensors
ATM90E32 = {  # the SPI of the chip, in GPIO numbers
    "id": 2,
    "sck": 18,
    "mosi": 23,
    "miso": 19,
    "cs": 5,
    "idle": (),
    "mode": 3,
    "baud": 500_000,
    "phases": (0, 1, 2),  # the chip's phase of each CT
}
SPAN_MV = 2036  # from peak to peak: 720 mV RMS at the chip's inputs
LINE = {"uart": 2, "tx": 17, "rx": 16, "de": 21}  # RS-485: UART number, GPIOs; de is high to send
METER_LINE = {"uart": 1, "tx": 25, "rx": 26, "de": 22}  # second line: to answer as a meter
FREE_PINS = (4, 13, 27, 32, 33)  # GPIOs that nothing is wired to: for relays, contacts
NTC_PIN = 33  # of ADC1, one of the free ones: for an NTC
RADIO = True  # Wi-Fi: its settings and headroom/network/ are loaded
WATCHDOG_MS = 8000

# For the wiring diagram: pins of the header, and what feeds the transceiver.
TITLE = "ESP32 DevKit and an ATM90E32AS with three voltages"
HEADER = {}  # printed with the GPIO's number
POWER = ("3V3", "GND")
SOCKETS = ("I1P, I1N", "I2P, I2N", "I3P, I3N", "V1P, V1N", "V2P, V2N", "V3P, V3N")  # its pins
NOTES = (
    "Before each of the chip's pins 1 kΩ and the capacitor of its application note.",
    "legs 1 or 2: the sensor of L1 is at V1P, V2P and V3P together.",
)
BURDEN_OHM = 22
