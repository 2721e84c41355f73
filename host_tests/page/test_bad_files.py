"""Files and meters that mean harm: nothing half taken, nothing sent, no view lost."""

import json

import pytest
from browser import from_disk
from scripted_meter import LEG, STATUS, Scripted

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

CHARGER = {
    "name": "charger1", "online": True, "state": "C", "offer_ma": 6000, "reported_ma": -1,
    "reason": "all that the limit allows", "limited_by": "L1", "title": "", "next": "",
}  # fmt: skip
WELL = {"code": "well", "text": "shows on L1"}


def setting(name, value, default, allowed):
    return json.dumps(
        {"name": name, "value": value, "default": default, "range": allowed, "unit": "",
         "meaning": ""}
    )  # fmt: skip


GET = "\n".join(
    [
        setting("legs", 2, 2, [0, 3]),
        setting("breaker_a", 100, 100, [10, 400]),
        setting("zone", "UTC0", "UTC0", [0, 60]),
        setting("wifi_ssid", "", "", [0, 68]),
        setting("wifi_password", "", "", [0, 132]).replace("}", ', "set": true}'),
    ]
)
REFUSED = "error: unknown setting 'charger26.'; nothing was changed"


class Meter(Scripted):
    """Notes the lines that it was given besides the page's own questions."""

    def __init__(self, status=STATUS, **answers):
        super().__init__(status, json_get=GET, **{"json_get_charger26.": REFUSED}, **answers)
        self.given = []

    def answer(self, line):
        if line and not line.startswith("json"):
            self.given.append(line)
        return super().answer(line)


def opened(tab, meter, view):
    page = from_disk(tab(), meter.read, meter.write)
    page.get_by_role("button", name="Connect to the meter").click()
    expect(page.locator(".leg .figure").first).to_be_visible()
    page.get_by_role("link", name=view, exact=True).click()
    return page


def take(page, *lines):
    text = "\n".join(["begin", *lines, "end"])
    file = {"name": "house.cfg", "mimeType": "text/plain", "buffer": text.encode()}
    page.locator("input[type=file]").set_input_files(file)


@pytest.mark.parametrize(
    "lines",
    [
        ['set zone "A\rpin 9999\r"'],
        ["set zone A\x03"],
        ["set name Zürich"],
        ["set" + ' "" ""' * 20 + ' " "' * 20 + ' "'],
        ["set legs 1", "end", "begin", "set legs 2"],
        ["pin 9999"],
    ],
)
def test_a_line_that_is_no_setting_is_told_and_nothing_becomes_of_the_file(tab, lines):
    meter = Meter()
    page = opened(tab, meter, "Change")
    expect(page.get_by_label("legs", exact=True)).to_be_visible()
    before = list(meter.given)
    take(page, *lines)
    expect(page.get_by_text("A line of the file is no setting")).to_be_visible()
    expect(page.get_by_text("Nothing is changed.", exact=True)).to_be_visible()
    assert meter.given == before


def test_what_cannot_be_typed_is_told_and_not_sent(tab):
    meter = Meter()
    page = opened(tab, meter, "Change")
    page.get_by_label("zone", exact=True).fill("Zürich")
    before = list(meter.given)
    page.get_by_role("button", name="Save and restart").click()
    expect(page.get_by_text("“ü” cannot be typed at the meter")).to_be_visible()
    assert meter.given == before


def test_the_meters_own_file_leaves_its_secrets(tab):
    meter = Meter()
    page = opened(tab, meter, "Change")
    expect(page.get_by_label("wifi_password", exact=True)).to_have_attribute("type", "password")
    take(page, "defaults", "set legs 2", "# wifi_password is set, and not in these lines")
    expect(page.get_by_text("house.cfg is what the meter has")).to_be_visible()


@pytest.mark.parametrize(
    "line", ["set wifi_password hétérodyne", "set name x wifi_password hété 1"]
)
def test_a_line_that_is_no_setting_tells_nobody_a_password(tab, line):
    page = opened(tab, Meter(), "Change")
    take(page, line)
    expect(page.get_by_text("A line of the file is no setting")).to_contain_text("(left out)")
    assert "hété" not in page.locator("body").inner_text()


def test_the_ratio_of_another_legs_voltage_goes_to_the_meter_with_the_file(tab):
    ratio = setting("v2.ratio", 0, 0, [0, 1270000])
    page = opened(tab, Meter(**{"json_get_v2.": ratio}), "Change")
    take(page, "set v2.ratio 234500")
    changes = page.get_by_role("region", name="Before it is saved")
    expect(changes.get_by_role("row").nth(1)).to_have_text("v2.ratio0234500")


def test_what_the_meter_took_before_the_line_broke_can_still_be_saved(tab):
    """The settings are what was wanted, so nothing differs; but none of it is in force."""
    meter = Meter(STATUS | {"unsaved": True})
    page = opened(tab, meter, "Change")
    expect(page.get_by_label("legs", exact=True)).to_be_visible()
    page.get_by_role("button", name="Save and restart").click()
    page.wait_for_timeout(1000)
    assert meter.given[-1] == "save"


def test_a_name_as_its_bytes_goes_to_the_meter_as_the_file_has_it(tab):
    meter = Meter()
    plain = meter.answer

    def answer(line):
        if line == "save":
            meter.answers["json_status"] = json.dumps(STATUS | {"boot": 2})
        return plain(line)

    meter.answer = answer
    page = opened(tab, meter, "Change")
    take(page, "set wifi_ssid hex:c3bc")
    page.get_by_role("button", name="Save and restart").click()
    expect(page.get_by_text("Saved: the meter is back")).to_be_visible()
    begin = meter.given.index("begin")
    assert meter.given[begin : begin + 4] == ["begin", "set wifi_ssid hex:c3bc", "end", "save"]


def test_a_charger_that_no_meter_has_is_refused_once(tab):
    meter = Meter()
    page = opened(tab, meter, "Change")
    take(page, "set charger26.profile abb")
    expect(page.get_by_text("unknown setting 'charger26.'")).to_be_visible()
    take(page, "set legs 1")
    expect(page.get_by_text("unknown setting 'charger26.'")).to_have_count(0)
    expect(page.locator(".differences tbody tr")).to_have_count(1)


@pytest.mark.parametrize("legs", ["-1", "1000000000", "2.5", "many"])
def test_a_number_of_legs_that_cannot_be_loses_no_view(tab, legs):
    page = opened(tab, Meter(), "Change")
    take(page, f"set legs {legs}")
    expect(page.locator(".differences tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Install", exact=True).click()
    expect(page.get_by_text("from the grid")).to_be_visible()
    page.get_by_role("link", name="Watch", exact=True).click()
    expect(page.locator(".leg .figure")).to_contain_text("5.0")


def at_the_test(tab, meter):
    page = opened(tab, meter, "Install")
    page.get_by_role("button", name="5. ").click()
    page.get_by_role("button", name="Start the self-test").click()
    return page


@pytest.mark.parametrize("other", [{"settings_hash": "89abcdef"}, {"id": "another"}])
def test_a_certificate_is_of_this_meter_with_these_settings(tab, other):
    events = "\n".join(json.dumps(event) for event in ({"charger": "charger1"}, WELL))
    status = STATUS | {"id": "one", "chargers": [CHARGER]}
    meter = Meter(status, json_selftest=events)
    page = at_the_test(tab, meter)
    expect(page.locator(".verdicts .good")).to_be_visible()
    page.get_by_role("button", name="6. ").click()
    expect(page.locator(".certificate .verdicts .good")).to_be_visible()
    meter.answers["json_status"] = json.dumps(status | other)
    expect(page.locator(".certificate .verdicts")).to_have_count(0)
    expect(page.locator(".certificate").get_by_text("not tested")).to_be_visible()


def test_a_self_test_that_was_stopped_is_none(tab):
    status = STATUS | {"id": "one", "chargers": [CHARGER]}
    meter = Meter(status)
    plain = meter.answer

    def answer(line):
        if line == "json selftest":  # it goes on, and tells one finding
            return json.dumps({"charger": "charger1"}) + "\n" + json.dumps(WELL) + "\n\0"
        return plain(line)

    say = meter.say
    meter.answer = answer
    meter.say = lambda text: say(text.split("\0")[0])  # no prompt until `stop` is typed
    page = at_the_test(tab, meter)
    start = page.get_by_role("button", name="Start the self-test")
    expect(page.locator(".verdicts .good")).to_be_visible()
    page.get_by_role("link", name="Watch").click()  # it goes on meanwhile
    page.get_by_role("link", name="Install").click()
    expect(start).to_be_disabled()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(start).to_be_enabled()
    expect(page.get_by_text("That did not work")).to_have_count(0)
    page.get_by_role("button", name="6. ").click()
    expect(page.locator(".certificate").get_by_text("not tested")).to_be_visible()
    expect(page.locator(".certificate .verdicts")).to_have_count(0)


@pytest.mark.parametrize("view", ["Watch", "Look into it", "Change", "Install"])
def test_words_of_any_length_fit_a_phone(tab, view):
    long = {"title": "T" * 200, "reason": "R" * 200, "next": "N" * 200}
    chargers = [CHARGER | long | {"name": f"charger{n}"} for n in range(1, 26)]
    status = STATUS | {"chargers": chargers, "faults": ["F" * 300], "legs": [LEG]}
    page = opened(tab, Meter(status), view)
    page.set_viewport_size({"width": 320, "height": 700})
    expect(page.get_by_text("F" * 300).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
