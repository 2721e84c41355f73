"""A charger family as data, and the arithmetic between milliamperes and its registers.

Every key is explained in schema.py, which also checks profiles that users write. A built-in
profile is a module in profiles/, loaded only when a charger uses it; `name/option` loads it with
one of its options put in force: the other reading of a fact that the sources leave open.
"""

import sys

from . import words


class Profile:
    """One family; `data` is its dict, `option` what was put in force, "" if nothing."""

    def __init__(self, data, option=""):
        self.data = data
        self.option = option
        self.name = data["name"]
        self.title = data["title"]
        self.min_ma = data["min_ma"]
        self.max_ma = data["max_ma"]
        self.quiet_ms = data["quiet_ms"]
        self.reply_ms = data["reply_ms"]
        self.refresh_ms = data["refresh_ms"]
        self.raise_ms = data.get("raise_ms", 0)
        self.reads = data["reads"]
        self.limit = data["limit"]
        self.pause = data.get("pause")
        self.slots = data.get("slots")
        self.token = data.get("token")
        self.failsafe = data.get("failsafe")
        self.low_first = data.get("word_order") == "low"
        self.watchdog_ms = self.failsafe["watchdog_ms"] if self.failsafe else 0

    def line(self):
        """Baud, parity and stop bits, unless the installer chose others."""
        data = self.data
        return data["baud"], data["parity"], data["stop"]

    def setup_items(self, fallback_ma):
        """The start-up writes as (item, value, belongs to the failsafe), in order."""
        for item in self.data.get("setup", ()):
            yield item, self._setup_value(item, fallback_ma), False
        if self.failsafe:
            for item in self.failsafe["registers"]:
                yield item, self._setup_value(item, fallback_ma), True

    def state(self, value):
        """Letter of the pilot's state for a state register's value: "?" if nobody knows it."""
        state = self.data["state"]
        value = self.masked(value)
        for letter, key in (("C", "charging"), ("B", "car"), ("A", "idle"), ("E", "error")):
            if value in state.get(key, ()):
                return letter
        return "?"

    def masked(self, value):
        """The part of the state register that counts."""
        state = self.data["state"]
        return value >> state.get("shift", 0) & state.get("mask", 0xFFFFFFFF)

    def in_block(self, item, block):
        """Offset of an item in a block of `reads`, -1 if it is not there."""
        at = item["register"] - block[1]
        return at if 0 <= at <= block[2] - words.width(item) else -1

    def value(self, item, block, data):
        """The item's value in what a block's read gave, None if it is not in that block."""
        at = self.in_block(item, block)
        return None if at < 0 else words.from_words(data, at, words.kind(item), self.low_first)

    def _setup_value(self, item, fallback_ma):
        value = item["value"]
        if value == "fallback":
            value = words.counts(fallback_ma, item) if fallback_ma else item.get("zero", 0)
        kind = words.kind(item)  # as it will be read back: a float may be rounded
        return words.from_words(words.to_words(value, kind, False), 0, kind, False)


def load(name):
    """The built-in profile of that name, as in the settings; LookupError if there is none."""
    family, _, option = name.partition("/")
    path = "headroom.charging.profiles." + family
    try:
        data = __import__(path, None, None, ("PROFILE",)).PROFILE
    except ImportError:
        raise LookupError("there is no charger profile '%s'" % family)
    sys.modules.pop(path, None)  # the dict is all that is kept in memory
    if option:
        data = with_option(data, option)
    return Profile(data, option)


def with_option(data, option):
    """A copy of `data` with the keys of that option put over its own."""
    options = data.get("options", {})
    if option not in options:
        raise LookupError(
            "profile %s has no option '%s'; it has: %s"
            % (data["name"], option, ", ".join(sorted(options)) or "none")
        )
    data = dict(data)
    data.update(options[option])
    return data
