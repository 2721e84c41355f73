"""Changing settings in the page: differences, refusals, the PIN, files; in virtual time.

Every test begins with the same house and another tab, which reads the file of the page.
"""

import json
import re

import pytest
from browser import from_disk
from page_house import PageHouse

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

MARKUP = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"
PIN = "2468"


@pytest.fixture(scope="module")
def house(chromium):
    with PageHouse((("heidelberg", 1),), in_virtual_time=True) as house:
        yield house


def opened(tab, house):
    page = from_disk(tab(), house.line.take, house.line.put)
    page.get_by_role("button", name="Connect to the meter").click()
    page.get_by_role("link", name="Change").click()
    expect(page.get_by_label("breaker_a", exact=True)).to_be_visible()
    return page


def asked(house, *lines):
    """What the meter answers to these at its console, while no page is there."""

    async def ask(session):
        return [await session.console.ask(line, 20.0) for line in lines]

    return house.do(ask)


def restarted(house, *lines):
    """The same, then `save`, and the meter is back."""

    async def order(session):
        for line in (*lines, "save"):
            await session.console.ask(line, 20.0)
        await session.console.until_up(20.0)

    house.do(order)


def save(page):
    page.get_by_role("button", name="Save and restart").click()


def saved(page):
    save(page)
    expect(page.get_by_text("Saved: the meter is back")).to_be_visible()


def test_differences_are_seen_before_they_are_saved(tab, house):
    page = opened(tab, house)
    page.get_by_label("rise_window_s", exact=True).fill("12")
    row = page.get_by_role("region", name="Before it is saved").get_by_role("row").nth(1)
    expect(row).to_have_text(re.compile("rise_window_s *10 *12"))
    expect(page.locator(".field.changed")).to_have_count(1)
    saved(page)
    page.close()
    assert asked(house, "get rise_window_s") == ["rise_window_s = 12 s"]


def test_a_wrong_pin_a_right_one_and_the_lock(tab, house):
    asked(house, f"pin {PIN}", "lock")
    page = opened(tab, house)
    pin = page.get_by_label("Locked, PIN")

    def unlock(with_pin):
        pin.fill(with_pin)
        page.get_by_role("button", name="Unlock").click()

    unlock("1357")
    expect(page.get_by_role("alert")).to_contain_text("The meter refused: wrong PIN")
    page.get_by_label("breaker_a", exact=True).fill("90")
    save(page)
    expect(page.get_by_text("What protects the panel needs the PIN")).to_be_visible()
    unlock(PIN)
    page.get_by_role("button", name="Lock", exact=True).click()
    save(page)
    expect(page.get_by_text("What protects the panel needs the PIN")).to_be_visible()
    unlock(PIN)
    expect(page.get_by_role("button", name="Lock", exact=True)).to_be_visible()
    saved(page)
    expect(pin).to_be_visible()  # the restart locks it
    page.close()
    assert asked(house, "get breaker_a") == ["breaker_a = 90 A"]
    asked(house, f"unlock {PIN}", "pin none")
    restarted(house, "set breaker_a 100")


def test_settings_go_to_a_file_and_come_back_edited(tab, house, tmp_path):
    page = opened(tab, house)
    with page.expect_download() as download:
        page.get_by_role("button", name="Settings to a file").click()
    file = tmp_path / "house.cfg"
    download.value.save_as(file)
    text = file.read_text().replace("set derate_pct 80", "set derate_pct 75")
    file.write_text(text)
    page.get_by_label("Settings from a file").set_input_files(file)
    expect(page.get_by_text("house.cfg: 1 settings differ")).to_be_visible()
    saved(page)
    page.close()
    (dump,) = asked(house, "dump")
    ours = [line for line in text.splitlines() if line.startswith("set ")]
    assert [line for line in dump.splitlines() if line.startswith("set ")] == ours


def test_a_bad_file_is_told_and_nothing_of_it_taken(tab, house, tmp_path):
    page = opened(tab, house)
    file = tmp_path / "bad.cfg"
    for text, told in (
        ("Dear diary,\nnothing happened.\n", "This is no file of settings"),
        ("begin\nset breaker_a 90\nreboot\nend\n", "A line of the file is no setting: “reboot”"),
        ("begin\ndefaults\nset breaker_a 90\nset warp_factor 9\nend\n", "not know"),
        ("begin\nset zone " + "x" * 500 + "\nend\n", "longer than the meter takes"),
        (f"begin\nset breaker_a 90\n{MARKUP}\nend\n", MARKUP),
        ("\x00\xff\x1b[2J", "This is no file of settings: "),
    ):
        file.write_bytes(text.encode("utf-8"))
        page.get_by_label("Settings from a file").set_input_files(file)
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text(told.strip(": "))
        expect(alert).to_contain_text("Nothing was changed.")
        expect(page.get_by_text("Nothing is changed.")).to_be_visible()
    assert page.evaluate("window.hacked") is None


def test_markup_in_a_chargers_name_is_shown_and_never_run(tab, house):
    asked(house, 'profile base "heidelberg"', f"profile title {json.dumps(MARKUP)}")
    restarted(house, "set charger1.profile custom")
    page = opened(tab, house)
    page.get_by_role("link", name="Watch").click()
    expect(page.get_by_role("heading", name=MARKUP)).to_be_visible()
    page.get_by_role("link", name="Look into it").click()
    expect(page.locator("summary").get_by_text(MARKUP)).to_be_visible()
    assert page.evaluate("window.hacked") is None


async def files_of(session):
    """What the meter has on its flash."""
    return "".join(path.read_text() for path in session.data.glob("settings.?"))


def test_a_wifi_of_any_letters_is_set_and_its_password_shown_to_nobody(tab, house):
    """What the meter keeps is read from its own file."""
    ssid, password = "Häuschen 🏠", 'two  "spaces" and a \\'
    page = opened(tab, house)
    page.get_by_label("wifi_ssid", exact=True).fill(ssid)
    entry = page.get_by_label("wifi_password", exact=True)
    expect(entry).to_have_attribute("type", "password")
    expect(entry).to_have_attribute("placeholder", "not set")
    entry.fill(password)
    expect(page.get_by_role("region", name="Before it is saved")).not_to_contain_text("spaces")
    saved(page)
    expect(page.get_by_label("wifi_password", exact=True)).to_have_attribute(
        "placeholder", re.compile("^set, and shown to nobody")
    )
    page.close()
    kept = house.do(files_of)
    told = asked(house, "get wifi", "dump")
    assert f"wifi_ssid = hex:{ssid.encode().hex()}" in told[0]
    assert "wifi_password = set" in told[0]
    assert password.encode().hex() not in told[1]
    assert f'"wifi_password": "hex:{password.encode().hex()}"' in kept
    restarted(house, "set wifi_ssid none wifi_password none")
