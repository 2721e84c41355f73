"""CircuitSetup's Expandable 6 Channel Energy Meter with an ESP32 DevKit: its wires. Data only.

Only its first ATM90E32AS is used: CT1 to CT3 and the AC adapter.
"""

NAME = "esp32_atm90e32"
ARCH = "xtensawin"  # mpy-cross -march
CHANNELS = ("L1", "L2", "EV", "V")  # what CT1, CT2, CT3 are around; the adapter
ATM90E32 = {  # the SPI of the chip, in GPIO numbers; idle: chip select of the second one
    "id": 2,
    "sck": 18,
    "mosi": 23,
    "miso": 19,
    "cs": 5,
    "idle": (4,),
    "mode": 3,
    "baud": 500_000,
    "phases": (0, 1, 2),  # the chip's phase of each CT
}
SPAN_MV = 2036  # from peak to peak: 720 mV RMS at the chip's inputs
LINE = {"uart": 2, "tx": 17, "rx": 16, "de": 21}  # RS-485: UART number, GPIOs; de is high to send
METER_LINE = {"uart": 1, "tx": 25, "rx": 26, "de": 22}  # second line: to answer as a meter
FREE_PINS = (13, 27, 32, 33)  # GPIOs that nothing is wired to: for relays, contacts
NTC_PIN = 33  # of ADC1, one of the free ones: for an NTC
RADIO = True  # Wi-Fi: its settings and headroom/network/ are loaded
WATCHDOG_MS = 8000

# For the wiring diagram: pins of the header, and what feeds the transceiver.
TITLE = "CircuitSetup 6-channel meter with an ESP32 DevKit"
HEADER = {}  # printed with the GPIO's number
POWER = ("3V3", "GND")
SOCKETS = ("CT1", "CT2", "CT3", "AC adapter")  # where each of CHANNELS is plugged in
NOTES = (
    "The ESP32 plugs into the meter board, 3V3 at the upper left. The adapter feeds both: "
    "never USB at the same time.",
)
BURDEN_OHM = 22  # on the meter board
