"""The wiring diagram of a board, drawn from the same board.py that the firmware uses."""

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

WIDTH = 980
ROW, TOP = 64, 116
CT_X, BURDEN_X, SERIES_X = 60, 150, 250
BOARD_X, BOARD_W = 380, 170
CHIP_X, CHIP_W = 680, 110
CHARGER_X, CHARGER_W = 880, 80
STYLE = """
text{font:13px sans-serif;fill:#222}.small{font-size:11px;fill:#555}
.title{font-size:17px;font-weight:bold}
line,polyline,rect,circle{stroke:#222;stroke-width:1.5;fill:none}.box{fill:#f3f6fa}.part{fill:#fff}
.dot{fill:#222}.warn{fill:#a11;font-weight:bold}
"""


def write(board: dict[str, Any], path: Path) -> None:
    """Draw a board as SVG into `path`."""
    path.write_text(draw(board), encoding="utf-8")


def draw(board: dict[str, Any]) -> str:
    """The SVG of a board's data (see boards/pico/board.py)."""
    channels = list(zip(board["CHANNELS"], board["ADC_PINS"], strict=True))
    bias_y = TOP + ROW * len(channels) + 20
    height = bias_y + 130
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="sans-serif"><style>{STYLE}</style>',
        f'<rect width="{WIDTH}" height="{height}" style="fill:#fff;stroke:none"/>',
        _text(20, 30, board["TITLE"], "title"),
        _text(
            20,
            52,
            "Mains voltage kills: inside the panel this is work for an electrician.",
            "warn",
        ),
        _box(BOARD_X, TOP - 30, BOARD_W, bias_y - TOP + 110, board["NAME"]),
    ]
    for i, (name, gpio) in enumerate(channels):
        parts += _channel(board, name, gpio, TOP + ROW * i, bias_y)
    parts += _bias(board, bias_y) + _line(board, TOP)
    return "\n".join([*parts, "</svg>\n"])


def _channel(board: dict[str, Any], name: str, gpio: int, y: int, bias_y: int) -> list[str]:
    """CT, burden, series resistor with its clamp, pin."""
    low = y + 30
    return [
        f'<circle cx="{CT_X}" cy="{y + 15}" r="13" class="part"/>',
        _text(CT_X - 44, y + 20, name),
        _wire((CT_X, y + 2), (CT_X, y), (SERIES_X - 20, y)),
        _wire((CT_X, y + 28), (CT_X, low), (BURDEN_X + 30, low), (BURDEN_X + 30, bias_y)),
        _dot(BURDEN_X + 30, low),
        _resistor(BURDEN_X - 8, y, 16, 30, ""),
        _text(BURDEN_X - 58, y + 20, f"{board['BURDEN_OHM']} Ω", "small"),
        _resistor(SERIES_X - 20, y - 7, 40, 14, "1 kΩ"),
        _wire((SERIES_X + 20, y), (BOARD_X, y)),
        _text(SERIES_X + 28, y + 16, "10 nF, BAT54S", "small"),
        _text(SERIES_X + 28, y + 29, "to GND and 3.3 V", "small"),
        _text(BOARD_X + 6, y + 4, _pin(board, gpio)),
    ]


def _bias(board: dict[str, Any], y: int) -> list[str]:
    """Half of the reference, for all CTs."""
    top, ground = board["ANALOG"]
    x = BURDEN_X + 30
    return [
        _wire((x, y), (SERIES_X - 20, y)),
        _text(20, y - 4, "bias VREF/2"),
        _text(20, y + 12, "10 µF to analog ground", "small"),
        _resistor(SERIES_X - 20, y - 7, 40, 14, "10 kΩ"),
        _wire((SERIES_X + 20, y), (BOARD_X, y)),
        _text(BOARD_X + 6, y + 4, _power(board, top)),
        _dot(SERIES_X - 50, y),
        _wire((SERIES_X - 50, y), (SERIES_X - 50, y + 40), (SERIES_X - 20, y + 40)),
        _resistor(SERIES_X - 20, y + 33, 40, 14, "10 kΩ"),
        _wire((SERIES_X + 20, y + 40), (BOARD_X, y + 40)),
        _text(BOARD_X + 6, y + 44, _power(board, ground)),
    ]


def _line(board: dict[str, Any], top: int) -> list[str]:
    """RS-485: the board's UART, the transceiver, the charger."""
    pins = board["LINE"]
    right = BOARD_X + BOARD_W
    rows = [(_pin(board, pins["tx"]), "DI"), (_pin(board, pins["rx"]), "RO")]
    if "de" in pins:
        rows.append((_pin(board, pins["de"]), "DE + /RE"))
    rows += [(_power(board, board["POWER"][0]), "VCC"), (_power(board, board["POWER"][1]), "GND")]
    gap = 34
    parts = [_box(CHIP_X, top - 30, CHIP_W, gap * len(rows) + 30, "MAX3485")]
    parts.append(_text(CHIP_X, top + gap * len(rows) + 18, "or THVD1450", "small"))
    for i, (pin, name) in enumerate(rows):
        y = top + gap * i
        parts.append(_text(right - 6, y + 4, pin, end=True))
        parts.append(_wire((right, y), (CHIP_X, y)))
        parts.append(_text(CHIP_X + 6, y + 4, name))
    parts.append(_box(CHARGER_X, top - 30, CHARGER_W, 3 * gap + 30, "charger"))
    for i, name in enumerate(("A", "B", "GND")):
        y = top + gap * i
        parts.append(_wire((CHIP_X + CHIP_W, y), (CHARGER_X, y)))
        parts.append(_text(CHIP_X + CHIP_W - 6, y + 4, name, end=True))
        parts.append(_text(CHARGER_X + 6, y + 4, name))
    middle = (CHIP_X + CHIP_W + CHARGER_X) // 2
    parts.append(_resistor(middle - 7, top, 14, gap, ""))
    parts.append(_text(middle - 40, top + 3 * gap + 20, "120 Ω at both ends", "small"))
    parts.append(_text(middle - 40, top + 3 * gap + 34, "of a twisted pair", "small"))
    return parts


def _pin(board: dict[str, Any], gpio: int) -> str:
    number = board["HEADER"].get(gpio)
    return f"GPIO{gpio}" + (f" · {number}" if number else "")


def _power(board: dict[str, Any], name: str) -> str:
    number = board["HEADER"].get(name)
    return name + (f" · {number}" if number else "")


def _box(x: int, y: int, width: int, height: int, name: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" class="box"/>' + _text(
        x + width // 2, y - 8, name, middle=True
    )


def _resistor(x: int, y: int, width: int, height: int, name: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" class="part"/>' + (
        _text(x + width // 2, y + height - 3, name, "small", middle=True) if name else ""
    )


def _wire(*points: tuple[int, int]) -> str:
    return f'<polyline points="{" ".join(f"{x},{y}" for x, y in points)}"/>'


def _dot(x: int, y: int) -> str:
    """A joint; wires that cross without one do not touch."""
    return f'<circle cx="{x}" cy="{y}" r="3" class="dot"/>'


def _text(
    x: int, y: int, text: str, style: str = "", end: bool = False, middle: bool = False
) -> str:
    anchor = "end" if end else "middle" if middle else "start"
    return f'<text x="{x}" y="{y}" class="{style}" text-anchor="{anchor}">{escape(text)}</text>'
