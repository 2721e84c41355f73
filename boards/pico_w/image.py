"""MicroPython for this board as released, and where it keeps its files: for the image. Data only.

The hashes are those that others publish of the files of micropython.org; none here was
downloaded by us. "" where we know of none: then the file must be given.
"""

RELEASES = (
    {
        "file": "RPI_PICO_W-20260406-v1.28.0.uf2",
        "sha256": "a0210c9c8a085391cb66f530c298a5a4fb804a9d072289254c24df5fdf210f7a",
        "machine": "Raspberry Pi Pico W with RP2040",
        "files_at": 0x1012_C000,
        "files_bytes": 848 << 10,
    },
)
