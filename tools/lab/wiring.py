"""The wiring diagram of a board, drawn from the same board.py that the firmware uses."""

from pathlib import Path
from typing import Any

from lab import ready_made, svg

FILTER_NF = {7680: 47, 1920: 100}  # anti-alias capacitor of a channel, by its rate in Hz

WIDTH = 1290
ROW, TOP = 74, 126
DEEP = 38  # from a channel's upper wire to its lower one
GAP = 34  # between two pins
CT_X, TVS_X, PLUG_X, BURDEN_X, BUS_X, SERIES_X, FILTER_X = 84, 132, 168, 214, 246, 290, 362
BOARD_X, BOARD_W = 470, 200
CONVERTER_W, ASIDE = 150, 300  # an MCP3208 takes the board's place, and the board moves aside
CONVERTER_PINS = {  # in its DIP
    "VREF": 15, "AGND": 14, "DOUT": 12, "CS": 10, "CLK": 13, "DIN": 11, "VDD": 16, "DGND": 9,
}  # fmt: skip
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
    if "ATM90E32" in board:
        second = _line(board, board["METER_LINE"], TOP + 5 * GAP + 70, "asks us", idle_bias=False)
        first = _line(board, board["LINE"], TOP, "charger", idle_bias=True)
        return ready_made.draw(board, STYLE, first + second)
    rows = inputs(board)
    bias_y = TOP + ROW * len(rows) + 10
    meter_y = TOP + 5 * GAP + 70
    bottom = max(meter_y + 5 * GAP + 10, bias_y + 124)
    aside = ASIDE if "MCP3208" in board else 0
    width, height = WIDTH + aside, bottom + (160 if aside else 140)
    parts = [
        *svg.head(width, height, STYLE, board["TITLE"]),
        svg.box(BOARD_X + aside, TOP - 30, BOARD_W, bottom - TOP + 30, board["NAME"]),
        svg.text(CT_X - 20, TOP - 38, "CT", "small"),
        svg.text(PLUG_X, TOP - 38, "plug", "small", middle=True),
        svg.wire((PLUG_X, TOP - 30), (PLUG_X, bias_y - 24), style="plug"),
    ]
    for i, (name, pin) in enumerate(rows):
        parts += _channel(board, name, pin, TOP + ROW * i, bias_y)
    parts += _bias(board, bias_y) + _supply(board, bias_y + 100, BOARD_X + aside)
    lines = _line(board, board["LINE"], TOP, "charger", idle_bias=True)
    if board.get("METER_LINE"):
        lines += _line(board, board["METER_LINE"], meter_y, "asks us", idle_bias=False)
        lines.append(svg.text(CHIP_X, meter_y - 54, "Second line: only to answer as a meter"))
    if aside:
        parts += _converter(board, bias_y)
        lines = [f'<g transform="translate({aside} 0)">', *lines, "</g>"]
    parts += lines
    parts += [svg.text(20, bottom + 36 + 20 * i, note) for i, note in enumerate(_notes(board))]
    return "\n".join([*parts, "</svg>\n"])


def inputs(board: dict[str, Any]) -> list[tuple[str, str]]:
    """Each channel's name, and the words at its pin."""
    names = board["CHANNELS"]
    if "ATM90E32" in board:
        return list(zip(names, board["SOCKETS"], strict=True))
    if "MCP3208" in board:
        return [(name, f"CH{n} · {n + 1}") for n, name in enumerate(names)]
    return [(name, _pin(board, gpio)) for name, gpio in zip(names, board["ADC_PINS"], strict=True)]


def _converter(board: dict[str, Any], bias_y: int) -> list[str]:
    """An MCP3208 between the channels and the board, with its reference."""
    pins = board["MCP3208"]
    right, left = BOARD_X + CONVERTER_W, BOARD_X + ASIDE
    supply, ground = board["POWER"]
    rows = [
        ("DOUT", _pin(board, pins["miso"])),
        ("CS", _pin(board, pins["cs"])),
        ("CLK", _pin(board, pins["sck"])),
        ("DIN", _pin(board, pins["mosi"])),
        ("VDD", _power(board, supply)),
        ("DGND", _power(board, ground)),
    ]
    parts = [svg.box(BOARD_X, TOP - 30, CONVERTER_W, bias_y + 60 - TOP + 30, "MCP3208")]
    for i, (name, pin) in enumerate(rows):
        y = TOP + GAP * i
        parts += [
            svg.text(right - 6, y + 4, f"{name} · {CONVERTER_PINS[name]}", end=True),
            svg.wire((right, y), (left, y)),
            svg.text(left + 6, y + 4, pin),
        ]
    y = TOP + GAP * 4
    reference = board["REFERENCE"]
    return [
        *parts,
        svg.dot(right + 75, y),
        svg.text(right + 75, y - 6, "1 µF to GND", "small", middle=True),
        svg.wire((right, bias_y), (right + 110, bias_y), (right + 110, y)),
        svg.dot(right + 110, y),
        f'<rect x="{right + 36}" y="{bias_y - 12}" width="62" height="24" class="part"/>',
        svg.text(right + 67, bias_y + 4, reference, "small", middle=True),
        svg.dot(right + 18, bias_y),
        svg.text(right + 14, bias_y + 28, "1 µF to AGND", "small"),
    ]


def _channel(board: dict[str, Any], name: str, pin: str, y: int, bias_y: int) -> list[str]:
    """CT with TVS, or voltage sensor; plug, burden, series resistor, filter and clamp, pin."""
    low = y + DEEP
    filter_nf = FILTER_NF[min(FILTER_NF, key=lambda rate: abs(rate - board["RATE_HZ"]))]
    label = [svg.text(20, y + 18, name)]
    tvs = [
        svg.resistor(TVS_X - 7, y + 6, 14, DEEP - 12, y, low),
        svg.text(TVS_X - 10, y + 23, "TVS", "small", end=True),
    ]
    burden = f"{board['BURDEN_OHM']} Ω"
    if name == "V":
        burden, tvs = "75 Ω", [svg.text(CT_X + 17, y + 23, "ZMPT101B", "small")]
    elif name == "EV" and "L3" not in board["CHANNELS"]:
        label += [svg.text(20, y + 33, "or L3", "small")]
    return [
        *label,
        f'<circle cx="{CT_X}" cy="{y + DEEP // 2}" r="14" class="part"/>',
        svg.wire((CT_X, y + 5), (CT_X, y), (SERIES_X, y)),
        svg.wire((CT_X, y + DEEP - 5), (CT_X, low), (FILTER_X, low)),
        *tvs,
        svg.resistor(BURDEN_X - 7, y + 6, 14, DEEP - 12, y, low),
        svg.text(BURDEN_X - 10, y + 23, burden, "small", end=True),
        svg.dot(BUS_X, low),
        svg.wire((BUS_X, low), (BUS_X, bias_y)),
        svg.across(SERIES_X, y, "1 kΩ"),
        svg.wire((SERIES_X + 44, y), (BOARD_X, y)),
        svg.dot(FILTER_X, y),
        svg.capacitor(FILTER_X, y, low),
        svg.text(FILTER_X + 14, y + 23, f"{filter_nf} nF", "small"),
        svg.dot(BOARD_X - 46, y),
        svg.text(BOARD_X - 46, y - 6, "BAT54S", "small", middle=True),
        svg.text(BOARD_X + 6, y + 4, pin),
    ]


def _bias(board: dict[str, Any], y: int) -> list[str]:
    """Half of the reference, for all CTs."""
    top, ground = board["ANALOG"]
    x = SERIES_X - 20
    return [
        svg.wire((BUS_X, y), (SERIES_X, y)),
        svg.text(20, y + 12, "bias, half of the reference"),
        svg.text(20, y + 28, "10 µF from it to analog ground", "small"),
        svg.across(SERIES_X, y, "10 kΩ"),
        svg.wire((SERIES_X + 44, y), (BOARD_X, y)),
        svg.text(BOARD_X + 6, y + 4, _power(board, top)),
        svg.dot(x, y),
        svg.wire((x, y), (x, y + 40), (SERIES_X, y + 40)),
        svg.across(SERIES_X, y + 40, "10 kΩ"),
        svg.wire((SERIES_X + 44, y + 40), (BOARD_X, y + 40)),
        svg.text(BOARD_X + 6, y + 44, _power(board, ground)),
    ]


def _supply(board: dict[str, Any], y: int, board_x: int) -> list[str]:
    """5 V in."""
    parts = [
        svg.text(20, y + 4, "5 V from a listed, isolated supply"),
        svg.wire((BUS_X, y), (board_x, y)),
        svg.text(board_x + 6, y + 4, _power(board, board["SUPPLY"])),
    ]
    if board["SUPPLY"] != "VSYS":
        return [*parts, svg.text(SERIES_X - 20, y - 6, "not together with USB", "small")]
    x, tip = SERIES_X, SERIES_X + 16
    return [
        *parts,
        svg.wire((x, y - 8), (x, y + 8), (tip, y), (x, y - 8)),
        svg.wire((tip, y - 8), (tip, y + 8)),
        svg.text(tip + 12, y - 6, "1N5817", "small"),
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
    parts = [svg.box(CHIP_X, top - 30, CHIP_W, GAP * len(rows) + 20, chip)]
    for i, (pin, name, pull) in enumerate(rows):
        y = top + GAP * i
        parts.append(svg.text(right - 6, y + 4, pin, end=True))
        parts.append(svg.wire((right, y), (CHIP_X, y)))
        parts.append(svg.text(CHIP_X + 6, y + 4, name))
        if pull:
            parts += [
                svg.dot(right + 80, y),
                svg.text(right + 80, y - 6, pull, "small", middle=True),
            ]
    return parts + _pair(top, far, idle_bias)


def _pair(top: int, far: str, idle_bias: bool) -> list[str]:
    """From the transceiver to the other end: idle bias, series resistors, surge clamp, ends."""
    a, b, ground = top, top + GAP, top + 2 * GAP
    left = CHIP_X + CHIP_W
    clamp_x, end_x = left + 170, left + 222
    parts = [
        svg.box(FAR_X, top - 30, FAR_W, 2 * GAP + 48, far),
        f'<rect x="{clamp_x - 11}" y="{a - 8}" width="22" height="{2 * GAP + 16}" class="part"/>',
        svg.text(clamp_x, ground + 24, "SM712", "small", middle=True),
        *(svg.dot(clamp_x, y) for y in (a, b, ground)),
        svg.resistor(end_x - 7, a + 5, 14, GAP - 10, a, b),
        *(svg.dot(end_x, y) for y in (a, b)),
        svg.text(end_x - 12, ground + 42, "120 Ω at both ends", "small"),
        svg.text(end_x - 12, ground + 56, "of the twisted pair", "small"),
    ]
    for y, name, pull in (
        (a, "A", "390 Ω to 3.3 V"),
        (b, "B", "390 Ω to GND"),
        (ground, "GND", ""),
    ):
        parts.append(svg.text(left - 6, y + 4, name, end=True))
        parts.append(svg.wire((left, y), (FAR_X, y)))
        parts.append(svg.text(FAR_X + 6, y + 4, name))
        if pull:
            parts.append(svg.across(left + 100, y, "10 Ω"))
        if pull and idle_bias:
            parts += [
                svg.dot(left + 48, y),
                svg.text(left + 48, y - 6, pull, "small", middle=True),
            ]
    return parts


def _notes(board: dict[str, Any]) -> list[str]:
    mohm = board["BURDEN_OHM"] * 1000
    inputs = [
        "Three-phase service (legs 3): the third input is L3, its CT around the third conductor; "
        "there is no EV CT then."
    ]
    if "MCP3208" in board:
        inputs = [
            "MCP3208: AGND (14) and DGND (9) are joined at the chip. An input in no use, with all "
            "of its row left out, goes to AGND.",
        ]
    if "V" in board["CHANNELS"]:
        inputs += [
            "ZMPT101B: 60 kΩ (six of 10 kΩ, 0.1 %) between the mains and its primary, which are "
            "mains voltage, in an enclosure of their own.",
        ]
    return [
        f"Burden: by boards/README.md for your CTs. Say what you fitted: set burden_mohm {mohm} "
        f"ev_burden_mohm {mohm}. A 333 mV CT has its own: 470 Ω here instead.",
        "TVS, for a CT with a current output: P6KE10CA, soldered to the CT's leads, "
        "on the CT's side of the plug. "
        "BAT54S: two diodes at each pin, one to 3.3 V and one to analog ground.",
        *inputs,
        "RS-485: the 390 Ω once on a line, and none on the second; the 4.7 kΩ keep a board that "
        "resets from sending.",
        "A number after the dot is printed at the pin of the board.",
    ]


def _pin(board: dict[str, Any], gpio: int) -> str:
    number = board["HEADER"].get(gpio)
    return f"GPIO{gpio}" + (f" · {number}" if number else "")


def _power(board: dict[str, Any], name: str) -> str:
    number = board["HEADER"].get(name) or CONVERTER_PINS.get(name)
    return name + (f" · {number}" if number else "")
