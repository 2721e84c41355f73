"""Single pins: what a relay hangs on is low from the moment when it is made."""

import importlib
import sys
import types

import pytest

from headroom.ports import options


@pytest.fixture
def made(monkeypatch):
    """(pins, what machine.Pin was asked for)."""
    asked = []

    def pin(gpio, mode, pull=None, *, value=None):
        asked.append((gpio, mode, pull, value))

    pin.OUT, pin.IN, pin.PULL_UP = "out", "in", "up"
    monkeypatch.setitem(sys.modules, "machine", types.SimpleNamespace(Pin=pin))
    monkeypatch.delitem(sys.modules, "headroom.ports.pins", raising=False)
    return importlib.import_module("headroom.ports.pins"), asked


def test_an_output_is_low_at_once_and_a_contact_reads_as_open_if_its_wire_breaks(made):
    pins, asked = made
    pins.output(10)
    pins.contact(11)
    assert asked == [(10, "out", None, 0), (11, "in", "up", None)]


def test_the_pins_of_a_second_relay_are_found_as_well(made, monkeypatch):
    """Once a module of a package is loaded, the package has it as an attribute of that name."""
    _, asked = made
    monkeypatch.setattr(sys, "platform", "rp2")
    for gpio in (10, 12):
        options.pins().output(gpio)
    assert [gpio for gpio, *_ in asked] == [10, 12]
