"""Files of MicroPython as a user has them, made by the specifications of their formats."""

import hashlib
import struct


def program(machine, version="v1.28.0", kb=64):
    text = f"MicroPython {version} on 2026-04-06; {machine}\0".encode()
    return (bytes(1000) + text).ljust(kb << 10, b"\x55")


def esp_program(content, sha256=True):
    """As "Firmware Image Format" of esptool has it: `esptool image-info` finds it valid."""
    head = bytes((0xE9, 2, 2, 0x20)) + struct.pack("<I", 0x40081000) + bytes(15) + bytes((sha256,))
    checked, body = 0xEF, b""
    for address, data in ((0x3F400020, content), (0x40081000, b"\x12\x34\x56\x78")):
        body += struct.pack("<2I", address, len(data)) + data
        for byte in data:
            checked ^= byte
    whole = head + body
    whole += bytes(15 - len(whole) % 16) + bytes((checked,))
    return whole + hashlib.sha256(whole).digest() if sha256 else whole


def esp(machine, begin, **how):
    """A file for the flash: bootloader, partitions with one program, that program."""
    entries = ((1, 2, 0x9000, 0x6000, b"nvs"), (0, 0, 0x10000, 0x1F0000, b"factory"))
    table = b"".join(
        struct.pack("<HBB2I16sI", 0x50AA, kind, sub, at, size, name, 0)
        for kind, sub, at, size, name in entries
    )
    flash = bytearray(b"\xff" * 0x10000)
    for at, part in ((begin, esp_program(b"boot" * 5, sha256=False)), (0x8000, table)):
        flash[at : at + len(part)] = part
    return bytes(flash[begin:]) + esp_program(program(machine, **how))
