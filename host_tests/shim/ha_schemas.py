"""Holds discovery messages against Home Assistant's own schemas; runs in a Python that has it.

Reads lines of JSON from standard input, each [topic, payload, value]: a message and the value that
its template makes of the state. Prints what Home Assistant would not take, and its version.
"""

import importlib
import json
import sys

from homeassistant.components.mqtt.abbreviations import (
    ABBREVIATIONS,
    DEVICE_ABBREVIATIONS,
    ORIGIN_ABBREVIATIONS,
)
from homeassistant.components.mqtt.discovery import MQTT_ORIGIN_INFO_SCHEMA, TOPIC_MATCHER
from homeassistant.components.mqtt.mixins import MQTT_ENTITY_DEVICE_INFO_SCHEMA
from homeassistant.components.sensor.const import (
    DEVICE_CLASS_STATE_CLASSES,
    DEVICE_CLASS_UNITS,
)
from homeassistant.const import __version__


def spelled(payload, words):
    return {words.get(key, key): value for key, value in payload.items()}


def keys_of(schema):
    """Every key that a schema, or one inside of vol.All, knows."""
    found = set()
    for part in getattr(schema, "validators", [schema]):
        if isinstance(getattr(part, "schema", None), dict):
            found |= {str(key) for key in part.schema}
    return found


def look(topic, payload, value):
    """Generates what is wrong."""
    prefix, _, rest = topic.partition("/")
    match = TOPIC_MATCHER.match(rest)
    if prefix != "homeassistant" or not match:
        yield "no discovery topic"
        return
    platform = importlib.import_module("homeassistant.components.mqtt." + match.group(1))
    config = spelled(payload, ABBREVIATIONS)
    base = config.pop("~", "~")
    for key, text in config.items():
        if key.endswith("topic"):
            config[key] = text.replace("~", base)
    config["device"] = spelled(config["device"], DEVICE_ABBREVIATIONS)
    config["origin"] = spelled(config["origin"], ORIGIN_ABBREVIATIONS)
    MQTT_ORIGIN_INFO_SCHEMA(config["origin"])
    MQTT_ENTITY_DEVICE_INFO_SCHEMA(config["device"])
    # An enum's options are younger than 2024.3, which takes them out and goes without.
    unknown = set(config) - keys_of(platform.DISCOVERY_SCHEMA) - {"origin", "options"}
    if unknown:
        yield f"unknown keys {unknown}"
    taken = platform.DISCOVERY_SCHEMA(config)
    yield from values(match.group(1), taken, value)


def values(platform, taken, value):
    kind = taken.get("device_class")
    if platform == "sensor" and kind in DEVICE_CLASS_UNITS:
        if taken.get("unit_of_measurement") not in DEVICE_CLASS_UNITS[kind]:
            yield f"unit of {kind}"
    if platform == "sensor" and kind and "state_class" in taken:
        if taken["state_class"] not in DEVICE_CLASS_STATE_CLASSES[kind]:
            yield f"state class of {kind}"
    if value is None:
        return
    if "options" in taken and value not in taken["options"]:
        yield f"{value} is no option"
    if "state_class" in taken or platform == "number":
        float(value)
    if platform == "number" and not taken["min"] <= value <= taken["max"]:
        yield f"{value} is out of range"
    if platform in ("binary_sensor", "switch"):
        if value not in (taken["payload_on"], taken["payload_off"]):
            yield f"{value} is neither on nor off"
    if len(str(value)) > 255:
        yield "longer than a state may be"


for line in sys.stdin:
    topic, payload, value = json.loads(line)
    try:
        for fault in look(topic, payload, value):
            print(f"{topic}: {fault}")
    except Exception as error:  # noqa: BLE001  voluptuous' own says what is wrong
        print(f"{topic}: {error!r}")
print(f"homeassistant {__version__}")
