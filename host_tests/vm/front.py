"""Garbage made between two collections, with holes and a wall before the front of the heap."""

import gc
import json

from headroom import memory

PIECE = 512
holes = [bytearray(8) for _ in range(400)]
wall = bytearray(16384)
for at in range(0, len(holes), 2):
    holes[at] = None
memory.reserve()
memory.built(())

made = []
since = 0
before = gc.mem_free()
while len(made) < 5:
    bytes(PIECE)
    since += PIECE
    memory.tidy()
    free = gc.mem_free()
    if free > before:
        made.append(since)
        since = 0
    before = free
print(json.dumps(made))
