"""The schema of a charger profile, and the arithmetic between milliamperes and registers.

| key                      | meaning                                                             |
|--------------------------|---------------------------------------------------------------------|
| name, title              | as in the settings; as people call it                               |
| baud, parity, stop       | its line: parity "N", "E" or "O"                                    |
| addresses                | (lowest, highest) Modbus address                                    |
| min_ma, max_ma           | what it can be told, besides 0 for pause                            |
| quiet_ms                 | silence it wants between frames                                     |
| reply_ms                 | longest wait for the first byte of its reply                        |
| limit                    | holding register of the current; ma_per_count                       |
| fine                     | optional: if `mask` is set in `register`, the finer ma_per_count    |
| refresh_ms               | the limit is written again this often, to keep it alive and right   |
| setup                    | registers written once if different: a value, or "fallback"         |
| status                   | one block to poll: function 3 or 4, register, count                 |
| state                    | offset in it; which values mean car connected, charging, error      |
| current                  | optional: offset, count and ma_per_count of its own measurement     |
| readback                 | optional: offset where the limit can be read back                   |
| watchdog_ms              | its own watchdog; 0: it has none, the meter alone protects          |
"""

_SCHEMA = {
    "name": (str, None),
    "title": (str, None),
    "baud": (int, None),
    "parity": (str, None),
    "stop": (int, None),
    "addresses": (tuple, None),
    "min_ma": (int, None),
    "max_ma": (int, None),
    "quiet_ms": (int, None),
    "reply_ms": (int, None),
    "limit": (dict, ("register", "ma_per_count")),
    "fine": (dict, ("register", "mask", "ma_per_count")),
    "refresh_ms": (int, None),
    "setup": (tuple, None),
    "status": (dict, ("function", "register", "count")),
    "state": (dict, ("offset", "car", "charging", "error")),
    "current": (dict, ("offset", "count", "ma_per_count")),
    "readback": (dict, ("offset",)),
    "watchdog_ms": (int, None),
}
_OPTIONAL = ("fine", "current", "readback")


class ProfileError(ValueError):
    """A profile that can't be; the text names the key and what is allowed."""


class Profile:
    """A checked profile; `data` is its dict."""

    def __init__(self, data):
        _check(data)
        self.data = data
        self.name = data["name"]
        self.title = data["title"]
        self.min_ma = data["min_ma"]
        self.max_ma = data["max_ma"]
        self.quiet_ms = data["quiet_ms"]
        self.reply_ms = data["reply_ms"]
        self.refresh_ms = data["refresh_ms"]
        self.watchdog_ms = data["watchdog_ms"]

    def registers(self):
        """What the one status read asks for: function, first register, count."""
        status = self.data["status"]
        return status["function"], status["register"], status["count"]

    def setup_writes(self, fallback_ma):
        """The start-up writes as (register, value) pairs."""
        for item in self.data["setup"]:
            value = item["value"]
            if value == "fallback":
                value = fallback_ma // item["ma_per_count"]
            yield item["register"], value

    def reported_ma(self, words):
        """The largest phase current in a status block, in mA; -1 if it reports none."""
        current = self.data.get("current")
        if current is None:
            return -1
        first = current["offset"]
        return max(words[first : first + current["count"]]) * current["ma_per_count"]


def load(name):
    """The built-in profile of that name."""
    module = __import__("headroom.charging.profiles." + name, None, None, ("PROFILE",))
    return Profile(module.PROFILE)


def _check(data):
    name = data.get("name", "?")
    for key, value in data.items():
        if key not in _SCHEMA:
            allowed = ", ".join(sorted(_SCHEMA))
            raise ProfileError("profile %s: unknown key '%s'; allowed: %s" % (name, key, allowed))
        kind, parts = _SCHEMA[key]
        if not isinstance(value, kind):
            raise ProfileError("profile %s: '%s' must be %s" % (name, key, kind.__name__))
        for part in parts or ():
            if part not in value:
                raise ProfileError("profile %s: '%s' lacks '%s'" % (name, key, part))
        if parts and value.get("ma_per_count", 1) < 1:
            raise ProfileError("profile %s: '%s': ma_per_count is 1 or more" % (name, key))
    for key in _SCHEMA:
        if key not in data and key not in _OPTIONAL:
            raise ProfileError("profile %s: '%s' is missing" % (name, key))
    if data["parity"] not in ("N", "E", "O"):
        raise ProfileError("profile %s: parity is N, E or O" % name)
    if not 0 < data["min_ma"] <= data["max_ma"]:
        raise ProfileError("profile %s: min_ma must be above 0 and at most max_ma" % name)
