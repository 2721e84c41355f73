"""`profile`: the user's own charger family. In memory only once it was asked for."""

import errno
import json

from ...charging import custom, schema
from ...settings import table


def run(folder, words):
    """The job: change what custom.json in `folder` holds, show it, and say if it is complete."""
    data = _read(folder, words)
    if words == ["clear"]:
        data = {}
    elif len(words) == 1:
        raise table.Refused("'profile' takes nothing, a key and its value as JSON, or: clear")
    elif words:
        data[words[0]] = _value(" ".join(words[1:]))
        if words[0] != "base" and not schema.known(words[0]):
            raise table.Refused("custom.json: unknown key '%s'" % words[0])
    if words:
        try:
            custom.write(folder, data)
        except OSError as error:
            raise table.Refused("could not save %s (%s)" % (custom.FILE, error))
    yield from _lines(data)
    try:
        custom.build(data)
        yield "# complete; set chargerN.profile custom\n"
    except schema.ProfileError as error:
        yield "# not complete: %s\n" % error


def _read(folder, words):
    """What is there. What can't be read is never written over but by `profile clear`."""
    try:
        return custom.read(folder)
    except OSError as error:
        if error.errno == errno.ENOENT or words == ["clear"]:
            return {}
        problem = "%s can't be read (%s)" % (custom.FILE, error)
    except schema.ProfileError as error:
        if words == ["clear"]:
            return {}
        problem = str(error)
    raise table.Refused(problem + "; 'profile clear' begins anew")


def _lines(data):
    """What makes this profile if it is pasted."""
    if data:
        yield "profile clear\n"
    for key in sorted(data):
        yield "profile %s %s\n" % (key, json.dumps(data[key]))


def _value(text):
    try:
        return json.loads(json.dumps(json.loads(text)))  # 1e999 is none once it is written
    except ValueError:
        raise table.Refused("'%s' is not JSON: a number, \"a text\", a [list] or a {table}" % text)
