"""What a charger profile may say, and the one sentence that tells what is wrong with one.

    name, title     as in the settings; as people call it
    baud, parity, stop    its line as delivered: parity "N", "E" or "O"
    bauds, parities       other choices that the charger offers; absent: it has no other
    addresses       (lowest, highest) Modbus address
    min_ma, max_ma  what it can be told, besides 0 for pause
    quiet_ms        silence that it wants between frames
    reply_ms        longest wait for its reply to begin
    refresh_ms      the limit is written again this often: to keep it alive, and right
    raise_ms        shortest time between two raises; a reduction never waits
    word_order      "high" (usual) or "low": which word of a 32-bit value comes first
    limit           item: the current that it may draw, with its scale; step_ma: told in such steps
    fine            if `mask` is set in holding register `register`, `ma_per_count` is finer
    pause           item with the values `stop` and `run`; absent: a limit of 0 pauses
    slots           the limit goes by broadcast to `unit`: `count` slots from `limit` on, one for
                    each address from `first_address`
    handshake       the car waits until its state value is answered: `register`, pairs in `answers`
    token           item with `value` and `every_ms`: a keep-alive that must be written
    setup           items with a `value` or "fallback", written once if different
    failsafe        its own watchdog: `watchdog_ms`, `loss` ("fallback" or "stop"), `registers`:
                    items that set it up; absent: it has none, the meter alone protects
    reads           blocks to poll: (function, first register, count), never over a hole
    state           item with the values (after `shift` and `mask`) that mean idle, car (it is
                    connected), charging and error; `unsure` values ask the item `plug`: a car is
                    there if it is `at_least` that
    current         one item for each phase that it measures, all in one block of `reads`
    cap             item: the most that it allows itself (cable, its own setting), 0 for unknown
    readback        item: the limit as it holds it; `at_most`: it may hold less than told
    options         {name: keys to put over these}: other readings of an open fact
    note            one sentence for the installer

An item has `register` (as on the wire, from 0), and if needed `type` (u16, i16, u32, i32, f32,
coil), `write` (6 or 16), `read` (3 or 4), a scale (`ma_per_count` or `counts_per_a`), `zero` (what
to write for a fallback of 0), `held` (item to read it back from, if not itself), and `flash`: it
is kept in flash, never written cyclically.
"""

from . import families, words

_SCALED = ("ma_per_count", "counts_per_a")
_ITEM = ("register", "type", "write", "read", "flash", "zero", "value", "held") + _SCALED
_REQUIRED = (
    "name",
    "title",
    "baud",
    "parity",
    "stop",
    "addresses",
    "min_ma",
    "max_ma",
    "quiet_ms",
    "reply_ms",
    "refresh_ms",
    "limit",
    "reads",
    "state",
)
_NUMBERS = {  # key: smallest, largest
    "baud": (1200, 115200),
    "stop": (1, 2),
    "min_ma": (1000, 80000),
    "max_ma": (1000, 80000),
    "quiet_ms": (0, 1000),
    "reply_ms": (20, 2000),
    "refresh_ms": (500, 60000),
    "raise_ms": (0, 60000),
}
_TEXTS = ("name", "title", "note", "parity", "parities", "word_order")
_LISTS = ("addresses", "bauds", "setup", "reads", "current")
_PARTS = {  # key: what it must have, what it may have besides an item's own
    "limit": (("register",), ("step_ma",)),
    "fine": (("register", "mask", "ma_per_count"), ()),
    "pause": (("register", "stop", "run"), ()),
    "slots": (("unit", "count", "first_address"), ()),
    "handshake": (("register", "answers"), ()),
    "token": (("register", "value", "every_ms"), ()),
    "failsafe": (("watchdog_ms", "loss", "registers"), ()),
    "state": (
        ("register", "idle", "car", "charging"),
        ("shift", "mask", "error", "unsure", "plug"),
    ),
    "readback": (("register",), ("at_most",)),
    "cap": (("register",), ()),
    "options": ((), None),
}
_ALL = tuple(_NUMBERS) + _TEXTS + _LISTS + tuple(_PARTS)


class ProfileError(ValueError):
    """A profile that can't be; the text names the file, the key and what is allowed."""


def known(key):
    """Whether a profile may have that key."""
    return key in _ALL


def check(data, source):
    """ProfileError, with `source` (file name) in its text, unless the profile can be."""
    try:
        _check(data)
    except ProfileError as error:
        raise ProfileError("%s: %s" % (source, error))


def _check(data):
    if not isinstance(data, dict):
        raise ProfileError("a profile is a table of keys and values")
    for key in data:
        if key not in _ALL:
            raise ProfileError("unknown key '%s'; allowed: %s" % (key, ", ".join(sorted(_ALL))))
    for key in _REQUIRED:
        if key not in data:
            raise ProfileError("'%s' is missing" % key)
    for key, value in data.items():
        if key in _NUMBERS:
            _number(key, value, *_NUMBERS[key])
        elif key in _LISTS:
            _list(key, value)
        elif key in _PARTS:
            _parts(key, value)
        elif not isinstance(value, str):
            raise ProfileError("'%s' is a text" % key)
    _line(data)
    _limit(data)
    _state(data["state"])
    _reads(data)
    for item in data.get("setup", ()):
        _setup("setup", item)
    _failsafe(data)


def _parts(key, value):
    needed, more = _PARTS[key]
    if not isinstance(value, dict):
        raise ProfileError("'%s' is a table" % key)
    for part in needed:
        if part not in value:
            raise ProfileError("'%s' lacks '%s'" % (key, part))
    if more is not None:
        allowed = needed + more + _ITEM
        for part in value:
            if part not in allowed:
                raise ProfileError(
                    "'%s': unknown key '%s'; allowed: %s" % (key, part, ", ".join(allowed))
                )
    if "register" in value:
        _item(key, value)


def _item(key, item):
    if not isinstance(item, dict) or "register" not in item:
        raise ProfileError("'%s' lacks 'register'" % key)
    _number(key + ".register", item["register"], 0, 0xFFFF)
    _one_of(key + ".type", words.kind(item), tuple(words.WIDTHS))
    _one_of(key + ".write", item.get("write", 6), (6, 16))
    _one_of(key + ".read", item.get("read", 3), (3, 4))
    if words.width(item) == 2 and item.get("write") == 6:
        raise ProfileError("'%s.write': function 6 writes one register, this takes two" % key)
    for part in _SCALED:
        if part in item:
            _number("%s.%s" % (key, part), item[part], 1, 1000000)
    if not isinstance(item.get("flash", False), bool):
        raise ProfileError("'%s.flash' is true or false" % key)
    if "zero" in item:
        _number(key + ".zero", item["zero"], 0, 0xFFFF)
    if "held" in item:
        _item(key + ".held", item["held"])


def _scale(key, item):
    if "ma_per_count" not in item and "counts_per_a" not in item:
        raise ProfileError("'%s' lacks a scale: 'ma_per_count' or 'counts_per_a'" % key)


def _setup(key, item):
    _item(key, item)
    if "value" not in item:
        raise ProfileError("'%s' of register %d lacks 'value'" % (key, item["register"]))
    if item["value"] == "fallback":
        _scale(key, item)
    else:
        _number(key + ".value", item["value"], -32768, 0x7FFFFFFF)


def _line(data):
    _one_of("parity", data["parity"], ("N", "E", "O"))
    _one_of("baud", data["baud"], families.BAUDS)
    for baud in data.get("bauds", ()):
        _one_of("bauds", baud, families.BAUDS)
    for parity in data.get("parities", ""):
        _one_of("parities", parity, ("N", "E", "O"))
    _one_of("word_order", data.get("word_order", "high"), ("high", "low"))
    _numbers("addresses", data["addresses"], 2)
    if not 1 <= data["addresses"][0] <= data["addresses"][1] <= 255:
        raise ProfileError("'addresses' is the lowest and the highest, from 1 to 255")


def _limit(data):
    _scale("limit", data["limit"])
    _number("limit.step_ma", data["limit"].get("step_ma", 1), 1, 1000)
    for key, parts in (
        ("fine", ("mask", "ma_per_count")),
        ("pause", ("stop", "run")),
        ("slots", ("unit", "count", "first_address")),
        ("token", ("value", "every_ms")),
    ):
        for part in parts if key in data else ():
            smallest = 0 if key == "pause" else 1
            _number("%s.%s" % (key, part), data[key][part], smallest, 0xFFFF)
    if "handshake" in data:
        _list("handshake.answers", data["handshake"]["answers"])
        for pair in data["handshake"]["answers"]:
            _numbers("handshake.answers", pair, 2)
    if "cap" in data:
        _scale("cap", data["cap"])


def _state(state):
    for key in ("idle", "car", "charging", "error", "unsure"):
        _numbers("state." + key, state.get(key, ()))
    _number("state.shift", state.get("shift", 0), 0, 31)
    _number("state.mask", state.get("mask", 0), 0, 0x7FFFFFFF)
    if state.get("unsure") and "plug" not in state:
        raise ProfileError("'state.unsure' needs 'state.plug'")
    if "plug" in state:
        _item("state.plug", state["plug"])
        _number("state.plug.at_least", state["plug"].get("at_least"), 0, 0x7FFFFFFF)


def _reads(data):
    blocks = data["reads"]
    if not blocks:
        raise ProfileError("'reads' needs one block at least")
    for block in blocks:
        _numbers("reads", block, 3)
        _one_of("reads, function", block[0], (3, 4))
        _number("reads, register", block[1], 0, 0xFFFF)
        _number("reads, count", block[2], 1, 125)
    polled = [("state", data["state"])]
    if "plug" in data["state"]:
        polled.append(("state.plug", data["state"]["plug"]))
    for key in ("readback", "cap"):
        if key in data:
            polled.append((key, data[key]))
    if len(data.get("current", ())) > 3:
        raise ProfileError("'current' has one item for each phase, three at most")
    for item in data.get("current", ()):
        _item("current", item)
        _scale("current", item)
        polled.append(("current", item))
    for key, item in polled:
        last = item["register"] + words.width(item)
        if not any(b[1] <= item["register"] and last <= b[1] + b[2] for b in blocks):
            raise ProfileError(
                "'%s': register %d is in no block of 'reads'" % (key, item["register"])
            )


def _failsafe(data):
    failsafe = data.get("failsafe")
    if failsafe is None:
        return
    _list("failsafe.registers", failsafe["registers"])
    _number("failsafe.watchdog_ms", failsafe["watchdog_ms"], 1000, 600000)
    _one_of("failsafe.loss", failsafe["loss"], ("fallback", "stop"))
    for item in failsafe["registers"]:
        _setup("failsafe.registers", item)
    if data["refresh_ms"] * 2 > failsafe["watchdog_ms"] and "token" not in data:
        raise ProfileError("'refresh_ms' must be at most half of 'failsafe.watchdog_ms'")


def _number(key, value, smallest, largest):
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not smallest <= value <= largest:
        raise ProfileError(
            "'%s' is a whole number from %d to %d, not '%s'" % (key, smallest, largest, value)
        )


def _numbers(key, values, count=0):
    _list(key, values)
    if count and len(values) != count:
        raise ProfileError("'%s' is a list of %d numbers" % (key, count))
    for value in values:
        _number(key, value, 0, 0x7FFFFFFF)


def _list(key, value):
    if not isinstance(value, (tuple, list)):
        raise ProfileError("'%s' is a list" % key)


def _one_of(key, value, allowed):
    if not isinstance(value, (str, int)) or value not in allowed:
        names = ", ".join(str(item) for item in allowed)
        raise ProfileError("'%s' is one of: %s; not '%s'" % (key, names, value))
