"""The commands of whoever puts the meter into service: setup, scan, selftest, profile."""

import json

from . import settings

_TELL_EVERY = 10  # percent


class Installer:
    """bus      see charging/bus.py
    folder   where custom.json lies
    tester   gives an object whose run(places) is the self-test of these chargers, a job
    lock     see lock.py: a profile says what a charger is told, so it is the installer's
    groups   those that take the answers of `setup`: configuration and access
    """

    COMMANDS = (
        ("setup", "", "seven questions, then the meter works or says what is missing"),
        ("scan", "[all]", "who answers on the line; the usual addresses, or all of them"),
        ("selftest", "[N]", "step charger N, or each, and say what the CTs see; 3 min each"),
        ("profile", "[KEY JSON|clear]", "the profile 'custom': show it, change a key, check it"),
    )

    def __init__(self, bus, folder, tester, lock, groups):
        self._bus = bus
        self._folder = folder
        self._tester = tester
        self._lock = lock
        self._groups = groups

    def setup(self, words):
        yield from _loading("console.setup")
        from .console import setup

        yield from setup.questions(*self._groups)

    def scan(self, words):
        if words not in ([], ["all"]):
            raise settings.Refused("'scan' takes nothing, or: all")
        if self._bus.guest:
            raise settings.Refused("the line is being scanned already")
        yield from _loading("charging.profile", "charging.scan")
        from .charging import scan

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

    def selftest(self, words):
        names = [charger.name for charger in self._bus.chargers]
        if not names:
            raise settings.Refused("there is no charger; see 'help charger1'")
        numbers = range(len(names))
        if words:
            name = "charger" + words[0]
            if len(words) > 1 or name not in names:
                raise settings.Refused(
                    "'selftest' takes nothing, or the number of: " + ", ".join(names)
                )
            numbers = [names.index(name)]
        yield from _loading(
            "metering.phase",
            "commissioning",
            "commissioning.recording",
            "commissioning.steps",
            "commissioning.verdict",
            "commissioning.selftest",
        )
        yield from self._tester().run(numbers)

    def words_selftest(self, words):
        return [charger.name[len("charger") :] for charger in self._bus.chargers]

    def profile(self, words):
        if words and self._lock.locked:
            raise settings.Refused("a profile says what a charger is told: 'unlock PIN' first")
        yield from _loading(
            "charging.words", "charging.schema", "charging.soundness", "charging.custom"
        )
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
        yield from _lines(data)
        try:
            custom.build(data)
            yield "# complete; set chargerN.profile custom\n"
        except schema.ProfileError as error:
            yield "# not complete: %s\n" % error


def _lines(data):
    """What makes this profile if it is pasted."""
    if data:
        yield "profile clear\n"
    for key in sorted(data):
        yield "profile %s %s\n" % (key, json.dumps(data[key]))


def _loading(*names):
    """Load what is in memory only while it is needed: a module a step, for each takes its time."""
    for name in names:
        yield
        __import__("headroom." + name)


def _value(text):
    try:
        return json.loads(text)
    except ValueError:
        raise settings.Refused(
            "'%s' is not JSON: a number, \"a text\", a [list] or a {table}" % text
        )
