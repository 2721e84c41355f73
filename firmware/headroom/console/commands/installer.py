"""The commands of whoever puts the meter into service: setup, scan, selftest, profile.

What they do is loaded only when one of them is typed, a module a step, for each takes its time.
"""

from ...settings import table


class Installer:
    """bus, allocations, meter   what is tested: see charging/, balancing/ and metering/
    folder   where custom.json lies
    lock     see console/lock.py: a profile says what a charger is told, so it is the installer's
    topics   those that take the answers of `setup`: configuration and access
    """

    COMMANDS = (
        ("setup", "", "eight questions, then the meter works or says what is missing"),
        ("scan", "[all]", "who answers on the line; the usual addresses, or all of them"),
        ("selftest", "[N]", "step charger N, or each, and say what the CTs see; 3 min each"),
        ("profile", "[KEY JSON|clear]", "the profile 'custom': show it, change a key, check it"),
    )

    def __init__(self, bus, allocations, meter, folder, lock, topics):
        self._bus = bus
        self._allocations = allocations
        self._meter = meter
        self._folder = folder
        self._lock = lock
        self._topics = topics

    def setup(self, words):
        yield from _loading("headroom.console.commands.setup")
        from . import setup

        for test in self._meter.ct_tests:
            for note in test.notes():
                yield note + "\n"
        yield from setup.questions(*self._topics)

    def scan(self, words, form="lines"):
        yield from _loading(
            "headroom.charging.profile", "headroom.charging.scan", "headroom.console.commands.scan"
        )
        from . import scan

        yield from getattr(scan, form)(self._bus, words)

    def json_scan(self, words):
        return self.scan(words, "objects")

    def words_scan(self, words):
        return ("all",)

    def selftest(self, words, form="lines"):
        yield from _loading(
            "headroom.metering.phase",
            "headroom.wiring_test",
            "headroom.wiring_test.recording",
            "headroom.wiring_test.steps",
            "headroom.wiring_test.verdict",
            "headroom.wiring_test.selftest",
            "headroom.console.commands.selftest",
        )
        from . import selftest

        test = selftest.events(self._bus, self._allocations, self._meter, words)
        yield from getattr(selftest, form)(test)

    def json_selftest(self, words):
        return self.selftest(words, "objects")

    def words_selftest(self, words):
        return [charger.name[len("charger") :] for charger in self._bus.chargers]

    def profile(self, words):
        if words and self._lock.locked:
            raise table.Refused("a profile says what a charger is told: 'unlock PIN' first")
        yield from _loading(
            "headroom.charging.words",
            "headroom.charging.schema",
            "headroom.charging.soundness",
            "headroom.charging.custom",
            "headroom.console.commands.profile",
        )
        from . import profile

        yield from profile.run(self._folder, words)


def _loading(*names):
    """Import these, a module a step."""
    for name in names:
        yield
        __import__(name)
