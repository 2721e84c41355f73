"""What is published of a meter: figures of its status, in A, W, V and kWh.

From the objects of `json status`, whoever holds them. A number with decimals is a pair, (696, 10)
for 69.6: a board has no floats that would show as such. None is unknown; what the meter does not
have is not there at all.
"""

import json

_LONGEST = 250  # Home Assistant takes a state of 255 characters


def meter(now):
    """The state of the meter: a flat dict."""
    state = {}
    power_w = 0
    for leg in now["legs"]:
        name = leg["name"].lower()
        state[name + "_current"] = _tenths(leg["ma"])
        state[name + "_headroom"] = _tenths(leg["headroom_ma"])
        if "w" in leg:
            state[name + "_power"] = leg["w"]
            state[name + "_voltage"] = _tenths(leg["mv"]) if now["voltage"]["good"] else None
            power_w = None if power_w is None or leg["w"] is None else power_w + leg["w"]
    if "voltage" in now and now["legs"]:
        state["power"] = power_w
    _add_energy(state, now)
    if now["ev_ma"] >= 0:
        state["cars_current"] = _tenths(now["ev_ma"])
        if "ev" in now:
            state["cars_power"] = now["ev"]["w"]
    if "planning" in now:
        _add_wishes(state, now["planning"])
    faults = now["faults"]
    state["problem"] = "on" if faults else "off"
    state["fault"] = faults[0][:_LONGEST] if faults else "none"
    state["frequency"] = (now["mains_mhz"] // 10, 100) if now["mains_mhz"] else None
    state["settings"] = now["settings_hash"]
    return state


def charger(now):
    """The state of one charger: a flat dict."""
    state = {
        "current": _tenths(now["reported_ma"]) if now["reported_ma"] >= 0 else None,
        "allowed": _tenths(now["allocation_ma"]),
        "effective": _tenths(now["offer_ma"]) if now["offer_ma"] >= 0 else None,
        "configured": _tenths(now["max_ma"]),
        "limited_by": now["limited_by"],
        "reason": now["reason"][:_LONGEST],
        "state": ("no car", "connected", "charging")["ABC".index(now["state"])],
        "problem": "off" if now["online"] and not now["holds_ma"] else "on",
        "error": now.get("error", "")[:_LONGEST] or "none",
    }
    if now["limited_by"] == "request":
        state["limited_by"] = now["request_by"] or "none"
    if "mode" in now:
        state["mode"] = now["mode"]
    if "paused" in now:
        most_ma = now["max_ma"]
        told_ma = now["command_ma"]
        state["limit"] = _tenths(most_ma if told_ma is None else min(told_ma, most_ma))
        state["pause"] = "on" if now["paused"] else "off"
    return state


def text(state):
    """As JSON."""
    parts = []
    for key, value in state.items():
        if isinstance(value, tuple):
            number, over = value
            sign = "-" if number < 0 else ""
            digits = len(str(over)) - 1
            value = "%s%d.%0*d" % (sign, abs(number) // over, digits, abs(number) % over)
        else:
            value = json.dumps(value)
        parts.append('"%s": %s' % (key, value))
    return "{%s}" % ", ".join(parts)


def beside(now):
    """Of one charger what its entities are described by."""
    return {
        "title": now.get("title", "Relay"),
        "modes": now.get("modes", ()),
        "max": now["max_ma"] // 1000,
    }


def _add_energy(state, now):
    if "house" in now:
        state["import"] = _kwh(now["house"]["import_wh"])
        state["export"] = _kwh(now["house"]["export_wh"])
    elif now["legs"]:
        legs = [total["wh_estimate"] for total in now["energy"] if total["name"] != "EV"]
        state["estimate"] = _kwh(sum(legs))
    for total in now["energy"]:
        if total["name"] == "EV":
            state["cars_energy"] = _kwh(total.get("import_wh", total["wh_estimate"]))


def _add_wishes(state, planning):
    for key, name in (
        ("surplus", "surplus_w"),
        ("inverter", "inverter_w"),
        ("cap_cars", "cap_cars_w"),
        ("price", "price"),
    ):
        if planning[name] is not None:
            state[key] = planning[name]
    if planning["contact"]:
        state["contact"] = "on" if planning["contact"]["limits"] else "off"
    if planning["temperature_dc"] is not None:
        state["temperature"] = planning["temperature_dc"], 10


def _tenths(milli):
    return (milli + 50) // 100, 10


def _kwh(wh):
    return wh // 10, 100
