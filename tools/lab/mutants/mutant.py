"""What a planted fault is."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """One fault; `name` says in words what the firmware then does."""

    rule: int
    name: str
    file: str
    before: str
    after: str
    tests: str
