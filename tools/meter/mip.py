"""A folder that `mpremote mip install` puts on a blank board that runs MicroPython.

For a server or a disk: `mpremote mip install --target=/ out/mip/pico/package.json`. It copies what
is named, the name of the firmware that starts last; to update a meter is `flash`'s work.
"""

import json
from pathlib import Path

from meter import build
from meter.flash import ACTIVE
from meter.image.make import on_board, version


def package(board: str, out: Path) -> Path:
    """Build, and write out/<board>/package.json and the files it names; returns its path."""
    files = on_board(build.build(board))
    last = ACTIVE.strip("/")
    names = [*sorted(files.keys() - {last}), last]
    folder = out / board
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(files[name])
    path = folder / "package.json"
    listed = {"version": version(), "urls": [[name, name] for name in names]}
    path.write_text(json.dumps(listed, indent=1) + "\n")
    print(
        f"{path}: mpremote mip install --target=/ {path}, onto a board that runs MicroPython 1.28"
    )
    return path
