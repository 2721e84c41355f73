"""A person at the console, who types nonsense, looks around, and changes what can be changed."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from typing import Any

from lab.firmware import Console

from .ledger import Ledger

LONGEST_S = 20.0  # that a command may take
LOOKS = (
    "status",
    "json status",
    "chargers",
    "json chargers",
    "faults",
    "energy",
    "log 20",
    "json log 5",
    "dump",
    "diff",
    "hash",
    "version",
    "help",
    "help charger1",
    "get",
    "check",
    "profile",
    "resume",
)
NONSENSE = (
    "frobnicate",
    "set",
    "set breaker_a",
    "set breaker_a 99999",
    "set breaker_a -1",
    "set derate_pct eighty",
    "set charger9.group 3",
    "set charger1.profile toaster",
    "set charger1.fallback_a 3",
    "set legs 7 breaker_a 1",
    "json",
    "json frobnicate",
    "get breaker_b",
    "end",
    "end 12345678",
    "calibrate L9 10",
    "calibrate L1 -3",
    "calibrate L1 1e99",
    "unlock",
    "pin 12",
    "pin abcd",
    "log 0",
    "watch 3",
    "profile base",
    "profile base 7e",
    "profile nonsense 1",
    "selftest 9",
    "\x00\x01\x02\x7f\xff",
    "set " + "x" * 300,
    "save now",
    "[A[B",
)
# None has its default in its range: a numbered setting at its default is not kept.
RANGES: dict[str, tuple[int, int]] = {
    "charger1.max_a": (10, 16),
    "charger2.max_a": (14, 32),
    "charger3.max_a": (10, 16),
    "charger1.priority": (6, 9),
    "charger2.priority": (1, 4),
    "rise_window_s": (2, 20),
    "dead_time_s": (5, 6),
    "conservative": (0, 1),
    "nominal_v": (100, 277),
    "derate_pct": (70, 80),
}
Act = Callable[[], Awaitable[Any]]


class Person:
    """What is acknowledged goes into the `ledger`."""

    def __init__(self, console: Console, ledger: Ledger, chance: random.Random) -> None:
        self._console = console
        self._ledger = ledger
        self._chance = chance
        self._alone = asyncio.Lock()  # a save keeps what everybody has set
        often = ((self._look, 6), (self._talk_nonsense, 5), (self._watch, 2))
        more = ((self._describe_a_charger, 2), (self._use_the_lock, 2))
        looks: list[Act] = [act for act, times in (*often, *more) for _ in range(times)]
        self._looks = looks
        self._all = looks + [self._save_a_change] * 4 + [self._change_and_forget] * 3
        self._all += [self._reboot]

    async def act(self, only_look: bool) -> None:
        """Do one thing; the power may fail meanwhile. `only_look`: nothing that restarts it."""
        work = self._chance.choice(self._looks if only_look else self._all)
        with contextlib.suppress(asyncio.TimeoutError):  # the next start tells if it was done
            async with self._alone:
                await work()

    async def let_them_charge(self) -> bool:
        """Having looked, where the meter waits for that; whether it did."""
        with contextlib.suppress(asyncio.TimeoutError):
            if "'resume'" in await self._ask("faults"):
                await self._ask("resume")
                return True
        return False

    async def save_a_change(self) -> None:
        """One or two settings that can be, kept."""
        async with self._alone:
            await self._save_a_change()

    async def _save_a_change(self) -> None:
        for _ in range(self._chance.randint(1, 2)):
            await self._change()
        ledger = self._ledger
        if not ledger.typed:
            return
        ledger.perhaps = dict(ledger.typed)
        if "saved; restarting" in await self._ask("save"):
            ledger.saved |= ledger.perhaps
            ledger.perhaps = {}

    async def _ask(self, line: str) -> str:
        return await self._console.ask(line, LONGEST_S)

    async def _change(self) -> None:
        name = self._chance.choice(list(RANGES))
        value = self._chance.randint(*RANGES[name])
        if "in force after 'save'" in await self._ask(f"set {name} {value}"):
            self._ledger.typed[name] = value

    async def _change_and_forget(self) -> None:
        await self._change()
        await self._reboot()

    async def _reboot(self) -> None:
        await self._ask("reboot")

    async def _look(self) -> None:
        line = self._chance.choice(LOOKS)
        answer = await self._ask(line)
        if (line != "diff" and not answer.strip()) or "Traceback" in answer:
            self._ledger.broken.append(f"'{line}' was answered by {answer!r}")

    async def _talk_nonsense(self) -> None:
        line = self._chance.choice(NONSENSE)
        answer = await self._ask(line)
        if "error: " not in answer or "Traceback" in answer:
            self._ledger.broken.append(f"'{line}' was answered by {answer!r}")

    async def _watch(self) -> None:
        await self._console.send("watch 500")
        await asyncio.sleep(self._chance.uniform(0.5, 10.0))
        await self._ask("stop")

    async def _describe_a_charger(self) -> None:
        title = f"box {self._chance.randrange(1000)}"
        ledger = self._ledger
        before = ledger.profiles
        ledger.profiles = [*before, *({**profile, "title": title} for profile in before)]
        if f'profile title "{title}"' in await self._ask(f'profile title "{title}"'):
            ledger.profiles = ledger.profiles[len(before) :]

    async def _use_the_lock(self) -> None:
        ledger = self._ledger
        certain = ledger.pins[0] if len(ledger.pins) == 1 else None
        for pin in filter(None, list(ledger.pins)):
            said = await self._ask(f"unlock {pin}")
            if certain and ("wrong PIN" in said or "no PIN" in said):
                ledger.broken.append(f"the PIN is {pin}, and unlocks nothing: {said!r}")
        pin = self._chance.choice(("none", str(self._chance.randint(1000, 9999))))
        ledger.pins = [*ledger.pins, "" if pin == "none" else pin]
        said = await self._ask(f"pin {pin}")
        if "PIN set" in said or "there is no PIN now" in said:
            ledger.pins = ledger.pins[-1:]
        elif "error: " in said:
            ledger.pins = ledger.pins[:-1]
