"""The commands for the settings. What they do is loaded once one is typed: configuration.py."""

from ... import memory


class Settings:
    """A topic that has all that a Configuration has; `parts` are what that is made of."""

    COMMANDS = (
        ("get", "[NAME]", "settings, or those whose names begin so"),
        ("set", "NAME VALUE ...", "change settings; 'save' puts them in force"),
        ("diff", "", "what differs from the factory settings, to be typed in again"),
        ("dump", "", "all settings, to be typed in again: begin, set ..., end"),
        ("begin", "", "the 'set' lines up to 'end' are checked together, and taken or not"),
        ("end", "[HASH]", "take what came since 'begin', if its hash is this one"),
        ("hash", "", "eight characters that stand for all settings"),
        ("defaults", "", "factory settings; 'save' puts them in force"),
        ("save", "", "keep the settings and restart with them"),
        ("calibrate", "CHANNEL AMPERES|zero", "match a clamp meter; V VOLTS; phase CHANNEL"),
    )

    def __init__(self, *parts):
        self._parts = parts
        self._loaded = None

    def unsaved(self):
        """True if settings were changed since the last save."""
        return self._loaded.unsaved() if self._loaded else False

    def line_failed(self):
        """A line was refused, or is no command."""
        if self._loaded:
            self._loaded.line_failed()

    def __getattr__(self, name):
        """All else is the Configuration's."""
        if not self._loaded:
            memory.keep_room_for_a_file()
            from .configuration import Configuration

            self._loaded = Configuration(*self._parts)
        return getattr(self._loaded, name)
