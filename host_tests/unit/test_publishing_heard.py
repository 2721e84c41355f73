"""What the meter hears on the network: commands, and nothing else that is sent to it."""

import zlib

import pytest
from publishing_home import BASE, Home

from headroom.storage.events import Events


def test_what_is_sent_goes_through_the_door():
    home = Home()
    for which, payload, words in (
        ("limit/1", b"10 30", ["1", "10", "30"]),
        ("pause/12", b"on", ["12", "on"]),
        ("price", b"-0.05", ["-0.05"]),
        ("time", b"2026-11-26T21:04:05Z", ["2026-11-26T21:04:05Z"]),
    ):
        home.publishing.hear(f"{BASE}/set/{which}", payload, False)
        assert home.sent[-1] == ("mqtt", which.partition("/")[0], words)
    assert home.notes == []


@pytest.mark.parametrize(
    ("which", "payload"),
    [
        ("limit/1", b""), ("limit/1", b" 10"), ("limit/1", b"10  5"), ("limit/1", b"10\n"),
        ("limit/1", b"\xff"), ("limit/1", "zehn Ampère".encode()), ("limit/1", b"1" * 41),
        ("limit/1", b"1 2 3 4"), ("limit/", b"10"), ("limit/x", b"10"), ("limit/1/2", b"10"),
        ("limit/123", b"10"), ("", b"10"), ("breaker_a", b"400"), ("set", b"breaker_a 400"),
        ("limit/\u00b2", b"10"), ("limit/\uff11", b"10"), ("save", b"now"),
        ("unlock", b"1234"), ("service", b"1"), ("Limit/1", b"10"),
    ],
)  # fmt: skip
def test_what_is_no_command_changes_nothing_and_is_noted_once(which, payload):
    home = Home()
    for _ in range(3):
        home.publishing.hear(f"{BASE}/set/{which}", payload, False)
    assert home.sent == []
    assert len(home.notes) == 1
    assert home.notes[0].startswith("mqtt: ")
    assert home.notes[0].endswith("is no command; nothing was changed")


def test_what_is_retained_is_not_heard_however_right_it_is():
    home = Home()
    home.publishing.hear(BASE + "/set/limit/1", b"10", True)
    assert home.sent == []
    assert "retained, so nobody knows how old it is" in home.notes[0]


@pytest.mark.parametrize("retained", [False, True])
def test_no_topic_forges_an_event_of_the_log(tmp_path, retained):
    home = Home()
    forged = "999999 7 0 stopped: setup"
    line = f"\n{zlib.crc32(forged.encode()):08x} {forged}\n"
    home.publishing.hear(f"{BASE}/set/{line}", b"1", retained)
    log = Events(str(tmp_path))
    log.note(home.notes[0])
    log.write()
    [(number, boot, _, text)] = Events(str(tmp_path)).read()
    assert (number, boot) == (1, 1)
    assert text.startswith("mqtt: ")
    assert text.isprintable()


def test_what_was_not_asked_for_is_not_heard():
    home = Home()
    for topic in ("headroom/garage-aaaaaa/set/limit/1", "set/limit/1", "", "x" * 28 + "limit/1"):
        home.publishing.hear(topic, b"10", False)
    assert home.sent == home.notes == []


def test_a_refusal_is_noted():
    home = Home()
    home.refuses = ValueError("a limit is 0 to 80 A")
    home.publishing.hear(BASE + "/set/limit/1", b"99", False)
    assert home.notes == ["mqtt: limit 1 99: a limit is 0 to 80 A; nothing was changed"]
