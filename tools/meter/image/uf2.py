"""UF2, the format of a Pico's drive: blocks of 512 bytes that name where their content goes.

Layout and numbers: the UF2 specification; the RP2350's second family is an erratum's (E10).
"""

import struct
from dataclasses import dataclass, replace

from meter.errors import UsageError

HEAD, TAIL = struct.Struct("<8I"), struct.Struct("<I")
MAGIC, MAGIC_2, MAGIC_END = 0x0A324655, 0x9E5D5157, 0x0AB16F30
BLOCK, PAGE = 512, 256
HAS_FAMILY = 0x2000
FAMILIES = {"RP2040": 0xE48BFF56, "RP2350": 0xE48BFF59}  # the latter as an ARM


@dataclass(frozen=True)
class Page:
    """What one block writes: `data` at `address`, `number` of `count` of its family."""

    flags: int
    address: int
    number: int
    count: int
    family: int
    data: bytes
    rest: bytes  # of the 476 bytes, what is not content


def read(content: bytes) -> list[Page]:
    """The pages of a file. UsageError if it is none."""
    pages = []
    for at in range(0, len(content), BLOCK):
        block = content[at : at + BLOCK]
        whole = len(block) == BLOCK and block[:8] == struct.pack("<2I", MAGIC, MAGIC_2)
        if not whole or block[-4:] != TAIL.pack(MAGIC_END):
            raise UsageError(f"this is no UF2 file: byte {at} begins no block")
        _, _, flags, address, size, number, count, family = HEAD.unpack_from(block)
        body = block[HEAD.size : -TAIL.size]
        pages.append(Page(flags, address, number, count, family, body[:size], body[size:]))
    if not pages:
        raise UsageError("this is no UF2 file: it is empty")
    return pages


def write(pages: list[Page]) -> bytes:
    blocks = []
    for page in pages:
        head = HEAD.pack(
            MAGIC, MAGIC_2, page.flags, page.address, len(page.data), page.number, page.count,
            page.family,
        )  # fmt: skip
        blocks.append(head + page.data + page.rest + TAIL.pack(MAGIC_END))
    return b"".join(blocks)


def program(pages: list[Page], machine: str) -> bytes:
    """What the pages for that machine's chip hold, one behind the other; b"" if there are none.

    UsageError unless they are all there, each once: a board with half a program does not start.
    """
    own = [page for page in pages if page.family == _family(machine)]
    if [(page.number, page.count) for page in own] != [(n, len(own)) for n in range(len(own))]:
        raise UsageError("this UF2 file is not whole, or not in its order: get it anew")
    return b"".join(page.data for page in own)


def with_content(pages: list[Page], machine: str, address: int, content: bytes) -> list[Page]:
    """These pages, and `content` at `address` in pages for that machine's chip, counted anew.

    UsageError if the program reaches into it.
    """
    family = _family(machine)
    end = max(page.address + len(page.data) for page in pages if page.family == family)
    if end > address:
        raise UsageError(f"this MicroPython is too long: it reaches to {end:#x}, not {address:#x}")
    more = [
        Page(HAS_FAMILY, address + at, 0, 0, family, content[at : at + PAGE], bytes(476 - PAGE))
        for at in range(0, len(content), PAGE)
    ]
    own = [page for page in pages if page.family == family] + more
    numbered = [replace(page, number=n, count=len(own)) for n, page in enumerate(own)]
    return [page for page in pages if page.family != family] + numbered


def _family(machine: str) -> int:
    return FAMILIES[machine.rpartition(" ")[2]]
