"""For `make image`: the board's names at MicroPython, the usual one first. Data only."""

MICROPYTHON = ("RPI_PICO2", "RPI_PICO2_W")
