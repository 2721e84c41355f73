"""The lab: what a developer of Headroom runs, and neither an installer nor an owner needs.

Whoever imports `lab` can import the firmware too: its pure modules run on this Python, with what
`cpython/` gives them of MicroPython.
"""

import sys
from pathlib import Path

from meter.paths import FIRMWARE, UMODBUS

for _folder in (FIRMWARE, Path(__file__).with_name("cpython"), UMODBUS.parent):
    if str(_folder) not in sys.path:
        sys.path.append(str(_folder))

import micropython  # noqa: E402, F401  gives `time` and `asyncio` what MicroPython's have
