"""MicroPython for this board as released, and where it keeps its files: for the image. Data only.

The hashes are those that others publish of the files of micropython.org; none here was
downloaded by us. "" where we know of none: then the file must be given.
"""

# The files take what is behind the program (2 MB) to the end of the flash: 4 MB here. It must be
# the module's true size, or MicroPython does not find them.
IMAGE_AT = 0x1000
RELEASES = (
    {
        "file": "ESP32_GENERIC-20260406-v1.28.0.bin",
        "sha256": "cd7820d02c35d34dd403b44263129c6a511b350aea8446c229890753fe240784",
        "machine": "Generic ESP32 module with ESP32",
        "files_at": 0x20_0000,
        "files_bytes": 2 << 20,
    },
)
