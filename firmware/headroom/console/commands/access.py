"""The commands for the installer's lock (console/lock.py)."""

from ...settings import table


class Access:
    """`events` hears of wrong and changed PINs; stop(True, why) lets mpremote in."""

    COMMANDS = (
        ("unlock", "PIN", "allow changes of what protects the panel, for a quarter of an hour"),
        ("lock", "", "lock again"),
        ("pin", "NEW|none", "set the PIN: 4 to 16 digits; there is none until one is set"),
        ("service", "", "fallback for the chargers, then mpremote may work for half an hour"),
    )

    def __init__(self, lock, events, stop):
        self._lock = lock
        self._events = events
        self._stop = stop

    def require_open(self, why):
        """Refused while a PIN is set and was not given."""
        if self._lock.locked:
            raise table.Refused("%s: 'unlock PIN' first" % why)

    def has_pin(self):
        return self._lock.has_pin

    def unlock(self, words):
        if self._lock.damaged:
            raise table.Refused("no PIN can be read any more; docs/console.md has the way back")
        if not self._lock.has_pin:
            raise table.Refused("no PIN is set; 'pin NEW' sets one")
        if len(words) != 1:
            raise table.Refused("'unlock' takes the PIN")
        if self._lock.wait_ms:
            from .. import screen

            raise table.Refused(
                "too many wrong PINs: try again in %s" % screen.span(self._lock.wait_ms + 999)
            )
        try:
            right = yield from self._lock.try_pin(words[0])
        except OSError as error:
            raise table.Refused("could not note that a PIN was tried (%s)" % error)
        if right:
            yield "unlocked for a quarter of an hour; 'lock' ends it\n"
            return
        self._events.note("wrong PIN at the console")
        raise table.Refused("wrong PIN")

    def lock(self, words):
        self._lock.close()
        return "locked" if self._lock.has_pin else "there is no PIN; 'pin NEW' sets one"

    def pin(self, words):
        if len(words) != 1:
            raise table.Refused("'pin' takes 4 to 16 digits, or none")
        self.require_open("the present PIN is needed")
        pin = "" if words[0] == "none" else words[0]
        if pin and not (pin.isdigit() and 4 <= len(pin) <= 16):
            raise table.Refused("a PIN has 4 to 16 digits")
        try:
            yield from self._lock.set_pin(pin)
        except OSError as error:
            raise table.Refused("could not save the PIN (%s)" % error)
        self._events.note("PIN set" if pin else "PIN removed")
        yield "PIN set\n" if pin else "there is no PIN now\n"

    def service(self, words):
        self.require_open("mpremote can change everything")
        self._stop(True, "service")
        return "the chargers get their fallback; mpremote may work for half an hour"
