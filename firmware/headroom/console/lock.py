"""The installer's lock: settings that protect the panel change only after a PIN.

There is no PIN until one is set. Only a salted hash of it is kept, of thousands of rounds, so that
reading the flash gives no PIN soon; the rounds are spread over many small steps, for the loop must
not wait. A wrong PIN costs a wait that doubles from the third on. Each try is on the flash before
it is looked at, and after a restart the wait begins anew: pulling the plug wins nothing.

The record of the PIN is in two files, so that no single one that goes bad opens the lock. If both
have, it is locked and no PIN opens it. The way back, then as for a PIN that is forgotten, is that
of whoever has the board in hand: docs/console.md has it, and what the lock doesn't guard against.
"""

import binascii
import hashlib
import os

from micropython import const

ROUNDS = const(4000)
_ROUNDS_A_STEP = const(10)
_OPEN_MS = const(900_000)
_FREE_TRIES = const(3)
_FIRST_WAIT_MS = const(30_000)
_LONGEST_WAIT_MS = const(3_600_000)


class Lock:
    """`pair` (storage/pair.py) keep it. `locked` is True while the PIN is needed; `damaged` if
    there was one and nobody knows which.
    """

    def __init__(self, pair):
        self._pair = pair
        self._salt, self._hash, self._tries = pair.load(_parse) or ("", "", 0)
        # One bad file alone is the first PIN ever, cut off while it was set.
        self.damaged = pair.which < 0 and len(pair.notes) == 2
        self._open_ms = 0
        self.wait_ms = self._penalty_ms()

    @property
    def has_pin(self):
        return bool(self._hash) or self.damaged

    @property
    def locked(self):
        return self.has_pin and not self._open_ms

    def close(self):
        self._open_ms = 0

    def pass_time(self, elapsed_ms):
        """Time has passed: it locks again, and a wait comes to its end."""
        self._open_ms = max(0, self._open_ms - elapsed_ms)
        self.wait_ms = max(0, self.wait_ms - elapsed_ms)

    def try_pin(self, pin):
        """Unlock for a quarter of an hour if `pin` is right; not to be called while wait_ms.

        A generator of small steps; its value is True if it is right.
        """
        if self.damaged:
            return False
        self._save(self._salt, self._hash, self._tries + 1)
        if (yield from _hash(self._salt, pin)) != self._hash:
            return False
        self._open_ms = _OPEN_MS
        try:
            self._save(self._salt, self._hash, 0)
        except OSError:
            pass  # it counts as a wrong one, and the wait is longer next time
        return True

    def set_pin(self, pin):
        """Keep another PIN, "" for none. A generator of small steps.

        OSError if it can't be written; then, and if the power fails or nobody goes on, it is the
        old one or the new.
        """
        salt = binascii.hexlify(os.urandom(16)).decode()
        result = (yield from _hash(salt, pin)) if pin else ""
        self._save(salt, result, 0)
        self._open_ms = _OPEN_MS
        yield
        try:
            self._save(salt, result, 0)  # the other file too
        except OSError:
            pass  # the next one that is written goes there

    def _penalty_ms(self):
        if self._tries < _FREE_TRIES:
            return 0
        return min(_FIRST_WAIT_MS << min(self._tries - _FREE_TRIES, 7), _LONGEST_WAIT_MS)

    def _save(self, *record):
        self._pair.save("%s %s %d" % record)
        self._salt, self._hash, self._tries = record
        self.wait_ms = self._penalty_ms()


def _parse(text):
    salt, result, tries = text.split(" ")
    return salt, result, int(tries)


def _hash(salt, pin):
    """One digest of salt and PIN again and again: OpenPGP's iterated and salted S2K (RFC 4880,
    3.7.1.3). A round makes no garbage.
    """
    key = (salt + pin).encode()
    digest = hashlib.sha256()
    for i in range(ROUNDS):
        digest.update(key)
        if not i % _ROUNDS_A_STEP:
            yield
    return binascii.hexlify(digest.digest()).decode()
