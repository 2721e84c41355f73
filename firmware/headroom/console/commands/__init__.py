"""What can be typed: the commands by topic, found by name, explained and completed.

A topic is an object with a tuple COMMANDS of rows (name, what follows it, meaning) and a method
for each row. The method takes the words after the name; it returns a text or is a job (see
shell.py), and raises table.Refused for what can't be. `json_<name>` beside it is its form for
tools: one JSON object a line. `words_<name>` gives what the last of some words may become.
"""

from ... import memory
from ...settings import table

_ONCE = (  # what some commands load: in memory until the next is typed
    ("charging", "custom scan schema soundness"),
    ("console", "quoted screen watts wishes"),
    (
        "console.commands",
        "calibrate calibrate_volts profile scan selftest sessions setup why wishes",
    ),
    ("metering", "calibration phase voltage_types"),
    ("wiring_test", "recording selftest steps verdict"),
)


class Commands:
    """All the commands of `topics`, with `help` and `json`.

    configuration  the topic that explains the settings to `help`
    end    a function of (service, why) that ends in a restart
    resume ends what the supervisor holds until a person has looked; False if it holds nothing
    """

    COMMANDS = (
        ("help", "[NAME]", "this list, or what a command or a setting means"),
        ("json", "COMMAND ...", "the answer of a command for tools: one JSON object a line"),
        ("stop", "", "end what runs, such as 'watch'; Ctrl-C does the same"),
        ("reboot", "", "restart; the chargers get their fallback"),
        ("resume", "", "let the chargers charge again after the supervisor has ended that"),
    )
    SECRET = ("pin", "unlock")  # lines that the history doesn't keep

    def __init__(self, configuration, topics, end, resume):
        self._configuration = configuration
        self._topics = (configuration,) + topics + (self,)
        self._end = end
        self._resume = resume

    def run(self, line):
        """The answer to one line; a refusal begins with "error: " and has changed nothing."""
        words = line.split()
        if not words or words[0].startswith("#"):
            return ""
        for room, names in _ONCE:
            memory.forget(["headroom.%s.%s" % (room, name) for name in names.split()])
        try:
            answer = self._answer("", words)
        except Exception as error:
            self._configuration.line_failed()
            if isinstance(error, table.Refused):
                return _refused(error)
            raise
        return answer if isinstance(answer, str) else _refusable(answer)

    def complete(self, text):
        """The words that the last word of `text` may become."""
        words = text.split(" ")
        if len(words) > 2 and words[0] == "json":
            words = words[1:]
        if len(words) == 1 or words[0] == "json":
            found = self._names()
        else:
            topic, _ = self._find(words[0])
            choices = getattr(topic, "words_" + words[0], None)
            found = choices(words[1:]) if choices else ()
        return [word for word in found if word.startswith(words[-1])]

    def help(self, words):
        for topic in self._topics:
            for name, after, meaning in topic.COMMANDS:
                if not words:
                    yield "%-30s %s\n" % (name + " " + after, meaning)
                elif name == words[0]:
                    yield "%s %s\n  %s\n" % (name, after, meaning)
                    return
        if words:
            yield from self._configuration.explain(words[0])

    def words_help(self, words):
        return self._names() + self._configuration.words_get(words)

    def json(self, words):
        if not words:
            raise table.Refused("'json' takes a command, as in 'json status'")
        return self._answer("json_", words)

    def stop(self, words):
        """Nothing runs: while something does, the shell takes this line itself."""
        return ""

    def reboot(self, words):
        self._end(False, "reboot")
        return "restarting"

    def resume(self, words):
        if not self._resume():
            raise table.Refused("nothing waits for it; see 'faults'")
        return "the chargers charge again after a minute without overload"

    def _names(self):
        return [row[0] for topic in self._topics for row in topic.COMMANDS]

    def _find(self, name):
        """The topic of a command and what follows its name, None if there is none."""
        for topic in self._topics:
            for row in topic.COMMANDS:
                if row[0] == name:
                    return topic, row[1]
        return None, None

    def _answer(self, form, words):
        """Of the command that is the first of the words, in that form."""
        name = words[0]
        topic, after = self._find(name)
        if not topic:
            raise table.Refused("unknown command '%s'; try 'help'" % name)
        method = getattr(topic, form + name, None)
        if not method:
            raise table.Refused("'%s' has no form for tools" % name)
        if len(words) > 1 and not after:  # `defaults breaker_a` is not what is meant
            raise table.Refused("'%s' takes nothing after it" % name)
        return method(words[1:])


def _refusable(job):
    """A job whose refusal ends in one line, like that of any command."""
    try:
        yield from job
    except table.Refused as refusal:
        yield _refused(refusal) + "\n"


def _refused(refusal):
    return "error: %s; nothing was changed" % refusal
