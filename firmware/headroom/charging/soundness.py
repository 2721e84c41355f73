"""What the parts of a profile must be together so that it can be carried out.

schema.py checks each key by itself. Here: values that fit their registers, blocks that hold what
belongs together, and limits that the charger's settings keep. Only for a profile that somebody
wrote; the built-in ones are held against this in the tests.
"""

from . import words
from .schema import ProfileError

_FITS = {  # smallest and largest value by type; a float is exact up to 24 bits
    "u16": (0, 0xFFFF),
    "i16": (-0x8000, 0x7FFF),
    "u32": (0, 0xFFFFFFFF),
    "i32": (-0x80000000, 0x7FFFFFFF),
    "f32": (-0x1000000, 0x1000000),
    "coil": (0, 1),
}
_WHOLE = ("u16", "i16", "u32", "i32")
_NUMBER = _WHOLE + ("f32",)
_MOST_BLOCKS = 8
_MOST_WRITTEN = 123  # registers in one request of function 16
_LONGEST_MS = 4000  # of an exchange: the bus counts as hung after 5 s


def check(data):
    """ProfileError unless the parts of a profile that passed schema.check go together."""
    _limit(data)
    _kind("state", data["state"], _WHOLE)
    if "plug" in data["state"]:
        _kind("state.plug", data["state"]["plug"], _WHOLE)
    for key in ("readback", "cap"):
        if key in data:
            _kind(key, data[key], _NUMBER)
            _scale(key, data[key])
    _readback(data)
    _blocks(data)
    _written(data)
    _slots(data)
    _apart(data)


def unfit(profile, state, address, line):
    """Why a charger with these settings can't have this profile, "" if it can.

    `state` is its ChargerState, `line` (baud, parity, stop).
    """
    low, high = profile.data["addresses"]
    if not low <= address <= high:
        return "its address is %d, but the profile's 'addresses' are %d to %d" % (
            address,
            low,
            high,
        )
    if 0 < state.fallback_ma < profile.min_ma:
        return "its fallback_a is %d A, below the profile's 'min_ma' %d; 0 pauses" % (
            state.fallback_ma // 1000,
            profile.min_ma,
        )
    most_ma = min(profile.max_ma, state.circuit_ma, state.setting_ma)
    if state.fallback_ma > most_ma:
        return "its fallback_a is %d A, above what profile and circuit allow: %d mA" % (
            state.fallback_ma // 1000,
            most_ma,
        )
    if state.min_ma > most_ma:
        return "it needs %d mA at least ('min_ma', min_a), but may have %d mA at most" % (
            state.min_ma,
            most_ma,
        )
    longest_ms = _exchange_ms(profile.data, line[0])
    if longest_ms > _LONGEST_MS:
        return "an exchange may take %d ms at %d baud; %d ms is the most" % (
            longest_ms,
            line[0],
            _LONGEST_MS,
        )
    return ""


def _kind(key, item, allowed):
    if words.kind(item) not in allowed:
        raise ProfileError("'%s.type' is one of: %s here" % (key, ", ".join(allowed)))


def _scale(key, item):
    if "ma_per_count" in item and "counts_per_a" in item:
        raise ProfileError("'%s' has two scales; leave one out" % key)
    if words.kind(item) == "f32" and "counts_per_a" in item:
        raise ProfileError("'%s': a float's scale is 'ma_per_count'" % key)


def _fits(key, item, value):
    low, high = _FITS[words.kind(item)]
    if not low <= value <= high:
        raise ProfileError("'%s': %d does not fit its type, %d to %d" % (key, value, low, high))


def _limit(data):
    if data["min_ma"] > data["max_ma"]:
        raise ProfileError("'min_ma' %d is above 'max_ma' %d" % (data["min_ma"], data["max_ma"]))
    limit = data["limit"]
    _kind("limit", limit, _NUMBER)
    _scale("limit", limit)
    scaled = [("limit", limit)]
    fine = data.get("fine")
    if fine:
        _kind("fine", fine, _WHOLE)
        if "ma_per_count" not in limit:
            raise ProfileError("'fine' needs a 'limit' with 'ma_per_count'")
        finer = dict(limit)
        finer["ma_per_count"] = fine["ma_per_count"]
        scaled.append(("fine", finer))
    for key, item in scaled:
        _fits(key, item, words.counts(data["max_ma"], item))
        least_ma = words.quantised(data["min_ma"], item)
        if least_ma != data["min_ma"]:
            raise ProfileError(
                "'min_ma' %d would be told as %d mA by the scale and steps of '%s'"
                % (data["min_ma"], least_ma, key)
            )


def _readback(data):
    readback = data.get("readback", {})
    own = words.scaled(readback)
    if not own and "counts_per_a" in data["limit"] and words.kind(readback) == "f32":
        raise ProfileError("'readback': a float needs its own 'ma_per_count'")


def _blocks(data):
    blocks = data["reads"]
    if len(blocks) > _MOST_BLOCKS:
        raise ProfileError("'reads' has %d blocks at most" % _MOST_BLOCKS)
    for block in blocks:
        if block[1] + block[2] > 0x10000:
            raise ProfileError(
                "'reads': register %d and %d more do not exist" % (block[1], block[2])
            )
    items = data.get("current", ())
    for item in items:
        _kind("current", item, _NUMBER)
        _scale("current", item)
    first = min([item["register"] for item in items] or [0])
    last = max([item["register"] + words.width(item) for item in items] or [0])
    if items and not any(b[1] <= first and last <= b[1] + b[2] for b in blocks):
        raise ProfileError("'current': all its registers must be in one block of 'reads'")
    if _exchange_ms(data, data["baud"]) > _LONGEST_MS:
        raise ProfileError(
            "'reply_ms', 'quiet_ms' and the longest block take %d ms at %d baud; %d ms is the most"
            % (_exchange_ms(data, data["baud"]), data["baud"], _LONGEST_MS)
        )


def _exchange_ms(data, baud):
    """The longest exchange: silence, a request, the wait, a reply."""
    registers = max(block[2] for block in data["reads"])
    characters = 8 + 5 + 2 * registers
    if "slots" in data:
        characters = max(characters, 9 + 2 * data["slots"]["count"])
    return data["quiet_ms"] + data["reply_ms"] + characters * 11000 // baud


def _written(data):
    """Whatever is written fits its register, and what is written all the time is not in flash."""
    for key in ("limit", "pause", "token", "handshake"):
        if data.get(key, {}).get("flash"):
            raise ProfileError("'%s' is written all the time: it can't be kept in flash" % key)
    pause = data.get("pause")
    if pause:
        _fits("pause.stop", pause, pause["stop"])
        _fits("pause.run", pause, pause["run"])
        if pause["stop"] == pause["run"]:
            raise ProfileError("'pause': 'stop' and 'run' are the same")
    token = data.get("token")
    if token:
        _fits("token.value", token, token["value"])
        watchdog_ms = data.get("failsafe", {}).get("watchdog_ms", token["every_ms"] * 2)
        if not 500 <= token["every_ms"] <= watchdog_ms // 2:
            raise ProfileError("'token.every_ms' is from 500 to half of 'failsafe.watchdog_ms'")
    for pair in data.get("handshake", {}).get("answers", ()):
        _fits("handshake.answers", {}, pair[1])
    for key, items in (
        ("setup", data.get("setup", ())),
        ("failsafe.registers", data.get("failsafe", {}).get("registers", ())),
    ):
        for item in items:
            _set(key, item, data)


def _set(key, item, data):
    _kind(key, item, _NUMBER)
    if "held" in item:
        _kind(key + ".held", item["held"], _NUMBER)
        if "held" in item["held"]:
            raise ProfileError("'%s.held' is where it is read, and has no 'held' itself" % key)
    value = item["value"]
    if value == "fallback":
        _scale(key, item)
        _fits(key + ".zero", item, item.get("zero", 0))
        value = words.counts(data["max_ma"], item)
    for place in (item, item.get("held", item)):
        _fits(key + ".value", place, value)


def _slots(data):
    slots = data.get("slots")
    if not slots:
        return
    if "pause" in data or words.kind(data["limit"]) != "u16":
        raise ProfileError("'slots': a limit by broadcast is of type u16, and 0 pauses")
    if "readback" not in data:
        raise ProfileError("'slots': nobody acknowledges a broadcast; 'readback' is missing")
    if slots["unit"] > 255 or slots["count"] > _MOST_WRITTEN:
        raise ProfileError("'slots': 'unit' is 1 to 255, 'count' 1 to %d" % _MOST_WRITTEN)
    if data["limit"]["register"] + slots["count"] > 0x10000:
        raise ProfileError("'slots': %d registers from 'limit' on do not exist" % slots["count"])
    last = slots["first_address"] + slots["count"] - 1
    low, high = data["addresses"]
    if not slots["first_address"] <= low <= high <= last:
        raise ProfileError(
            "'slots' are for the addresses %d to %d, 'addresses' are %d to %d"
            % (slots["first_address"], last, low, high)
        )


def _apart(data):
    """No register is written for two purposes: a setup's value would be told as the limit."""
    parts = [(key, data[key]) for key in ("limit", "pause", "token", "handshake") if key in data]
    parts += [("setup", item) for item in data.get("setup", ())]
    parts += [
        ("failsafe.registers", item) for item in data.get("failsafe", {}).get("registers", ())
    ]
    taken = {}
    for key, item in parts:
        count = words.width(item)
        if key == "limit" and "slots" in data:
            count = data["slots"]["count"]
        for register in range(item["register"], item["register"] + count):
            place = (words.kind(item) == "coil", register)
            if place in taken:
                raise ProfileError(
                    "'%s' and '%s' both write register %d" % (taken[place], key, register)
                )
            taken[place] = key
