"""MicroPython for this board as released, and where it keeps its files: for the image. Data only.

The hashes are those that others publish of the files of micropython.org; none here was
downloaded by us. "" where we know of none: then the file must be given.
"""

RELEASES = (
    {
        "file": "RPI_PICO-20260406-v1.28.0.uf2",
        "sha256": "",
        "machine": "Raspberry Pi Pico with RP2040",
        "files_at": 0x100A_0000,
        "files_bytes": 1408 << 10,
    },
)
