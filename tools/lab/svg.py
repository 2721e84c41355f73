"""Parts of a drawing as SVG: what wiring.py puts together."""

from xml.sax.saxutils import escape


def head(width: int, height: int, style: str, title: str) -> list[str]:
    """How each drawing of a wiring begins: its size, its style, its title and the warning."""
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif"><style>{style}</style>',
        f'<rect width="{width}" height="{height}" style="fill:#fff;stroke:none"/>',
        text(20, 30, title, "title"),
        text(
            20,
            52,
            "Mains voltage kills: inside the panel this is work for an electrician.",
            "warn",
        ),
    ]


def box(x: int, y: int, width: int, height: int, name: str) -> str:
    """A board or a chip, its name above it."""
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" class="box"/>' + text(
        x + width // 2, y - 8, name, middle=True
    )


def across(x: int, y: int, name: str) -> str:
    """A resistor in a horizontal wire, its value inside."""
    return f'<rect x="{x}" y="{y - 8}" width="44" height="16" class="part"/>' + text(
        x + 22, y + 4, name, "small", middle=True
    )


def resistor(x: int, y: int, width: int, height: int, top: int, bottom: int) -> str:
    """A part between two wires, one above the other."""
    middle = x + width // 2
    return (
        wire((middle, top), (middle, bottom))
        + f'<rect x="{x}" y="{y}" width="{width}" height="{height}" class="part"/>'
    )


def capacitor(x: int, top: int, bottom: int) -> str:
    """Between two wires."""
    middle = (top + bottom) // 2
    plates = ((x - 9, middle - 3), (x + 9, middle - 3)), ((x - 9, middle + 3), (x + 9, middle + 3))
    wires = ((x, top), (x, middle - 3)), ((x, middle + 3), (x, bottom))
    return "".join(wire(*points) for points in (*plates, *wires))


def wire(*points: tuple[int, int], style: str = "") -> str:
    """From point to point."""
    place = " ".join(f"{x},{y}" for x, y in points)
    return f'<polyline points="{place}"' + (f' class="{style}"/>' if style else "/>")


def dot(x: int, y: int) -> str:
    """A joint; wires that cross without one do not touch."""
    return f'<circle cx="{x}" cy="{y}" r="3" class="dot"/>'


def text(
    x: int, y: int, words: str, style: str = "", end: bool = False, middle: bool = False
) -> str:
    """Words that begin, end or have their middle at x."""
    anchor = "end" if end else "middle" if middle else "start"
    return f'<text x="{x}" y="{y}" class="{style}" text-anchor="{anchor}">{escape(words)}</text>'
