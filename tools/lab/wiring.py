"""The wiring diagram of a board, drawn from the same board.py that the firmware uses."""

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

FILTER_NF = {7680: 47, 1920: 100}  # anti-alias capacitor of a channel, by its rate in Hz

WIDTH = 1290
ROW, TOP = 74, 126
DEEP = 38  # from a channel's upper wire to its lower one
GAP = 34  # between two pins
CT_X, TVS_X, PLUG_X, BURDEN_X, BUS_X, SERIES_X, FILTER_X = 84, 132, 168, 214, 246, 290, 362
BOARD_X, BOARD_W = 470, 200
CHIP_X, CHIP_W = 820, 110
FAR_X, FAR_W = 1180, 90
STYLE = """
text{font:13px sans-serif;fill:#222}.small{font-size:11px;fill:#555}
.title{font-size:17px;font-weight:bold}
line,polyline,rect,circle{stroke:#222;stroke-width:1.5;fill:none}.box{fill:#f3f6fa}.part{fill:#fff}
.dot{fill:#222}.warn{fill:#a11;font-weight:bold}.plug{stroke-dasharray:5 4;stroke:#777}
"""


def write(board: dict[str, Any], path: Path) -> None:
    """Draw a board as SVG into `path`."""
    path.write_text(draw(board), encoding="utf-8")


def draw(board: dict[str, Any]) -> str:
    """The SVG of a board's data (see boards/pico/board.py)."""
    channels = list(zip(board["CHANNELS"], board["ADC_PINS"], strict=True))
    bias_y = TOP + ROW * len(channels) + 10
    meter_y = TOP + 5 * GAP + 70
    bottom = meter_y + 5 * GAP + 10
    height = bottom + 140
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
        _box(BOARD_X, TOP - 30, BOARD_W, bottom - TOP + 30, board["NAME"]),
        _text(CT_X - 20, TOP - 38, "CT", "small"),
        _text(PLUG_X, TOP - 38, "plug", "small", middle=True),
        _wire((PLUG_X, TOP - 30), (PLUG_X, bias_y - 24), style="plug"),
    ]
    for i, (name, gpio) in enumerate(channels):
        parts += _channel(board, name, gpio, TOP + ROW * i, bias_y)
    parts += _bias(board, bias_y) + _supply(board, bias_y + 100)
    parts += _line(board, board["LINE"], TOP, "charger", idle_bias=True)
    if board.get("METER_LINE"):
        parts += _line(board, board["METER_LINE"], meter_y, "asks us", idle_bias=False)
        parts.append(_text(CHIP_X, meter_y - 54, "Second line: only to answer as a meter"))
    parts += [_text(20, bottom + 36 + 20 * i, note) for i, note in enumerate(_notes(board))]
    return "\n".join([*parts, "</svg>\n"])


def _channel(board: dict[str, Any], name: str, gpio: int, y: int, bias_y: int) -> list[str]:
    """CT with its TVS, plug, burden, series resistor, filter and clamp, pin."""
    low = y + DEEP
    filter_nf = FILTER_NF[min(FILTER_NF, key=lambda rate: abs(rate - board["RATE_HZ"]))]
    label = [_text(20, y + 18, name)]
    if name == "EV":
        label += [_text(20, y + 33, "or L3", "small")]
    return [
        *label,
        f'<circle cx="{CT_X}" cy="{y + DEEP // 2}" r="14" class="part"/>',
        _wire((CT_X, y + 5), (CT_X, y), (SERIES_X, y)),
        _wire((CT_X, y + DEEP - 5), (CT_X, low), (FILTER_X, low)),
        _resistor(TVS_X - 7, y + 6, 14, DEEP - 12, y, low),
        _text(TVS_X - 10, y + 23, "TVS", "small", end=True),
        _resistor(BURDEN_X - 7, y + 6, 14, DEEP - 12, y, low),
        _text(BURDEN_X - 10, y + 23, f"{board['BURDEN_OHM']} Ω", "small", end=True),
        _dot(BUS_X, low),
        _wire((BUS_X, low), (BUS_X, bias_y)),
        _across(SERIES_X, y, "1 kΩ"),
        _wire((SERIES_X + 44, y), (BOARD_X, y)),
        _dot(FILTER_X, y),
        _capacitor(FILTER_X, y, low),
        _text(FILTER_X + 14, y + 23, f"{filter_nf} nF", "small"),
        _dot(BOARD_X - 46, y),
        _text(BOARD_X - 46, y - 6, "BAT54S", "small", middle=True),
        _text(BOARD_X + 6, y + 4, _pin(board, gpio)),
    ]


def _bias(board: dict[str, Any], y: int) -> list[str]:
    """Half of the reference, for all CTs."""
    top, ground = board["ANALOG"]
    x = SERIES_X - 20
    return [
        _wire((BUS_X, y), (SERIES_X, y)),
        _text(20, y + 12, "bias, half of the reference"),
        _text(20, y + 28, "10 µF from it to analog ground", "small"),
        _across(SERIES_X, y, "10 kΩ"),
        _wire((SERIES_X + 44, y), (BOARD_X, y)),
        _text(BOARD_X + 6, y + 4, _power(board, top)),
        _dot(x, y),
        _wire((x, y), (x, y + 40), (SERIES_X, y + 40)),
        _across(SERIES_X, y + 40, "10 kΩ"),
        _wire((SERIES_X + 44, y + 40), (BOARD_X, y + 40)),
        _text(BOARD_X + 6, y + 44, _power(board, ground)),
    ]


def _supply(board: dict[str, Any], y: int) -> list[str]:
    """5 V in."""
    parts = [
        _text(20, y + 4, "5 V from a listed, isolated supply"),
        _wire((BUS_X, y), (BOARD_X, y)),
        _text(BOARD_X + 6, y + 4, _power(board, board["SUPPLY"])),
    ]
    if board["SUPPLY"] != "VSYS":
        return [*parts, _text(SERIES_X - 20, y - 6, "not together with USB", "small")]
    x, tip = SERIES_X, SERIES_X + 16
    return [
        *parts,
        _wire((x, y - 8), (x, y + 8), (tip, y), (x, y - 8)),
        _wire((tip, y - 8), (tip, y + 8)),
        _text(tip + 12, y - 6, "1N5817", "small"),
    ]


def _line(
    board: dict[str, Any], pins: dict[str, int], top: int, far: str, idle_bias: bool
) -> list[str]:
    """RS-485: the board's UART, the transceiver, what it talks to."""
    right = BOARD_X + BOARD_W
    rows = [(_pin(board, pins["tx"]), "DI", ""), (_pin(board, pins["rx"]), "RO", "10 kΩ to 3.3 V")]
    if "de" in pins:
        rows.append((_pin(board, pins["de"]), "DE + /RE", "4.7 kΩ to GND"))
    rows += [
        (_power(board, board["POWER"][0]), "VCC", "100 nF to GND"),
        (_power(board, board["POWER"][1]), "GND", ""),
    ]
    chip = "THVD1450" if "de" in pins else "THVD1426"
    parts = [_box(CHIP_X, top - 30, CHIP_W, GAP * len(rows) + 20, chip)]
    for i, (pin, name, pull) in enumerate(rows):
        y = top + GAP * i
        parts.append(_text(right - 6, y + 4, pin, end=True))
        parts.append(_wire((right, y), (CHIP_X, y)))
        parts.append(_text(CHIP_X + 6, y + 4, name))
        if pull:
            parts += [_dot(right + 80, y), _text(right + 80, y - 6, pull, "small", middle=True)]
    return parts + _pair(top, far, idle_bias)


def _pair(top: int, far: str, idle_bias: bool) -> list[str]:
    """From the transceiver to the other end: idle bias, series resistors, surge clamp, ends."""
    a, b, ground = top, top + GAP, top + 2 * GAP
    left = CHIP_X + CHIP_W
    clamp_x, end_x = left + 170, left + 222
    parts = [
        _box(FAR_X, top - 30, FAR_W, 2 * GAP + 48, far),
        f'<rect x="{clamp_x - 11}" y="{a - 8}" width="22" height="{2 * GAP + 16}" class="part"/>',
        _text(clamp_x, ground + 24, "SM712", "small", middle=True),
        *(_dot(clamp_x, y) for y in (a, b, ground)),
        _resistor(end_x - 7, a + 5, 14, GAP - 10, a, b),
        *(_dot(end_x, y) for y in (a, b)),
        _text(end_x - 12, ground + 42, "120 Ω at both ends", "small"),
        _text(end_x - 12, ground + 56, "of the twisted pair", "small"),
    ]
    for y, name, pull in (
        (a, "A", "390 Ω to 3.3 V"),
        (b, "B", "390 Ω to GND"),
        (ground, "GND", ""),
    ):
        parts.append(_text(left - 6, y + 4, name, end=True))
        parts.append(_wire((left, y), (FAR_X, y)))
        parts.append(_text(FAR_X + 6, y + 4, name))
        if pull:
            parts.append(_across(left + 100, y, "10 Ω"))
        if pull and idle_bias:
            parts += [_dot(left + 48, y), _text(left + 48, y - 6, pull, "small", middle=True)]
    return parts


def _notes(board: dict[str, Any]) -> list[str]:
    mohm = board["BURDEN_OHM"] * 1000
    return [
        f"Burden: by boards/README.md for your CTs. Say what you fitted: set burden_mohm {mohm} "
        f"ev_burden_mohm {mohm}. A 333 mV CT has its own: 470 Ω here instead.",
        "TVS, for a CT with a current output: P6KE10CA, soldered to the CT's leads, "
        "on the CT's side of the plug. "
        "BAT54S: two diodes at each pin, one to 3.3 V and one to analog ground.",
        "Three-phase service (legs 3): the third input is L3, its CT around the third conductor; "
        "there is no EV CT then.",
        "RS-485: the 390 Ω once on a line, and none on the second; the 4.7 kΩ keep a board that "
        "resets from sending.",
        "A number after the dot is printed at the pin of the board.",
    ]


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


def _across(x: int, y: int, name: str) -> str:
    """A resistor in a horizontal wire, its value inside."""
    return f'<rect x="{x}" y="{y - 8}" width="44" height="16" class="part"/>' + _text(
        x + 22, y + 4, name, "small", middle=True
    )


def _resistor(x: int, y: int, width: int, height: int, top: int, bottom: int) -> str:
    """A part between two wires, one above the other."""
    middle = x + width // 2
    return (
        _wire((middle, top), (middle, bottom))
        + f'<rect x="{x}" y="{y}" width="{width}" height="{height}" class="part"/>'
    )


def _capacitor(x: int, top: int, bottom: int) -> str:
    middle = (top + bottom) // 2
    plates = ((x - 9, middle - 3), (x + 9, middle - 3)), ((x - 9, middle + 3), (x + 9, middle + 3))
    wires = ((x, top), (x, middle - 3)), ((x, middle + 3), (x, bottom))
    return "".join(_wire(*points) for points in (*plates, *wires))


def _wire(*points: tuple[int, int], style: str = "") -> str:
    place = " ".join(f"{x},{y}" for x, y in points)
    return f'<polyline points="{place}"' + (f' class="{style}"/>' if style else "/>")


def _dot(x: int, y: int) -> str:
    """A joint; wires that cross without one do not touch."""
    return f'<circle cx="{x}" cy="{y}" r="3" class="dot"/>'


def _text(
    x: int, y: int, text: str, style: str = "", end: bool = False, middle: bool = False
) -> str:
    anchor = "end" if end else "middle" if middle else "start"
    return f'<text x="{x}" y="{y}" class="{style}" text-anchor="{anchor}">{escape(text)}</text>'
