"""What `set` lets a copied Pico have finds its memory at the next start, and leaves enough for
whoever changes settings then."""

import json

import pytest

from lab.chip.rig import SETTINGS, Rig

START_MS = 10_000  # it has more to make
FOR_COMMANDS = 20_000  # bytes: the self-test, the scan and what they load
HEIDELBERGS = ["heidelberg"] * 15
FAMILIES = ["heidelberg", "mennekes", "delta", "abb", "eprowallbox", "smartevse", "obo", "phoenix"]


def of_charger(number, family, groups):
    """Settings of one charger, more of them than most have."""
    wanted = {"profile": family, "address": number, "circuit_a": 20, "max_a": 15, "priority": 2}
    if groups:
        wanted["group"] = groups
    return {f"charger{number}.{key}": value for key, value in wanted.items()}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("families", "groups"),
    [(HEIDELBERGS, 0), (HEIDELBERGS, 8), (FAMILIES, 0)],
    ids=["one family", "eight groups", "a family each"],
)
def test_as_many_chargers_as_set_takes_start(image, firmware, families, groups):
    of_groups = {f"group{number}.breaker_a": 60 for number in range(1, groups + 1)}
    meter = Rig(image, firmware, SETTINGS, hooks="")
    meter.set_currents(40, 30, 0)
    meter.start()
    wanted = dict(SETTINGS) | of_groups
    for name, value in of_groups.items():
        assert "in force after" in meter.ask(f"set {name} {value}")
    taken = 1
    for number, family in enumerate(families[1:], 2):
        one = of_charger(number, family, groups)
        said = meter.ask("set " + " ".join(f"{name} {value}" for name, value in one.items()))
        if "no memory for" in said:
            break
        assert "in force after" in said
        wanted |= one
        taken = number
    assert 2 <= taken < len(families), "where all are taken this tries nothing"
    full = Rig(image, firmware, wanted, hooks="")
    full.set_currents(40, 30, 0)
    full.start(START_MS)
    full.chip.run_ms(1000)
    told = json.loads(full.ask("json status"))
    assert (len(told["chargers"]), told["good"]) == (taken, True)
    left = full.heap_free()
    print(f"{taken} chargers: {left} bytes of the heap left")
    assert left >= FOR_COMMANDS
    assert_changes_are_kept(full)


def assert_changes_are_kept(rig):
    """Looked at and typed twice, as a person does, then saved: in force after the restart."""
    assert "Headroom" in rig.ask("status")
    assert "breaker_a = 100 A" in rig.ask("get breaker_a")
    for breaker_a in (90, 95):
        assert "in force after 'save'" in rig.ask(f"set breaker_a {breaker_a}")
    output = rig.chip.usb.output
    output.clear()
    rig.chip.usb.send(b"save\r")
    rig.chip.run_until(lambda: b"saved; restarting" in output or b"error" in output, 10_000)
    assert b"saved; restarting" in output, output.decode()
    rig.chip.run_until(lambda: rig.chip.resets, 6000)
    rig.chip.usb.output.clear()
    rig.start(START_MS)
    assert "breaker_a = 95 A" in rig.ask("get breaker_a")
