"""A line chart in a terminal: two by four dots a character, as Braille has them."""

from collections.abc import Sequence

from rich.text import Text

_BRAILLE = 0x2800
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # by row and column of a cell
_SCALE_WIDTH = 7


def chart(
    lines: Sequence[tuple[Sequence[float], str]],
    highest: float,
    width: int,
    height: int,
) -> Text:
    """`lines` of (values, colour), newest value at the right; of later lines in front.

    The scale goes from 0 to `highest`; a value takes one dot of the width, older ones fall off.
    """
    columns = max(1, width - _SCALE_WIDTH)
    cells = [[0] * columns for _ in range(height)]
    colours = [[""] * columns for _ in range(height)]
    dots = 4 * height - 1
    for values, colour in lines:
        shown = list(values)[-2 * columns :]
        before = None
        for x, value in enumerate(shown, start=2 * columns - len(shown)):
            y = dots - round(min(max(value / highest, 0.0), 1.0) * dots)
            for step in _between(before, y):
                cells[step // 4][x // 2] |= _DOTS[step % 4][x % 2]
                colours[step // 4][x // 2] = colour
            before = y
    text = Text(no_wrap=True)
    for row in range(height):
        at = highest * (1 - row / max(1, height - 1))
        label = f"{at:5.0f} ┤" if row in (0, height // 2, height - 1) else "      │"
        text.append(label, style="dim")
        for cell, colour in zip(cells[row], colours[row], strict=True):
            text.append(chr(_BRAILLE + cell) if cell else " ", style=colour)
        text.append("\n" if row < height - 1 else "")
    return text


def _between(before: int | None, y: int) -> range:
    """The dots that join one value to the next."""
    if before is None or before == y:
        return range(y, y + 1)
    return range(before + 1, y + 1) if y > before else range(y, before)
