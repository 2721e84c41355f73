"""Eight characters that stand for a set of settings, to compare a meter with a file."""

import binascii
import hashlib

from . import table


def hashing(values):
    """A generator of small steps; its value is the start of the SHA-256 of "name=value" lines.

    Passwords are not among them: a dump doesn't have them either, and nobody shall try them out.
    """
    digest = hashlib.sha256()
    for name in table.names(values):
        if not table.is_secret(name):
            digest.update(("%s=%s\n" % (name, values[name])).encode())
        yield
    return binascii.hexlify(digest.digest()).decode()[:8]


def hash_of(values):
    """The same at once, for when nothing else waits."""
    work = hashing(values)
    try:
        while True:
            next(work)
    except StopIteration as end:
        return end.value
