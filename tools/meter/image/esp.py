"""An ESP32's flash file: are the bootloader and the program in it whole?

Layout: Espressif's "Firmware Image Format" of esptool, "Partition Tables" of ESP-IDF. A program is
a head, segments, a byte that checks them at the end of a row of 16, and mostly a SHA-256 of all.
"""

import hashlib
import struct
from functools import reduce
from operator import xor

from meter.errors import UsageError

MAGIC, SEED = 0xE9, 0xEF
HEAD, SEGMENT = 24, struct.Struct("<2I")  # address, length
HAS_SHA256 = 23  # which byte of the head says it
ROW = 16
TABLE_AT, TABLE_END = 0x8000, 0x8C00
ENTRY = struct.Struct("<HBB2I20x")  # magic, kind, kind of that kind, place, size; name, flags
ENTRY_MAGIC, PROGRAM = 0x50AA, 0


def check(content: bytes, begins_at: int) -> None:
    """UsageError unless all programs are whole of a file that begins there in the flash."""
    places = [begins_at, *_programs(content[TABLE_AT - begins_at : TABLE_END - begins_at])]
    if len(places) < 2:
        raise UsageError("this file is no ESP32's flash: it has no table of partitions")
    for at in places:
        if not _whole(content[at - begins_at :]):
            raise UsageError(f"this file is damaged or not whole: the program at {at:#x}")


def _programs(table: bytes) -> list[int]:
    """Where the table says that programs are, in the flash."""
    whole = table[: len(table) // ENTRY.size * ENTRY.size]
    entries = ENTRY.iter_unpack(whole)
    return [at for magic, kind, _, at, _ in entries if magic == ENTRY_MAGIC and kind == PROGRAM]


def _whole(program: bytes) -> bool:
    if len(program) < HEAD or program[0] != MAGIC:
        return False
    at, checked = HEAD, SEED
    for _ in range(program[1]):
        if at + SEGMENT.size > len(program):
            return False
        _, size = SEGMENT.unpack_from(program, at)
        at += SEGMENT.size
        checked = reduce(xor, program[at : at + size], checked)
        at += size
    at += ROW - at % ROW  # the check is the last byte of its row
    if at > len(program) or program[at - 1] != checked:
        return False
    digest = hashlib.sha256(program[:at]).digest()
    return not program[HAS_SHA256] or program[at : at + len(digest)] == digest
