"""What the page makes of a line on which no sound meter is: said in words, nothing believed."""

import json

import pytest
from browser import from_disk
from scripted_meter import LEG, STATUS, Scripted

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

STRANGE = "odd \x00\x07\x1b[2J\u202e bytes \ufffd <b>bold</b>"


def connected(tab, meter, opens=lambda: ""):
    page = from_disk(tab(), meter.read, meter.write, opens)
    page.get_by_role("button", name="Connect to the meter").click()
    return page


def test_a_port_that_another_program_has(tab):
    busy = ["Failed to open serial port."]
    page = connected(tab, Scripted(), lambda: busy[0])
    expect(page.get_by_text("another program has it")).to_be_visible()
    busy[0] = ""
    expect(page.get_by_text("Connected: pico")).to_be_visible()


def test_a_line_that_says_nothing(tab):
    meter = Scripted()
    meter.write = lambda data: None
    page = connected(tab, meter)
    expect(page.get_by_text("no meter answers")).to_be_visible()


def test_something_else_that_talks_all_the_time(tab):
    meter = Scripted()
    meter.write = lambda data: None
    meter.read = lambda: b"$GPGGA,123519,4807.038,N,01131.000,E\r\n"
    page = connected(tab, meter)
    expect(page.get_by_text("no meter answers")).to_be_visible()


def test_micropythons_own_prompt(tab):
    meter = Scripted()
    meter.write = lambda data: meter.say("MicroPython v1.28.0\n>>> ")
    page = connected(tab, meter)
    expect(page.get_by_text("MicroPython's own prompt")).to_be_visible()


@pytest.mark.parametrize(("version", "told"), [("0.0.9", "is older than"), ("0.10.0", "is newer")])
def test_a_firmware_of_another_age(tab, version, told):
    page = connected(tab, Scripted(STATUS | {"version": version}))
    expect(page.get_by_text(told)).to_be_visible()
    expect(page.locator(".leg .figure")).to_contain_text("5.0")


def test_a_damaged_answer_is_not_believed_and_asked_for_again(tab):
    meter = Scripted()
    page = connected(tab, meter)
    for damaged in (
        '{"version": "0.1.0", "legs": [{"na',
        "[]",
        "null",
        json.dumps(STATUS | {"legs": "none"}),
        json.dumps(STATUS | {"legs": [LEG | {"ma": "many"}]}),
        json.dumps(STATUS | {"legs": [LEG | {"ma": 1e308}]}),
        json.dumps(STATUS | {"ev_ma": 0}).replace('"ev_ma": 0', '"ev_ma": 1e999'),
        json.dumps(STATUS | {"faults": [5]}),
        json.dumps(STATUS | {"energy": [None]}),
        json.dumps(STATUS | {"chargers": [{"name": "charger1", "state": "C", "offer_ma": 0}]}),
        json.dumps({key: STATUS[key] for key in STATUS if key != "cause"}),
        json.dumps({key: STATUS[key] for key in STATUS if key != "faults"}),
    ):
        meter.answers["json_status"] = damaged
        expect(page.get_by_text("answer was damaged on the way")).to_be_visible()
        meter.answers["json_status"] = json.dumps(STATUS)
        expect(page.get_by_text("answer was damaged on the way")).to_have_count(0)
        expect(page.locator(".leg .figure")).to_contain_text("5.0")


def test_a_meter_that_stops_in_the_midst_of_a_line(tab):
    meter = Scripted()
    page = connected(tab, meter)
    expect(page.locator(".leg .figure")).to_contain_text("5.0")
    whole = meter.answers["json_status"]
    meter.answer = lambda line: whole[:40] if line == "json status" else ""
    meter.write = lambda data: meter.say('json status\n{"version": "0.1.0", "bo')
    expect(page.get_by_text("no meter answers")).to_be_visible()
    expect(page.locator(".leg .figure")).to_contain_text("5.0")


def test_strange_bytes_in_the_log_are_text(tab):
    event = json.dumps({"number": 1, "boot": 1, "s": 3, "text": STRANGE})
    meter = Scripted(json_log_100=event)
    page = connected(tab, meter)
    page.get_by_role("link", name="Look into it").click()
    cell = page.get_by_role("cell", name="odd")
    expect(cell).to_have_text("odd \ufffd\ufffd\ufffd[2J\ufffd bytes \ufffd <b>bold</b>")
    assert page.locator("td b").count() == 0
