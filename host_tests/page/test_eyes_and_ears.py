"""Whoever sees little, hears the page or reads it in German has all of it.

Contrast by the formula of WCAG 2, its least by 1.4.3 (AA).
"""

import json

import pytest
from browser import from_disk
from scripted_meter import LEG, STATUS, Scripted

from headroom.settings import radio
from headroom.settings.table import TABLE, Setting

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

AA = 4.5
ROWS = {row.name.replace("N.", "2."): row for row in (*TABLE, *(Setting(*r) for r in radio.ROWS))}
HINT = """() => {
    const luminance = (colour) => {
        const [r, g, b] = colour.match(/[0-9.]+/g).map((part) => {
            const share = part / 255;
            return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const field = document.querySelector('input[placeholder]');
    const [dark, light] = [
        getComputedStyle(field, '::placeholder').color, getComputedStyle(field).backgroundColor,
    ].map(luminance).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
}"""
COLOURED = """() => {
    const canvas = document.querySelector('canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
        const most = Math.max(data[i], data[i + 1], data[i + 2]);
        if (most - Math.min(data[i], data[i + 1], data[i + 2]) > 60) count++;
    }
    return count;
}"""
KEYS = """() => [...document.querySelectorAll('.key')].map(
    (key) => getComputedStyle(key, '::before').backgroundColor)"""
FIGURE = "() => getComputedStyle(document.querySelector('.leg .figure')).color"


class House(Scripted):
    """Its current is another with each answer."""

    def __init__(self, **answers):
        super().__init__(**answers)
        self.ma = 0
        self.heard = True

    def write(self, data):
        self.ma = (self.ma + 700) % 50000
        self.answers["json_status"] = json.dumps(STATUS | {"legs": [LEG | {"ma": self.ma}]})
        if self.heard:
            super().write(data)


def opened(tab, meter, view="watch", **options):
    page = from_disk(tab(**options), meter.read, meter.write)
    page.locator("button.main").click()
    expect(page.locator(".leg .figure").first).to_be_visible()
    page.evaluate(f"location.hash = '{view}'")
    return page


def setting(name, **more):
    row = ROWS[name]
    return json.dumps(
        {"name": name, "value": row.default, "default": row.default, "unit": row.unit,
         "range": list(row.choices or ()) or [row.minimum, row.maximum], "meaning": "in English"}
        | more
    )  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whether_a_password_is_set_can_be_read(tab, scheme):
    meter = House(json_get=setting("wifi_password", set=True))
    page = opened(tab, meter, "change", color_scheme=scheme)
    expect(page.get_by_label("wifi_password", exact=True)).to_be_visible()
    assert page.evaluate(HINT) >= AA


def test_where_the_system_chooses_the_colours_the_lines_can_be_told_apart(tab):
    page = opened(tab, House(), forced_colors="active")
    page.wait_for_timeout(3000)
    keys = page.evaluate(KEYS)
    assert len(set(keys)) == len(keys) == 3
    assert page.evaluate(COLOURED) > 100


def test_figures_that_change_all_the_time_are_not_read_out(tab):
    get = "\n".join(setting(name) for name in ("legs", "ct", "burden_mohm", "ev_source"))
    page = opened(tab, House(json_get=get), "install")
    page.get_by_role("button", name="2. CTs").click()
    figure = page.get_by_text("reads")
    expect(figure.first).to_be_visible()
    assert page.locator("[role=status], [role=alert], [aria-live]").filter(has=figure).count() == 0
    assert "reads" not in " ".join(page.locator("[role=status]").all_inner_texts())


def test_the_last_figures_of_a_meter_that_is_gone_look_doubtful(tab):
    meter = House()
    page = opened(tab, meter)
    live = page.evaluate(FIGURE)
    meter.heard = False
    expect(page.get_by_text("no meter answers")).to_be_visible()
    assert page.evaluate(FIGURE) != live
    meter.heard = True
    expect(page.get_by_text("no meter answers")).to_have_count(0)
    assert page.evaluate(FIGURE) == live


def test_the_next_step_is_where_the_keys_are(tab):
    page = opened(tab, House(json_get=setting("breaker_a")), "install")
    page.get_by_role("button", name="Next").press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "CTs"


def test_each_button_says_what_it_looks_for_again(tab):
    page = opened(tab, House(), "look")
    again = page.get_by_role("button", name="Look again")
    names = [again.nth(i).get_attribute("aria-label") for i in range(again.count())]
    assert len(set(names)) == len(names) == 3


def test_each_setting_is_explained_in_german(tab):
    get = "\n".join(setting(name) for name in ROWS)
    page = opened(tab, House(json_get=get), "change", locale="de-DE")
    expect(page.get_by_label("breaker_a", exact=True)).to_be_visible()
    helps = page.locator(".field .small")
    assert helps.count() == len(ROWS)
    assert [text for text in helps.all_inner_texts() if "in English" in text] == []
