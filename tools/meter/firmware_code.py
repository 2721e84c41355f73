"""The firmware's own pure modules, imported on this Python through the host shim."""

import sys

from meter.paths import ROOT

for _folder in ("firmware", "host_tests/shim", "build/umodbus"):
    if str(ROOT / _folder) not in sys.path:
        sys.path.append(str(ROOT / _folder))

import micropython  # noqa: E402, F401  gives `time` and `asyncio` what MicroPython's have

from headroom import records  # noqa: E402
from headroom.metering import calibration, channel, ct_types, meter  # noqa: E402

__all__ = ["calibration", "channel", "ct_types", "meter", "records"]
