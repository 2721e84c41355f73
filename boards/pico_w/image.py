"""For `make image`: the board's names at MicroPython, the usual one first. Data only."""

MICROPYTHON = ("RPI_PICO_W",)
