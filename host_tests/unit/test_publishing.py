"""What the meter says on the network, turn by turn, without a network."""

import json

import pytest
from ha_documentation import faults, value_of
from publishing_home import ABOUT, BASE, CHARGER, NOW, Home, Meter

from headroom import records
from headroom.console.commands import telling
from headroom.network import commands, discovery, states
from headroom.planning import request


def test_on_joining_it_says_that_it_is_there_then_what_there_is_then_how_it_is():
    home = Home().run(15)
    said = home.broker.said
    assert said[0] == (BASE + "/status", "online", True)
    configs = [message for message in said if message[0].endswith("/config") and message[1]]
    assert all(retained for _, _, retained in configs)
    assert max(len(topic) + len(payload) for topic, payload, _ in said) < 1000
    state = dict(message[:2] for message in said if not message[2])
    assert json.loads(state[BASE + "/meter"]) == {
        "l1_current": 69.6, "l1_headroom": -0.1, "l2_current": 69.6, "l2_headroom": -0.1,
        "estimate": 12_345.67, "cars_energy": 0.09, "cars_current": 11.4, "problem": "off",
        "fault": "none", "frequency": 59.98, "settings": "01234567", "signal": -61,
    }  # fmt: skip
    assert json.loads(state[BASE + "/charger1"]) == {
        "current": 16.0, "allowed": 16.0, "effective": None, "configured": 32.0,
        "limited_by": "command", "reason": "lowered by request", "state": "charging",
        "problem": "off", "error": "none", "mode": "fast", "limit": 32.0, "pause": "off",
    }  # fmt: skip
    for topic, payload, _ in configs:
        payload = json.loads(payload)
        value = value_of(payload, json.loads(state[payload["stat_t"].replace("~", BASE)]))
        assert list(faults(topic, payload, value)) == []


def test_then_the_states_alone_each_five_seconds():
    home = Home().run(90)
    home.broker.said.clear()
    home.run(60)
    assert set(home.topics()) == {BASE + "/meter", BASE + "/charger1"}
    assert 9 <= home.topics().count(BASE + "/meter") <= 13


def test_all_is_said_again_on_a_birth_a_new_connection_or_a_figure_more():
    home = Home().run(20)
    for again in range(3):
        home.broker.said.clear()
        if again == 0:
            home.publishing.hear("homeassistant/status", b"offline", False)
            home.run(20)
            assert not [m for m in home.broker.said if m[0].endswith("/config") and m[1]]
            home.publishing.hear("homeassistant/status", b"online", False)
        elif again == 1:
            home.broker.joined += 1
        else:
            home.meter.all.append(CHARGER | {"name": "charger2"})
        home.run(25)
        assert len([m for m in home.broker.said if m[0].endswith("/config") and m[1]]) >= 24
    assert BASE + "/charger2" in home.topics()


WISHES = {"surplus_w": None, "inverter_w": None, "cap_cars_w": None, "price": None,
          "contact": None, "temperature_dc": None}  # fmt: skip


def test_a_figure_that_nobody_knows_any_more_is_unknown_and_another_one_is_found():
    home = Home()
    shown = {}
    for wish, name, value in (
        ({"price": "0.310"}, "Price", "0.310"), ({}, "Price", None),
        ({"surplus_w": 1500}, "Surplus for cars", 1500), ({}, "Surplus for cars", None),
    ):  # fmt: skip
        home.meter.now = NOW | {"planning": WISHES | wish}
        home.run(25)
        configs = [json.loads(m[1]) for m in home.broker.said if m[0].endswith("/config") and m[1]]
        state = [json.loads(m[1]) for m in home.broker.said if m[0] == BASE + "/meter"][-1]
        entity = next(payload for payload in configs if payload["name"] == name)
        shown[name] = value_of(entity, state, shown.get(name))
        assert shown[name] == value


def test_twenty_five_chargers_are_said_one_by_one():
    home = Home(25).run(120)
    assert BASE + "/charger25" in home.topics()
    names = [json.loads(m[1])["uniq_id"] for m in home.broker.said if m[0].endswith("/config")]
    assert len(set(names)) >= 25 * 12


def test_no_figure_goes_stale_while_all_is_told_to_a_home_assistant_that_starts():
    home = Home(25)
    home.broker.publish = lambda *message: home.broker.said.append(message) or True
    told_s = {}
    for turn in range(3000):
        before = len(home.broker.said)
        home.publishing.turn(100)
        for topic, _, retained in home.broker.said[before:]:
            if not retained:
                assert turn / 10 - told_s.get(topic, turn / 10) < discovery.STALE_S * 0.75
                told_s[topic] = turn / 10
        if turn == 1000:
            home.publishing.hear("homeassistant/status", b"online", False)
    assert len(told_s) == 26


def test_a_charger_that_is_no_more_is_taken_away_and_none_that_is_there():
    """Home Assistant removes what an empty message that is retained says nothing of."""
    kept = {}
    before = Home(3).run(90)
    after = Home(2, own=[2])
    after.meter.all = after.meter.all[1:]
    for topic, payload, retained in before.broker.said + after.run(90).broker.said:
        if retained and topic.endswith("/config"):
            kept[topic] = payload
    chargers = [json.loads(payload)["dev"]["name"] for payload in kept.values() if payload]
    assert {name for name in chargers if "charger" in name} == {"Headroom garage charger 2"}
    assert chargers.count("Headroom garage charger 2") == 12
    assert len(taken(after)) == 24 * 12, "once"


def of_birth(home):
    home.publishing.hear("homeassistant/status", b"online", False)


def of_join(home):
    home.broker.joined += 1


@pytest.mark.parametrize("start", [of_birth, of_join])
def test_whoever_starts_late_or_from_an_old_state_is_told_once_more_what_is_no_more(start):
    home = Home(1).run(120)
    home.broker.said.clear()
    start(home)
    assert len(taken(home.run(120))) == 24 * 12
    assert len(set(taken(home))) == 24 * 12


@pytest.mark.parametrize("every_s", [10, 30])
def test_a_figure_that_comes_and_goes_delays_no_charger_that_is_to_go(every_s):
    home = Home(1)
    for turn in range(400 // every_s):
        surplus = {"surplus_w": 1500} if turn % 2 else {}
        home.meter.now = NOW | {"planning": WISHES | surplus}
        home.run(every_s)
    assert len(taken(home)) == len(set(taken(home))) == 24 * 12


def taken(home):
    """The topics that are taken away."""
    return [m[0] for m in home.broker.said if m[0].endswith("/config") and not m[1]]


def test_one_of_the_settings_that_could_not_be_built_is_not_taken_away():
    home = Home(2)
    home.meter.all = home.meter.all[1:]
    assert not [topic for topic in taken(home.run(90)) if "/charger1_" in topic]


def test_among_many_chargers_those_that_are_no_more_go_too():
    home = Home(22)
    home.broker.publish = lambda *message: home.broker.said.append(message) or True
    assert len(set(taken(home.run(300)))) == 3 * 12


@pytest.mark.parametrize("lost_at_s", [20, 35, 50])
def test_what_was_lost_with_a_broker_is_taken_away_at_the_next(lost_at_s):
    home = Home(1).run(lost_at_s)
    home.broker.said.clear()
    home.broker.joined += 1
    assert len(set(taken(home.run(120)))) == 24 * 12


@pytest.mark.parametrize("where", ["status", "chargers", "wifi", "turn", "no memory"])
def test_whatever_raises_ends_in_a_pause_and_a_named_fault(where):
    home = Home().run(5)
    broken = [True]

    def fail(*_):
        if broken:
            raise MemoryError if where == "no memory" else KeyError(where)

    def collect():
        fail()
        return (yield from Meter.collect(home.meter))

    if where == "wifi":
        home.wifi.turn = fail
    elif where == "turn":
        home.broker.turn = fail
    elif where == "chargers":
        home.meter.all = [{"name": "charger1"}]
    else:
        home.meter.collect = collect
    home.run(12)
    assert home.broker.left
    assert set(home.broker.left) == {"a fault of our own"}
    [fault] = home.publishing.faults()
    assert "a fault of" in fault
    assert len(home.broker.left) <= 2, "ten seconds of rest between two tries"
    broken.clear()
    home.meter.all = Meter().all
    home.run(12)
    home.broker.up, home.broker.fault = True, ""
    home.broker.joined += 1
    home.broker.said.clear()
    home.run(20)
    assert BASE + "/charger1" in home.topics()
    assert list(home.publishing.faults()) == []


def test_without_wifi_nothing_is_said_and_it_is_named():
    home = Home().run(5)
    home.wifi.up, home.wifi.fault = False, "does not join: out of reach, or another password"
    home.broker.said.clear()
    home.run(5)
    assert home.broker.said == []
    assert home.broker.left == [""]
    assert list(home.publishing.faults()) == [
        "Wi-Fi does not join: out of reach, or another password"
    ]


def test_what_both_ends_must_agree_on():
    assert set(discovery.LIMITS) == (set(records.LIMIT_NAMES) - {"request"} | set(request.LIMITS))
    assert commands.SENT == telling._SENT
    assert discovery.MOST_CHARGERS == records.MAX_CHARGERS
    kinds = {key for table in (discovery._METER, discovery._CHARGER) for _, key, *_ in table}
    assert set(states.charger(CHARGER)) <= kinds


@pytest.mark.parametrize("name", ["a", "x" * 20, "A-b_9"])
def test_topics_have_the_end_of_the_chips_number(name):
    assert discovery.base_topic(name, ABOUT["id"]) == f"headroom/{name}-452e2f"
