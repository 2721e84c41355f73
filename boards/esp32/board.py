"""ESP32 DevKit (ESP32-WROOM-32): where things are wired. Data only."""

NAME = "esp32"
ARCH = "xtensawin"  # mpy-cross -march
CHANNELS = ("L1", "L2", "EV")  # what each CT is around, in the order of ADC_PINS
ADC_PINS = (34, 35, 32)  # GPIO numbers, all of ADC1: ADC2 is not to be had while the radio is on
RATE_HZ = 1920  # samples a second of each channel, from a timer: 32 a cycle at 60 Hz
VREF_MV = 3300  # what the largest count stands for
ADC_BITS = 12
ADC_RAILS_MV = (150, 2450)  # between these the converter is straight; outside is "clipped"
ADC_STEP = 0  # counts that the converter swallows at 512, 1536, 2560 and 3584
ADC_SLOPE_PPM = 1_000_000  # mA per count, against an ideal converter
LINE = {"uart": 2, "tx": 17, "rx": 16, "de": 4}  # RS-485: UART number, GPIOs; de is high to send
METER_LINE = {"uart": 1, "tx": 25, "rx": 26, "de": 27}  # second line: to answer as a meter
FREE_PINS = (13, 18, 19, 21, 22, 23, 33)  # GPIOs that nothing is wired to: for relays, contacts
NTC_PIN = 33  # of ADC1, one of the free ones: for an NTC
RADIO = True  # Wi-Fi: its settings and headroom/network/ are loaded
WATCHDOG_MS = 8000

# For the wiring diagram: pins of the header, and what feeds the front end and the transceiver.
TITLE = "ESP32 DevKit"
HEADER = {}  # printed with the GPIO's number
ANALOG = ("3V3", "GND")
POWER = ("3V3", "GND")
SUPPLY = "5V"  # not together with USB
BURDEN_OHM = 10
