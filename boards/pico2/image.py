"""MicroPython for this board as released, and where it keeps its files: for the image. Data only.

The hashes are those that others publish of the files of micropython.org; none here was
downloaded by us. "" where we know of none: then the file must be given.
"""

RELEASES = (
    {
        "file": "RPI_PICO2-20260406-v1.28.0.uf2",
        "sha256": "e65ad62ae886a4f56da8ef2c07904fe504b92de69e5ae6489acf881bcf30b6ae",
        "machine": "Raspberry Pi Pico2 with RP2350",
        "files_at": 0x1010_0000,
        "files_bytes": 3072 << 10,
    },
    {
        "file": "RPI_PICO2_W-20260406-v1.28.0.uf2",
        "sha256": "",
        "machine": "Raspberry Pi Pico 2 W with RP2350",
        "files_at": 0x1018_0000,
        "files_bytes": 2560 << 10,
    },
)
