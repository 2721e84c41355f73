"""Real MicroPython on an emulated RP2040 (tools/lab/chip). Needs an image: see image.py there.

A boot of the meter takes a minute here, so it is done once: each test goes on from there in a copy
of the process, and nothing that it does is seen by the next. What boots again or copies many files
is left out by `pytest host_tests/chip -m "not slow"`.

They need a plain image, onto which the firmware is copied; those marked `frozen` one with the
firmware frozen in, where there is memory for more. What the image is not for says so.
"""

from pathlib import Path

import pytest
from sampling import PARTS

from lab.bench.metering import on_chip
from lab.chip import image as chip_image
from lab.chip.fork import Failed, in_a_copy
from lab.chip.rig import SETTINGS, Rig
from meter import build
from meter.errors import UsageError

HERE = Path(__file__).parent
LONGEST_S = 900  # on two slow and busy cores
OTHER_IMAGE = (
    "needs RP2040_UF2 with the firmware frozen in: copied, it leaves no memory for this",
    "needs a plain image: RP2040_UF2 has the firmware frozen in",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Without an image one of these tests stands for all, so that one line says why."""
    ours = [item for item in items if HERE in item.path.parents]
    frozen = False
    try:
        frozen = bool(ours) and chip_image.frozen(chip_image.find())
    except chip_image.NoImage as reason:
        first, *rest = ours
        first.add_marker(pytest.mark.skip(reason=f"with all of chip/: {reason}"))
        items[:] = [item for item in items if item not in rest]
        config.hook.pytest_deselected(items=rest)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
    for item in ours:
        item.add_marker(pytest.mark.timeout(LONGEST_S))
        if bool(item.get_closest_marker("frozen")) is not frozen:
            item.add_marker(pytest.mark.skip(reason=OTHER_IMAGE[frozen]))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    names = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    try:
        in_a_copy(lambda: pyfuncitem.obj(**arguments) and None)
    except Failed as failure:
        pytest.fail(str(failure), pytrace=False)
    return True


@pytest.fixture(scope="session")
def image():
    """Path of the MicroPython image."""
    return chip_image.find()


@pytest.fixture(scope="session")
def firmware(tmp_path_factory):
    """What `meter build pico` makes."""
    return build.build("pico", tmp_path_factory.mktemp("firmware") / "pico")


@pytest.fixture(scope="session")
def parts(image, firmware):
    """A chip without main.py, stopped at the prompt, with the modules of metering loaded."""
    rig = Rig(image, firmware)
    rig.run(PARTS)
    return rig


@pytest.fixture(scope="session")
def meter(image, firmware):
    """A meter that has just told its charger 16 A; the house draws 24 A and 14 A, the car 16 A."""
    return on_chip.charging(image, firmware, SETTINGS)
