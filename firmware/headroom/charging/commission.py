"""Setting a charger up, and seeing that it stays so: each register read, and written if different.

A generator of exchanges, one for each visit of the bus, so that no set-up ever delays an urgent
reduction. It yields (item, None) to read and (item, value) to write. It is sent the value read,
None if the charger refused to read it; or whether the charger took what was written, None if there
was no reply: it may have taken it.
"""

from micropython import const

from .ages import DAY_MS, Ages

# How far the charger's own failsafe can be trusted.
ABSENT = "absent: the meter alone protects"
UNPROVEN = "set but unproven"
PROVEN = "proven"

_A_DAY = const(3)  # writes of one register kept in flash: it endures 100,000


class Commissioning:
    """What one charger's set-up has found and done since the firmware started.

    failsafe      one of the words above
    wanted        it has registers to set
    mending       a register is being put right
    writes        sent because a register differed; flash_writes: those to registers in flash
    troubles      {register: a sentence}: those that can't be had as they should be
    """

    def __init__(self, profile, fallback_ma, now_ms):
        self._profile = profile
        self._fallback_ma = fallback_ma
        self._once = set()  # registers in flash that are written no more: it would be in vain
        self._mute = set()  # registers that it refuses: not asked until it comes back
        self._today = {}  # {register in flash: writes}
        self._day = Ages(1, now_ms)
        self.failsafe = UNPROVEN if profile.failsafe else ABSENT
        self.wanted = any(True for _ in profile.setup_items(fallback_ma))
        self.mending = False
        self.writes = 0
        self.flash_writes = 0
        self.troubles = {}

    def steps(self, now_ms, again):
        """The exchanges, see above; `again` to verify what was set while it goes on answering."""
        if self._day.of(0, now_ms) >= DAY_MS:
            self._day.begin(0, now_ms)
            self._today.clear()
        if not again:
            self._mute.clear()
        self.mending = False
        proofs = True
        found = False
        for item, wanted, is_failsafe in self._profile.setup_items(self._fallback_ma):
            proven = False
            if not (again and item["register"] in self._mute):
                proven = yield from self._settle(item, wanted, is_failsafe)
            if is_failsafe:
                found = True
                proofs = proofs and proven
        if self._profile.failsafe:
            self.failsafe = PROVEN if found and proofs else UNPROVEN

    def _settle(self, item, wanted, is_failsafe):
        """One register; True once it was read and is as wanted."""
        register = item["register"]
        held_item = item.get("held", item)
        held = yield held_item, None
        while held != wanted:
            if is_failsafe:
                self.failsafe = UNPROVEN
            if not self._may_write(item):
                break
            self.mending = True
            taken = yield item, wanted
            if taken is False:
                self._mute.add(register)
                self.troubles[register] = "it refuses to have register %d set" % register
                break
            if held is None:  # it can't be read
                if not taken:
                    continue
                if item.get("flash"):
                    self._once.add(register)
                    self._mute.add(register)
                break
            held = yield held_item, None
            if taken and held != wanted:
                self._once.add(register)
                self.troubles[register] = "it does not keep register %d" % register
                break
        self.mending = False
        if held == wanted:
            self.troubles.pop(register, None)
        return held == wanted

    def _may_write(self, item):
        """Count a write that is about to be sent; False if flash has had too many."""
        if item.get("flash"):
            register = item["register"]
            today = self._today.get(register, 0)
            if register in self._once:
                return False
            if today == _A_DAY:
                self.troubles[register] = "it lost register %d %d times today" % (register, today)
                return False
            self._today[register] = today + 1
            self.flash_writes += 1
        self.writes += 1
        return True
