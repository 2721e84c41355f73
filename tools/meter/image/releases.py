"""MicroPython as released, by its board's name there, and where it keeps its files.

The hashes are those that others publish of the files of micropython.org, those of RPI_PICO and
RPI_PICO2_W also of such files that others keep; none was checked by us against that site.

Where files lie: MICROPY_HW_FLASH_STORAGE_BYTES of ports/rp2/boards; on an ESP32 behind the last
partition (ports/esp32/main.c), to the end of the flash. That is 4 MB of a module here, 8 MB of an
ESP32-S3: it must be the true size, or MicroPython does not find them.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """files_at: an address of the chip's bus in UF2, else a place in the flash

    begins_at  where in the flash the released file begins; None: a UF2 says it itself
    """

    file: str
    sha256: str
    machine: str  # what it calls itself
    files_at: int
    files_bytes: int
    begins_at: int | None = None


ROWS = {
    "RPI_PICO": Row(
        "RPI_PICO-20260406-v1.28.0.uf2",
        "00aedb8431ebea83b470ef909509f16432c5b1b43e8f6eaf015f6f9560bc8152",
        "Raspberry Pi Pico with RP2040",
        0x100A_0000,
        1408 << 10,
    ),
    "RPI_PICO_W": Row(
        "RPI_PICO_W-20260406-v1.28.0.uf2",
        "a0210c9c8a085391cb66f530c298a5a4fb804a9d072289254c24df5fdf210f7a",
        "Raspberry Pi Pico W with RP2040",
        0x1012_C000,
        848 << 10,
    ),
    "RPI_PICO2": Row(
        "RPI_PICO2-20260406-v1.28.0.uf2",
        "e65ad62ae886a4f56da8ef2c07904fe504b92de69e5ae6489acf881bcf30b6ae",
        "Raspberry Pi Pico2 with RP2350",
        0x1010_0000,
        3072 << 10,
    ),
    "RPI_PICO2_W": Row(
        "RPI_PICO2_W-20260406-v1.28.0.uf2",
        "686f0d0bd427ca68d149016808f95765df7921c5845d22ff8ebaec287300fce4",
        "Raspberry Pi Pico 2 W with RP2350",
        0x1018_0000,
        2560 << 10,
    ),
    "ESP32_GENERIC": Row(
        "ESP32_GENERIC-20260406-v1.28.0.bin",
        "cd7820d02c35d34dd403b44263129c6a511b350aea8446c229890753fe240784",
        "Generic ESP32 module with ESP32",
        0x20_0000,
        2048 << 10,
        0x1000,
    ),
    "ESP32_GENERIC_S3": Row(
        "ESP32_GENERIC_S3-20260406-v1.28.0.bin",
        "8c6039d40024cae3c6b04bb434f77901548f5487df9789af15548c54f9e11d7f",
        "Generic ESP32S3 module with ESP32S3",
        0x20_0000,
        6144 << 10,
        0x0,
    ),
}
