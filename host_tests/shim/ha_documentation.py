"""What Home Assistant's documentation asks of a discovery message, by the full names of its keys.

From the pages on the MQTT integration (discovery, sensor, binary sensor, select, number, switch),
on device classes of sensors and numbers, and on the state classes of energy, as of 2024.3 to 2026.
"""

import re

SPELLED = {
    "stat_t": "state_topic", "cmd_t": "command_topic", "avty_t": "availability_topic",
    "val_tpl": "value_template", "uniq_id": "unique_id", "dev": "device", "o": "origin",
    "dev_cla": "device_class", "stat_cla": "state_class", "unit_of_meas": "unit_of_measurement",
    "ent_cat": "entity_category", "exp_aft": "expire_after", "ops": "options", "mode": "mode",
    "pl_on": "payload_on", "pl_off": "payload_off", "name": "name", "min": "min", "max": "max",
    "step": "step", "~": "~",
}  # fmt: skip
EVERYWHERE = {
    "~", "name", "unique_id", "device", "origin", "availability_topic", "state_topic",
    "value_template", "entity_category", "device_class",
}  # fmt: skip
MORE = {
    "sensor": {"unit_of_measurement", "state_class", "expire_after", "options"},
    "binary_sensor": {"payload_on", "payload_off", "expire_after"},
    "select": {"command_topic", "options"},
    "number": {"command_topic", "min", "max", "step", "mode", "unit_of_measurement"},
    "switch": {"command_topic", "payload_on", "payload_off"},
}
DEVICE = {"ids", "name", "mf", "mdl", "sw", "via_device"}
UNITS = {  # of a device class: units that are allowed
    "current": {"A", "mA"}, "power": {"W", "kW"}, "voltage": {"V", "mV"}, "energy": {"Wh", "kWh"},
    "frequency": {"Hz", "kHz"}, "temperature": {"°C", "°F"}, "signal_strength": {"dB", "dBm"},
}  # fmt: skip
TEMPLATE = re.compile(r"\{\{ value_json(?:\.get\('(\w+)'\)|\.(\w+)) \}\}")
TOPIC = re.compile(r"homeassistant/(\w+)/([\w-]+)/([\w-]+)/config")


def value_of(payload, state, before=None):
    """What an entity shows after a state: None is unknown.

    An attribute that isn't there gives an empty text. That is passed over, and what was shown
    `before` stays: `expire_after` begins anew with each message, whatever is in it.
    """
    asked, attribute = TEMPLATE.fullmatch(payload["val_tpl"]).groups()
    return state.get(asked) if asked else state.get(attribute, before)


def faults(topic, payload, value):
    """Generates what is wrong with a message, and with the value that its template gives."""
    match = TOPIC.fullmatch(topic)
    if not match:
        yield "no discovery topic"
        return
    platform = match[1]
    config = {SPELLED[key]: payload[key] for key in payload}
    yield from (f"{key} is for others" for key in set(config) - EVERYWHERE - MORE[platform])
    if not set(config["device"]) <= DEVICE or not config["device"]["ids"]:
        yield "device"
    if not config["origin"].get("name"):
        yield "origin has no name"
    kind, unit = config.get("device_class"), config.get("unit_of_measurement")
    if platform in ("sensor", "number") and kind in UNITS and unit not in UNITS[kind]:
        yield f"unit of {kind}"
    if unit and kind not in UNITS:
        yield "a unit without a device class that has it"
    state_class = config.get("state_class")
    if state_class and state_class != ("total_increasing" if kind == "energy" else "measurement"):
        yield f"state class of {kind}"
    if (kind == "enum") != (platform == "sensor" and "options" in config):
        yield "options are of an enum, and an enum has them"
    if kind == "enum" and (state_class or unit):
        yield "an enum has neither unit nor state class"
    if platform == "binary_sensor" and kind not in (None, "problem"):
        yield "device class of a binary sensor"
    if config.get("entity_category") not in (None, "diagnostic"):
        yield "entity category"
    if platform in ("select", "number", "switch") and not config.get("command_topic"):
        yield "nothing to command"
    yield from of_value(platform, config, value)


def of_value(platform, config, value):
    if value is None:
        return
    if "options" in config and value not in config["options"]:
        yield f"{value} is no option"
    if "state_class" in config and not isinstance(value, (int, float)):
        yield f"{value} is no number"
    if platform == "number" and not config["min"] <= value <= config["max"]:
        yield f"{value} is out of range"
    if "payload_on" in config and value not in (config["payload_on"], config["payload_off"]):
        yield f"{value} is neither on nor off"
    if len(str(value)) > 255:
        yield "longer than a state may be"
