"""The commands of whoever puts the meter into service: scan, selftest, profile."""

import json

from . import settings

_TELL_EVERY = 10  # percent


class Installer:
    """bus      see charging/bus.py
    folder   where custom.json lies
    """

    COMMANDS = (
        ("scan", "[all]", "who answers on the line; the usual addresses, or all of them"),
        ("profile", "[KEY JSON|clear]", "the profile 'custom': show it, change a key, check it"),
    )

    def __init__(self, bus, folder):
        self._bus = bus
        self._folder = folder

    def scan(self, words):
        if words not in ([], ["all"]):
            raise settings.Refused("'scan' takes nothing, or: all")
        if self._bus.guest:
            raise settings.Refused("the line is being scanned already")
        from .charging import scan  # in memory only while it is needed

        yield from self._scan(scan.Scan(scan.EVERY if words else scan.USUAL))

    def words_scan(self, words):
        return ("all",)

    def _scan(self, scan):
        shown = found = 0
        self._bus.guest = scan
        try:
            while not scan.done or scan.found:
                yield ""
                percent = scan.asked * 100 // scan.total
                while scan.found:
                    found += 1
                    yield scan.found.pop(0) + "\n"
                if percent >= shown + _TELL_EVERY:
                    shown = percent
                    yield "%d %%\n" % percent
        finally:
            self._bus.guest = None
        hint = "" if found else "; is A on A, is the charger set to Modbus?"
        yield "%d found%s\n" % (found, hint)

    def profile(self, words):
        from .charging import custom, schema

        try:
            data = custom.read(self._folder)
        except OSError:
            data = {}
        except schema.ProfileError as error:
            if not words:
                raise settings.Refused(str(error))
            data = {}
        if words == ["clear"]:
            data = {}
        elif len(words) == 1:
            raise settings.Refused(
                "'profile' takes nothing, a key and its value as JSON, or: clear"
            )
        elif words:
            data[words[0]] = _value(" ".join(words[1:]))
            if words[0] != "base" and not schema.known(words[0]):
                raise settings.Refused("custom.json: unknown key '%s'" % words[0])
        if words:
            custom.write(self._folder, data)
        lines = ["%s %s" % (key, json.dumps(data[key])) for key in sorted(data)]
        try:
            custom.build(data)
            lines.append("complete; set chargerN.profile custom")
        except schema.ProfileError as error:
            lines.append("not complete: %s" % error)
        return "\n".join(lines)


def _value(text):
    try:
        return json.loads(text)
    except ValueError:
        raise settings.Refused(
            "'%s' is not JSON: a number, \"a text\", a [list] or a {table}" % text
        )
