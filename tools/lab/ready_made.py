"""The wiring of a board whose front end is ready made: what is plugged in, and RS-485."""

from typing import Any

from lab import svg

WIDTH, BOX_X, BOX_W, TOP, GAP = 1290, 470, 200, 126, 40


def draw(board: dict[str, Any], style: str, lines: list[str]) -> str:
    """lines: the RS-485 lines, drawn."""
    chip = board["ATM90E32"]
    bottom = TOP + 11 * GAP + 40
    parts = [
        *svg.head(WIDTH, bottom + 120, style, board["TITLE"]),
        svg.box(BOX_X, TOP - 30, BOX_W, bottom - TOP + 30, board["NAME"]),
    ]
    for i, (name, socket) in enumerate(zip(board["CHANNELS"], board["SOCKETS"], strict=True)):
        y = TOP + GAP * i
        parts += [
            svg.text(20, y + 4, name),
            svg.wire((200, y), (BOX_X, y)),
            svg.text(BOX_X + 6, y + 4, socket),
        ]
        if name == "EV":
            parts.append(svg.text(50, y + 4, "or L3", "small"))
    pins = [chip[pin] for pin in ("sck", "mosi", "miso", "cs")] + list(chip["idle"])
    for i, gpio in enumerate(pins):
        parts.append(svg.text(BOX_X + 6, TOP + GAP * (7 + i) + 4, f"GPIO{gpio}, on the board"))
    notes = (
        *board["NOTES"],
        "Three-phase service (legs 3): the third CT is around L3; there is no EV CT then.",
        "RS-485: the 390 Ω once on a line, and none on the second; the 4.7 kΩ keep a board that "
        "resets from sending.",
    )
    parts += lines
    parts += [svg.text(20, bottom + 36 + 20 * i, note) for i, note in enumerate(notes)]
    return "\n".join([*parts, "</svg>\n"])
