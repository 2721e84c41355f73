"""The page served by `meter page`, on the real firmware in a house in real time.

The tests go on one after the other in one house; what each changes it puts back.
"""

import csv
import re
import subprocess
import sys

import pytest
from browser import from_disk, served
from page_house import PageHouse, Port

from meter.paths import PAGE
from meter.record import Record

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

pytestmark = pytest.mark.real_time

VIEWS = ("watch", "change", "look", "install")
NAMELESS = """() => [...document.querySelectorAll(
    'button, input, select, a, summary, [role=img], progress')].filter((element) => !(
        element.getAttribute('aria-label') || element.ariaHidden === 'true' ||
        element.textContent.trim() || element.labels?.length)).map((e) => e.outerHTML)"""
OUT_OF_REACH = """() => [...document.querySelectorAll('button, input, select, a, summary')]
    .filter((element) => element.tabIndex < 0).map((element) => element.outerHTML)"""


@pytest.fixture(scope="module")
def house(chromium):
    with PageHouse((("heidelberg", 1),)) as house:
        yield house
        assert house.do(_broken) == [], "with the page there no rule may be broken"


@pytest.fixture(scope="module")
def address(house):
    with served(house.line.path) as address:
        yield address


@pytest.fixture
def page(tab, address):
    """The page with its first figures."""
    return opened(tab, address)


def opened(tab, address, **options):
    page = tab(**options).page
    page.goto(address)
    expect(page.locator(".leg .figure").first).to_be_visible()
    return page


def view(page, name):
    page.get_by_role("navigation").get_by_role("link", name=name).click()


def change(page, name, value):
    """Change a setting and save; not yet sure that it is taken."""
    page.get_by_label(name, exact=True).fill(value)
    page.get_by_role("button", name="Save and restart").click()


async def _broken(session):
    """What the world's judge has to say against the meter."""
    return [broken.text for broken in session.world.judge.broken]


async def _truth(session):
    """(L1, L2) as they truly flow."""
    return session.world.history[-1].l1_a, session.world.history[-1].l2_a


def test_the_figures_are_those_of_the_house(page, house):
    for _ in range(50):
        shown = [
            float(page.locator(".leg .figure").nth(i).inner_text().split()[0]) for i in (0, 1)
        ]
        if shown == pytest.approx(house.do(_truth), abs=0.7):
            return
        page.wait_for_timeout(100)
    raise AssertionError((shown, house.do(_truth)))


def test_it_asks_nobody_but_its_own_tool_and_may_not(tab, address):
    one = tab()
    one.page.goto(address)
    for name in VIEWS:
        one.page.goto(f"{address}#{name}")
        one.page.wait_for_timeout(200)
    socket = address.replace("http", "ws")
    assert one.asked_elsewhere(address, socket) == []
    assert one.wrong == [], "nothing was there for its policy to refuse"
    ask = "fetch('http://127.0.0.1:9/').then(() => 'went', () => 'refused')"
    assert one.page.evaluate(ask) == "refused"
    one.page.evaluate("document.body.append(Object.assign(document.createElement('script'),"
                      " {textContent: 'window.hacked = 1'}))")  # fmt: skip
    assert one.page.evaluate("window.hacked") is None
    assert len(one.wrong) >= 2, "its policy refused both"
    assert all("Content Security Policy" in said for said in one.wrong), one.wrong
    one.wrong.clear()


def test_a_refused_setting_is_told_and_nothing_is_changed(page):
    view(page, "Change")
    change(page, "breaker_a", "300")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("rated 200 A, below the main breaker of 300 A")
    expect(alert).to_contain_text("nothing was changed")
    page.get_by_role("button", name="Discard all").click()
    expect(page.get_by_label("breaker_a", exact=True)).to_have_value("100")


def test_a_fault_appears_with_what_to_do_and_goes(page, house):
    view(page, "Look into it")
    faults = page.get_by_role("region", name="Faults")
    expect(faults).to_contain_text("nothing is wrong")
    house.fault("ct_open_l1", True)
    expect(faults).to_contain_text("L1 no signal: CT open, shorted or unplugged")
    expect(faults).to_contain_text("Look at this CT: plugged in, clamp closed")
    view(page, "Watch")
    expect(page.get_by_text("the cars have their fallback").first).to_be_visible()
    house.fault("ct_open_l1", False)
    expect(page.get_by_text("L1 no signal")).to_have_count(0)


def test_a_pulled_cable_is_said_and_the_page_finds_the_meter_again(page, house):
    house.line.pull()
    expect(page.get_by_text("the cable was pulled, or the board restarts")).to_be_visible()
    expect(page.get_by_text("The meter's port is not there")).to_be_visible()
    house.line.plug()
    expect(page.get_by_text("Connected: unix")).to_be_visible()
    expect(page.get_by_text("The meter's port is not there")).to_have_count(0)


def test_the_same_from_a_disk_over_web_serial(tab, house):
    one, port = tab(), Port(house.line.path)
    page = from_disk(one, port.read, port.write, port.opens)
    page.get_by_role("button", name="Connect to the meter").click()
    expect(page.locator(".leg .figure").first).to_be_visible()
    house.line.pull()
    expect(page.get_by_text("the cable was pulled, or the board restarts")).to_be_visible()
    house.line.plug()
    expect(page.get_by_text("Connected: unix")).to_be_visible()
    expect(page.get_by_text("the cable was pulled")).to_have_count(0)
    page.get_by_role("button", name="Disconnect").click()
    page.close()
    port.close()
    assert one.asked_elsewhere(PAGE.as_uri()) == []


def test_a_restart_is_said(page, house):
    async def reset(session):
        await session.firmware.kill()
        session.firmware.start()

    house.do(reset)
    expect(page.get_by_text("The meter has restarted")).to_be_visible()
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_text("The meter has restarted")).to_have_count(0)


def test_a_second_tab_is_told_who_has_the_port(page, tab, address):
    other = tab().page
    other.goto(address)
    expect(other.get_by_text("another program has it")).to_be_visible()
    page.close()
    expect(other.get_by_text("Connected: unix")).to_be_visible()


def test_what_it_kept_is_read_by_the_report_and_as_csv(page, house, tmp_path):
    for active in (True, False):  # a row every ten seconds, and with each change of the faults
        house.fault("ct_open_l2", active)
        expect(page.get_by_text("L2 no signal")).to_have_count(int(active))
    for name, button in (("day.jsonl", "Record as JSON lines"), ("day.csv", "Figures as CSV")):
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        download.value.save_as(tmp_path / name)
    record = Record(tmp_path / "day.jsonl")
    assert record.last["chargers"][0]["profile"] == "heidelberg"
    drawn = subprocess.run(
        [sys.executable, "-m", "meter", "report", tmp_path / "day.jsonl",
         "--out", tmp_path / "day.svg"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert drawn.returncode == 0, drawn.stderr
    rows = list(csv.DictReader((tmp_path / "day.csv").open()))
    assert float(rows[-1]["L1 (A)"]) == pytest.approx(record.last["legs"][0]["ma"] / 1000)


def test_keys_and_names_reach_everything(page):
    for name in VIEWS:
        page.evaluate(f"location.hash = '{name}'")
        page.wait_for_timeout(500)
        assert page.evaluate(NAMELESS) == []
        assert page.evaluate(OUT_OF_REACH) == []
    page.evaluate("location.hash = 'watch'")
    page.locator("h1").click()
    reached = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim()"))
    assert {"Watch", "Change", "Look into it", "Install"} <= reached


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_in_either_light_nothing_is_cut_off(tab, address, scheme):
    page = opened(tab, address, viewport={"width": 360, "height": 740}, color_scheme=scheme)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", dark)[:3])) < 200) == (scheme == "dark")
    for name in VIEWS:
        page.evaluate(f"location.hash = '{name}'")
        page.wait_for_timeout(400)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name


def test_figures_can_be_read_from_two_metres(page):
    """A capital is some 0.7 of the letters' size; at 96 pixels to the inch 10 mm are 38."""
    size = page.locator(".leg .figure").first.evaluate(
        "e => parseFloat(getComputedStyle(e).fontSize)"
    )
    assert 0.7 * size >= 38


def test_another_language_says_all_of_it(tab, address):
    page = opened(tab, address, locale="de-DE")
    expect(page.get_by_role("link", name="Einbauen")).to_be_visible()
    view(page, "Ändern")
    expect(page.locator("#setting-breaker_a-help")).to_contain_text("Nennstrom der Hauptsicherung")
    page.get_by_label("Sprache").select_option("en")
    expect(page.get_by_text("rating of the main breaker")).to_be_visible()
