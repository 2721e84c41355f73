"""What Home Assistant is told of a meter: its entities as one table, a retained message for each.

An entity is there if the state that is published (states.py) has its key. Keys of the messages are
the abbreviations of Home Assistant's MQTT discovery; their topics stand in `config_topic`.
"""

PREFIX = "homeassistant"
BIRTH = PREFIX + "/status"  # "online" once it has started: then all is told again
MOST_CHARGERS = 25
STALE_S = 60  # a figure that was not told again for so long is unknown

_KINDS = {  # device class: unit, state class
    "current": ("A", "measurement"),
    "power": ("W", "measurement"),
    "voltage": ("V", "measurement"),
    "frequency": ("Hz", "measurement"),
    "temperature": ("\u00b0C", "measurement"),
    "signal_strength": ("dBm", "measurement"),
    "energy": ("kWh", "total_increasing"),
}
_DIAGNOSTIC = "diagnostic"

# Platform, key, name, device class, category; "" where there is none.
_LEG = (
    ("sensor", "l%d_current", "L%d current", "current", ""),
    ("sensor", "l%d_headroom", "L%d headroom", "current", ""),
    ("sensor", "l%d_power", "L%d power", "power", ""),
    ("sensor", "l%d_voltage", "L%d voltage", "voltage", _DIAGNOSTIC),
)
_METER = (
    ("sensor", "power", "Power", "power", ""),
    ("sensor", "import", "Energy imported", "energy", ""),
    ("sensor", "export", "Energy exported", "energy", ""),
    ("sensor", "estimate", "Energy, estimated", "energy", ""),
    ("sensor", "cars_current", "Cars current", "current", ""),
    ("sensor", "cars_power", "Cars power", "power", ""),
    ("sensor", "cars_energy", "Cars energy", "energy", ""),
    ("sensor", "surplus", "Surplus for cars", "power", ""),
    ("sensor", "inverter", "Inverter power", "power", ""),
    ("sensor", "cap_cars", "Left for cars by the cap", "power", ""),
    ("sensor", "price", "Price", "", ""),
    ("sensor", "temperature", "Temperature", "temperature", ""),
    ("binary_sensor", "contact", "Grid operator limits", "", ""),
    ("binary_sensor", "problem", "Problem", "problem", _DIAGNOSTIC),
    ("sensor", "fault", "Fault", "", _DIAGNOSTIC),
    ("sensor", "frequency", "Mains frequency", "frequency", _DIAGNOSTIC),
    ("sensor", "settings", "Settings", "", _DIAGNOSTIC),
    ("sensor", "signal", "Wi-Fi signal", "signal_strength", _DIAGNOSTIC),
)
_CHARGER = (
    ("sensor", "current", "Current", "current", ""),
    ("sensor", "allowed", "Allowed", "current", ""),
    ("sensor", "effective", "Limit in effect", "current", ""),
    ("sensor", "configured", "Highest current", "current", _DIAGNOSTIC),
    ("sensor", "limited_by", "Limited by", "enum", ""),
    ("sensor", "reason", "Reason", "", ""),
    ("sensor", "state", "State", "enum", ""),
    ("binary_sensor", "problem", "Problem", "problem", _DIAGNOSTIC),
    ("sensor", "error", "Error", "", _DIAGNOSTIC),
    ("select", "mode", "Mode", "", ""),
    ("number", "limit", "Owner's limit", "current", ""),
    ("switch", "pause", "Pause", "", ""),
)
STATES = ("no car", "connected", "charging")
# What may be the smallest: limits of balancing, then of planning, by the names that both have.
LIMITS = (
    "none", "L1", "L2", "L3", "charger circuit", "charger maximum", "max_a setting",
    "share with the other chargers", "cable or temperature, as the charger reports",
    "what the car takes", "group 1", "group 2", "group 3", "group 4", "group 5", "group 6",
    "group 7", "group 8", "mode", "schedule", "price", "sun", "command", "demand cap",
    "grid contact", "temperature",
)  # fmt: skip


def base_topic(name, identity):
    """Before each of our topics; two meters of one name have two of them."""
    return "headroom/%s-%s" % (name, identity[-6:])


def of_meter(about, state):
    """Generates (topic, payload) of each entity of the meter.

    about  its `id`, `name`, `board`, `version`
    state  what states.meter gives
    """
    device = {
        "ids": ["headroom_" + about["id"]],
        "name": "Headroom " + about["name"],
        "mf": "Headroom",
        "mdl": about["board"],
        "sw": about["version"],
    }
    for n in range(1, 4):
        for platform, key, name, kind, category in _LEG:
            if key % n in state:
                row = platform, key % n, name % n, kind, category
                yield _entity(about, device, "", "meter", row, {})
    for row in _METER:
        if row[1] in state:
            yield _entity(about, device, "", "meter", row, {})


def of_charger(about, number, state, more):
    """The same of charger `number`; `more` is what states.beside gives."""
    which = "charger%d" % number
    device = {
        "ids": ["headroom_%s_%s" % (about["id"], which)],
        "name": "Headroom %s charger %d" % (about["name"], number),
        "mdl": more["title"],
        "via_device": "headroom_" + about["id"],
    }
    own: dict = {
        "limited_by": {"ops": LIMITS},
        "state": {"ops": STATES},
        "mode": {"ops": more["modes"]},
        "limit": {"min": 0, "max": more["max"], "step": 1, "mode": "box"},
    }
    for row in _CHARGER:
        key = row[1]
        if key not in state:
            continue
        found = own.get(key, {})
        if row[0] in ("select", "number", "switch"):
            found["cmd_t"] = "~/set/%s/%d" % (key, number)
        yield _entity(about, device, which + "_", which, row, found)


def gone(about, numbers):
    """Generates the topics of all entities of these chargers: an empty message that is retained
    takes one away, which was there before a setting changed."""
    for number in numbers:
        for platform, key, _, _, _ in _CHARGER:
            yield _topic(about, platform, "charger%d_%s" % (number, key))


def _topic(about, platform, name):
    return "%s/%s/headroom_%s/%s/config" % (PREFIX, platform, about["id"], name)


def _entity(about, device, prefix, topic, row, found):
    platform, key, name, kind, category = row
    found.update(
        {
            "~": base_topic(about["name"], about["id"]),
            "name": name,
            "uniq_id": "headroom_%s_%s%s" % (about["id"], prefix, key),
            "stat_t": "~/" + topic,
            "val_tpl": "{{ value_json.get('%s') }}" % key,  # unknown once it is not told
            "avty_t": "~/status",
            "dev": device,
            "o": {"name": "Headroom", "sw": about["version"]},
        }
    )
    if kind:
        found["dev_cla"] = kind
    if kind in _KINDS:
        found["unit_of_meas"], state_class = _KINDS[kind]
        if platform == "sensor":
            found["stat_cla"] = state_class
    if category:
        found["ent_cat"] = category
    if platform in ("binary_sensor", "switch"):
        found["pl_on"], found["pl_off"] = "on", "off"
    if platform in ("binary_sensor", "sensor"):
        found["exp_aft"] = STALE_S
    return _topic(about, platform, prefix + key), found
