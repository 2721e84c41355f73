"""Files of the firmware that import nothing: what the tools must agree on with it stands once."""

import importlib.util
from types import ModuleType

from meter.paths import FIRMWARE


def load(name: str) -> ModuleType:
    """Such a file: "network/states" is firmware/headroom/network/states.py."""
    path = FIRMWARE / "headroom" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name.replace("/", "_"), path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
