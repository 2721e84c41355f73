"""The console through the chip's USB: keys, jobs, `setup` to a working meter, and noise."""

import json
import random
import string

import pytest

from lab.chip.rig import LIMIT_A, Rig

PROMPT = b"\n> "
ANSWERS = ("setup", "2", "100", "200a50ma", "18", "heidelberg 1 20", "6", "none", "none")
WORDS = ("get", "set", "status", "log", "json", "help", "breaker_a", "50", "end", "hash", "stop")


def typed(meter, text, until, timeout_ms=5000):
    """What the terminal shows from `text` being typed until it shows `until`."""
    output = meter.chip.usb.output
    output.clear()
    meter.chip.usb.send(text)
    meter.chip.run_until(lambda: until in output, timeout_ms)
    meter.chip.run_ms(30)
    return output.decode()


def test_keys_complete_edit_and_bring_back_a_line(meter):
    assert "breaker_a " in typed(meter, b"get breaker\t", b"breaker_a ")
    assert "breaker_a = 100 A" in typed(meter, b"\r", PROMPT)
    assert "get breaker_a" in typed(meter, b"\x1b[A", b"breaker_a")
    assert "max_a" in typed(meter, b"\x15help charger1.max_a\r", PROMPT)


@pytest.mark.parametrize("end", [b"\x03", b"stop\r"], ids=["Ctrl-C", "stop"])
def test_watch_shows_the_current_and_ends(meter, end):
    assert " 40.0 A" in typed(meter, b"watch\r", b"ends this")
    typed(meter, end, PROMPT)
    assert json.loads(meter.ask("json status"))["good"]


@pytest.mark.slow
def test_setup_makes_a_working_meter_of_one_that_knows_nothing(image, firmware):
    rig = Rig(image, firmware, {})
    rig.set_currents(40, 30, 0)
    rig.start()
    assert "charger1.profile" in rig.ask("status"), "it says what is missing"
    for answer in ANSWERS:
        rig.chip.usb.send(answer.encode() + b"\r")
        rig.chip.run_ms(600)
    typed(rig, b"", b"the meter works", 30_000)
    told = json.loads(rig.ask("json status"))
    assert (told["good"], told["faults"]) == (True, [])
    assert told["legs"][0]["limit_ma"] == LIMIT_A * 1000
    assert told["chargers"][0]["online"]
    assert rig.wallbox.holding[261] in (0, 60)


@pytest.mark.slow
def test_noise_at_the_console_loses_no_sample_and_resets_nothing(meter):
    dice = random.Random(3)
    noise = string.printable.strip().replace("\x0b", "").replace("\x0c", "")
    for _ in range(40):
        junk = "".join(dice.choices(noise, k=9))
        line = " ".join([*dice.choices(WORDS, k=dice.randint(1, 4)), junk])
        typed(meter, f"stop\r{line}\rstop\r# end\r".encode(), b"# end\r\n> ", 8000)
    told = json.loads(meter.ask("json status"))
    assert (told["good"], told["faults"], told["lost_frames"]) == (True, [], 0)
    assert told["chargers"][0]["online"]
    assert meter.chip.resets == []
