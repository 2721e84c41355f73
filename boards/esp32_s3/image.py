"""For `make image`: the board's names at MicroPython, the usual one first. Data only."""

MICROPYTHON = ("ESP32_GENERIC_S3",)
