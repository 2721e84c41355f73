"""Setting a charger up: each start-up register read, written if different, and read back.

A generator of exchanges, one for each visit of the bus, so that no set-up ever delays an urgent
reduction. It yields (item, None) to read and (item, value) to write; it is sent the value read, or
None if the charger refused.
"""

# How far the charger's own failsafe can be trusted.
ABSENT = "absent: the meter alone protects"
UNPROVEN = "set but unproven"
PROVEN = "proven"


class Commissioning:
    """What one charger's set-up has found and done since the firmware started.

    failsafe      one of the words above
    writes        registers written because they differed; flash_writes: those kept in flash
    refused       the first register that it refused to take, -1 if none
    """

    def __init__(self, profile, fallback_ma):
        self._profile = profile
        self._fallback_ma = fallback_ma
        self._blind = set()  # flash registers written without being readable: once is enough
        self.failsafe = UNPROVEN if profile.failsafe else ABSENT
        self.writes = 0
        self.flash_writes = 0
        self.refused = -1

    def steps(self):
        """The exchanges; see above."""
        proofs = True
        found = False
        for item, wanted, is_failsafe in self._profile.setup_items(self._fallback_ma):
            proven = yield from self._settle(item, wanted)
            if is_failsafe:
                found = True
                proofs = proofs and proven
        if self._profile.failsafe:
            self.failsafe = PROVEN if found and proofs else UNPROVEN

    def _settle(self, item, wanted):
        """One register; True once it was read and is as wanted."""
        held_item = item.get("held", item)
        held = yield held_item, None
        if held == wanted:
            return True
        register = item["register"]
        if held is None and item.get("flash"):
            if register in self._blind:
                return False
            self._blind.add(register)
        taken = yield item, wanted
        if taken is None:
            self.refused = register
            return False
        self.writes += 1
        if item.get("flash"):
            self.flash_writes += 1
        if held is None:
            return False
        held = yield held_item, None
        return held == wanted
