"""Virtual time for the simulated world: its event loop, and its chargers in memory."""

import asyncio
import time

import pytest

from lab.firmware import Console
from lab.lockstep import loop as virtual
from lab.lockstep.memory import Charger, Terminal
from lab.sim.chargers import ALL
from lab.sim.chargers.model import EXCEPTION_BIT
from lab.sim.chargers.served import ServedCharger
from lab.sim.frames import crc16
from lab.sim.ports import PseudoTerminal

# pymodbus can't be told to refuse with another bit, as one family does.
STANDARD = [name for name, model in ALL.items() if model.exception_bit == EXCEPTION_BIT]


def test_a_day_of_waiting_is_over_at_once():
    async def day():
        await asyncio.sleep(86400)
        return asyncio.get_running_loop().time()

    begun_s = time.monotonic()
    assert virtual.run(day()) == 86400.0
    assert time.monotonic() - begun_s < 1


def test_whatever_waits_goes_on_in_the_order_of_time():
    order = []

    async def note(delay_s):
        await asyncio.sleep(delay_s)
        order.append((delay_s, asyncio.get_running_loop().time()))

    async def all_of_them():
        await asyncio.gather(*map(note, (3.0, 1.0, 2.0)))

    virtual.run(all_of_them())
    assert order == [(1.0, 1.0), (2.0, 2.0), (3.0, 3.0)]


def test_waiting_for_nobody_is_an_error():
    async def forever():
        await asyncio.Event().wait()

    with pytest.raises(RuntimeError, match="everybody waits"):
        virtual.run(forever())


class Guest:
    """Wants to go on at each of these moments; notes what it is granted."""

    def __init__(self, *moments_s):
        self.moments_s = [*moments_s, float("inf")]
        self.granted = []

    @property
    def next_s(self):
        return self.moments_s[0]

    def step(self, now_s, horizon_s):
        self.granted.append((now_s, horizon_s))
        self.moments_s.pop(0)


def test_a_guest_has_its_moments_before_later_ones_of_the_world():
    guest = Guest(0.5, 1.0, 2.5)

    async def world():
        asyncio.get_running_loop().guest = guest
        for _ in range(3):
            await asyncio.sleep(1)

    virtual.run(world())
    assert guest.granted == [(0.5, 1.0), (1.0, 1.0), (2.5, 3.0)]


def requests(model):
    """Reads and writes of all kinds, allowed and not, and one to somebody else."""
    register, unit = model.holding_registers[0], model.address
    yield frame(99, 3, register, 1)
    for function in (3, 4, 1, 0x2B):
        yield frame(unit, function, register, 1)
    if model.input_registers:
        yield frame(unit, 4, model.input_registers[0], 1)
    yield frame(unit, 3, 0xFFF0, 1)
    for value in (0, 6, 10, 100, 0xFFFF):
        yield frame(unit, 6, model.limit_register, value)
    yield frame(unit, 3, model.limit_register, 1)


def frame(*unit_function_words):
    unit, function, *words = unit_function_words
    body = bytes((unit, function)) + b"".join(word.to_bytes(2, "big") for word in words)
    return body + crc16(body).to_bytes(2, "little")


async def replies(model, terminal, charger, patience_s):
    """What it says to each request; `patience_s` is how long to wait for each."""
    await charger.start(3600)
    heard = []
    for request, longest_s in zip(requests(model), patience_s, strict=False):
        terminal.write(request)
        reply = b""
        end_s = asyncio.get_running_loop().time() + longest_s
        while len(reply) < 5 and asyncio.get_running_loop().time() < end_s:
            await asyncio.sleep(0.02)
            reply += terminal.read()
        heard.append(reply.hex(" "))
    await charger.stop()
    return heard


@pytest.mark.parametrize("family", STANDARD)
def test_a_charger_in_memory_says_what_one_behind_pymodbus_says(family):
    async def in_memory():
        model = ALL[family](1, asyncio.get_running_loop().time)
        terminal = Terminal()
        return await replies(model, terminal, Charger(model, terminal), [1.0] * 99)

    async def served(patience_s):
        model = ALL[family](1)
        terminal = PseudoTerminal()
        try:
            charger = ServedCharger(model, terminal.path)
            return await replies(model, terminal, charger, patience_s)
        finally:
            terminal.close()

    ours = virtual.run(in_memory())
    patience_s = [2.0 if reply else 0.06 for reply in ours]  # a machine may be busy
    assert asyncio.run(served(patience_s)) == ours
    assert sum(map(bool, ours)) > 3


def test_a_meter_that_needs_seconds_to_tell_all_is_up():
    """As one with 25 chargers: a word comes at once, all about it takes three seconds.

    It echoes what is typed when it turns to it, one line after the other.
    """
    answers = {"version": ("0.1", 0.01), "json status": ('{"legs": []}', 3.0)}

    async def play():
        terminal = Terminal()
        loop = asyncio.get_running_loop()
        free_s = 0.0

        def typed():
            nonlocal free_s
            line = terminal.take().decode().rstrip("\r")
            answer, takes_s = answers[line]
            begin_s = max(free_s, loop.time())
            free_s = begin_s + takes_s
            loop.call_at(begin_s, terminal.put, f"{line}\r\n".encode())
            loop.call_at(free_s, terminal.put, f"{answer}\r\n> ".encode())

        terminal.heard = typed
        return await Console(terminal).until_up(10.0)

    assert virtual.run(play()) == {"legs": []}
