"""MicroPython for this board as released, and where it keeps its files: for the image. Data only.

The hashes are those that others publish of the files of micropython.org; none here was
downloaded by us. "" where we know of none: then the file must be given.
"""

# The files take what is behind the program (2 MB) to the end of the flash: 8 MB here. It must be
# the module's true size, or MicroPython does not find them.
IMAGE_AT = 0x0
RELEASES = (
    {
        "file": "ESP32_GENERIC_S3-20260406-v1.28.0.bin",
        "sha256": "8c6039d40024cae3c6b04bb434f77901548f5487df9789af15548c54f9e11d7f",
        "machine": "Generic ESP32S3 module with ESP32S3",
        "files_at": 0x20_0000,
        "files_bytes": 6 << 20,
    },
)
