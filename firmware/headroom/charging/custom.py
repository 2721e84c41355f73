"""The profile `custom`: a charger whose registers the user describes, in custom.json.

The file lies in the data folder and holds one profile as JSON: the keys of schema.py, or `base`,
the name of a built-in profile to begin with, and the keys that differ from it.
"""

import errno
import json
import os

from . import families, profile, schema, soundness

FILE = "custom.json"


def path(folder):
    return folder + "/" + FILE


def read(folder):
    """The keys in the file; OSError if there is none, ProfileError if it isn't JSON."""
    with open(path(folder)) as file:
        try:
            data = json.load(file)
        except ValueError:
            raise schema.ProfileError("%s: it is not JSON" % FILE)
    if not isinstance(data, dict):
        raise schema.ProfileError("%s: a profile is a table of keys and values" % FILE)
    return data


def build(data):
    """A checked profile from the keys of a file; ProfileError says what is wrong."""
    data = dict(data)
    if "options" in data:
        raise schema.ProfileError("%s: 'options' are for built-in profiles" % FILE)
    base = data.pop("base", None)
    if base is not None:
        if base == "custom" or base not in families.PROFILES:
            raise schema.ProfileError(
                "%s: 'base': there is no charger profile '%s'" % (FILE, base)
            )
        whole = dict(profile.load(base).data)
        whole.pop("options", None)
        whole.update(data)
        data = whole
    data["name"] = "custom"
    data.setdefault("title", "custom charger")
    schema.check(data, FILE)
    try:
        soundness.check(data)
    except schema.ProfileError as error:
        raise schema.ProfileError("%s: %s" % (FILE, error))
    return profile.Profile(data)


def load(folder):
    """The profile in the file; ProfileError also if there is none."""
    try:
        return build(read(folder))
    except OSError as error:
        if error.errno == errno.ENOENT:
            raise schema.ProfileError("%s: there is no such file; see 'help profile'" % FILE)
        raise schema.ProfileError("%s: it can't be read (%s)" % (FILE, error))


def check(charger):
    """ProfileError unless the charger's settings and its profile go together."""
    problem = soundness.unfit(charger.profile, charger.state, charger.address, charger.line)
    if problem:
        raise schema.ProfileError("%s: %s" % (FILE, problem))


def write(folder, data):
    """Put the keys into the file, in one step: a cut leaves the old one or the new one."""
    with open(path(folder) + ".new", "w") as file:
        json.dump(data, file)
    os.rename(path(folder) + ".new", path(folder))
