"""What a person at the console sees and may do of a charger on a relay."""

from relay_plant import Plant, relay

from headroom.console import screen
from headroom.settings import table
from headroom.settings.store import Store

WHOLE = (
    "set charger1.profile relay charger1.pin 10 charger1.circuit_a 50 charger1.max_a 40"
    " charger1.fallback_a 0"
)


def test_one_line_as_on_the_boards_page_makes_it(desk):
    relay()  # the board has these pins
    assert "set charger1.pin (free on this board: 10, 11, 12)" in desk.ask(
        "set charger1.profile relay"
    )
    assert "charger1.fallback_a = 0 A" in desk.ask(WHOLE)


def test_what_it_draws_when_on_is_no_wish_and_needs_the_pin(desk):
    relay()
    desk.ask(WHOLE)
    desk.ask("pin 4321", 1000)
    desk.ask("lock")
    for name in ("max_a 30", "pin 11", "readback_pin 11", "rest_s 60"):
        assert "'unlock PIN' first" in desk.ask(f"set charger1.{name}"), name


def test_setup_takes_a_relay_with_its_pin_and_the_current_of_its_circuit(desk, tmp_path):
    relay()
    desk.type("setup\r\r\r\r18\r")
    assert "charger1.pin 9 is not free" in desk.type("relay 9 50\r")
    assert "6. Current" in desk.type("relay 10 50, heidelberg 1 20\r")
    assert "7. GPIO" in desk.type("8\r")
    assert "charger1.pin and contact_pin are both 10" in desk.type("10\r")
    assert "8. PIN" in desk.type("11\r")
    desk.type("none\r", 1000)
    values = Store(str(tmp_path)).load()
    assert [table.of_charger(values, 1, key) for key in ("pin", "max_a", "fallback_a")] == [
        10,
        40,
        0,
    ]
    assert table.of_charger(values, 2, "fallback_a") == 8
    assert values["contact_pin"] == 11


def test_it_is_described_as_what_it_is(tmp_path, monkeypatch):
    house = Plant(tmp_path, monkeypatch, charger1__readback_pin=11)
    shown = screen.charger(house.told()[1][0])
    assert shown == (
        "charger1: relay on GPIO 10, off; by its read-back off\n"
        "  off, or 40.0 A; switched on 0 times since the start\n"
        "  failsafe off without power, while it starts, and when blind\n"
    )
    house.started()
    assert "on; by its read-back current may flow" in screen.charger(house.told()[1][0])
    assert house.told()[0] == []
