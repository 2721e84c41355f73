"""From a blank meter to a proven installation, by clicks alone, from the file on a disk.

The house lives in virtual time: a self-test of three minutes takes some seconds.
"""

import re

import pytest
from browser import from_disk
from page_house import PageHouse, on_the_other_leg

from meter.paths import PAGE

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

ONE = (("heidelberg", 1),)
OHM_22 = "22000"


def opened(tab, house):
    """The page, connected by a click."""
    page = from_disk(tab, house.line.take, house.line.put)
    page.get_by_role("button", name="Connect to the meter").click()
    page.get_by_role("link", name="Install").click()
    return page


def step(page, name):
    page.get_by_role("button", name=name).click()


def set_up(page, legs="all"):
    """Every question answered; the meter saved and back."""
    page.get_by_label("split phase: two legs").check()
    page.get_by_label("What is the rating of the main breaker?").fill("100")
    step(page, "Next")
    page.get_by_label("What burden resistor is fitted for each?").fill(OHM_22)
    page.get_by_label("a CT on the cars' branch").check()
    step(page, "Next")
    step(page, "Look for chargers")
    page.get_by_role("button", name="Use it: Heidelberg").click()
    page.get_by_label("What is the breaker of its circuit?").fill("20")
    if legs != "all":
        page.get_by_label("Which legs does it load").select_option(legs)
    step(page, "Next")
    page.get_by_label("New PIN").fill("2468")
    page.get_by_label("Once more").fill("2468")
    step(page, "Save and start the meter")


def test_from_blank_settings_to_a_certificate(tab):
    with PageHouse(ONE, blank=True, in_virtual_time=True) as house:
        one = tab()
        page = opened(one, house)
        set_up(page)
        expect(page.get_by_text("The meter works")).to_be_visible()
        assert house.do(_held) >= 6.0, "the charger itself holds what the meter told it"
        step(page, "Next")
        step(page, "Start the self-test")
        expect(page.get_by_text("step 1 of 8")).to_be_visible()
        expect(page.get_by_text("All is well", exact=True)).to_be_visible()
        step(page, "6. Certificate")
        paper = page.get_by_role("article")
        expect(paper).to_contain_text("locked by a PIN")
        expect(paper).to_contain_text("charger1.circuit_a = 20 A")
        expect(paper).to_contain_text("All is well")
        digest = paper.get_by_role("row", name="Settings, hash").inner_text().split()[-1]
        assert re.fullmatch("[0-9a-f]{8}", digest)
        assert "heidelberg" in house.do(_in_flash)
        assert one.asked_elsewhere(PAGE.as_uri()) == []


def test_a_self_test_says_which_two_to_swap(tab):
    """The charger loads L1, and its current shows in the CT that is plugged in as L2."""
    with PageHouse(ONE, blank=True, in_virtual_time=True, front_end=on_the_other_leg) as house:
        page = opened(tab(), house)
        set_up(page, legs="L1")
        step(page, "5. Self-test")
        step(page, "Start the self-test")
        expect(page.get_by_text("Swap these two")).to_be_visible()
        expect(page.get_by_text("Swap the plugs of L2 and L1.")).to_be_visible()
        expect(page.get_by_text("All is well", exact=True)).to_have_count(0)


async def _held(session):
    """The pilot's current of the charger, by the simulated charger."""
    return session.world.stations[0].model.pilot_a


async def _in_flash(session):
    """The meter's own files of its settings."""
    return "".join(path.read_text(errors="replace") for path in session.data.glob("settings*"))
