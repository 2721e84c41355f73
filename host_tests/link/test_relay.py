"""A charger on a relay: the whole firmware in virtual time, from the samples to the pin.

The world's own judge holds it to the rules, by what truly flows; see lab/sim/chargers/relay.py.
"""

import asyncio
import tempfile
from pathlib import Path

import pytest

from lab.lockstep import loop as virtual
from lab.lockstep.installation import Installation
from lab.sim.chargers import EvseWb, Relay
from lab.sim.house import Steps

LIMIT_A = 80.0
PROOF_S = 120.0
CHUNK_S = 0.05  # the world's
QUIET, BUSY, TOO_MUCH = (20.0, 18.0), (55.0, 40.0), (65.0, 60.0)  # TOO_MUCH: the rating, with 38 A


def played(loads, act, beside=False, reads_back=False):
    """What `act(plant, relay)` gives in that house, and the rules that were broken."""

    async def play():
        clock = asyncio.get_running_loop().time
        with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
            relay = Relay(10, clock)
            relay.reads_back = reads_back
            chargers = [relay, EvseWb(3, clock)] if beside else [relay]
            house = Steps(loads)
            async with Installation(Path(folder), house, chargers, 100.0, LIMIT_A) as plant:
                await plant.set_up()
                for charger in chargers:
                    charger.plugged = True
                plant.world.begin()
                found = await act(plant, relay)
                plant.check()
                return found, [f"rule {b.rule}: {b.text}" for b in plant.world.judge.broken]

    found, broken = virtual.run(play())
    assert broken == []
    return found


async def until(relay, closed, within_s):
    """How long it takes."""
    clock = asyncio.get_running_loop().time
    begun_s = clock()
    while relay.closed is not closed:
        assert clock() - begun_s < within_s, f"closed is not {closed} after {within_s:g} s"
        await asyncio.sleep(CHUNK_S)
    return clock() - begun_s


@pytest.mark.long
@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize(("load", "within_s"), [(BUSY, 0.45), (TOO_MUCH, 0.2)])
def test_on_with_proof_and_off_as_soon_as_a_reduction_goes_out(load, within_s, beside):
    async def act(plant, relay):
        proof_s = await until(relay, True, 200)
        await asyncio.sleep(240 - plant.world.t_s)
        flows_a = relay.draw_a
        return proof_s, flows_a, await until(relay, False, 5)

    proof_s, flows_a, off_s = played({0: QUIET, 240: load}, act, beside)
    assert proof_s > PROOF_S - 5  # what was before `begin` counts, and it is set up within 5 s
    assert flows_a == pytest.approx(38, abs=0.5)
    assert off_s <= within_s + CHUNK_S


@pytest.mark.long
def test_a_meter_that_is_killed_leaves_it_off_and_its_successor_wants_proof():
    async def act(plant, relay):
        await until(relay, True, 200)
        await asyncio.sleep(20)
        await plant.firmware.kill()
        await asyncio.sleep(1)
        off = not relay.closed
        plant.firmware.start()
        return off, await until(relay, True, 200)

    off, on_s = played({0: QUIET}, act)
    assert off
    assert on_s > PROOF_S


@pytest.mark.long
def test_a_restart_that_is_asked_for_opens_it_first():
    async def act(plant, relay):
        await until(relay, True, 200)
        await plant.console.send("reboot")
        return await until(relay, False, 2), await until(relay, True, 200)

    off_s, on_s = played({0: QUIET}, act)
    assert off_s < 1
    assert on_s > PROOF_S


@pytest.mark.long
def test_a_welded_contact_is_named_on_the_console():
    async def act(plant, relay):
        await until(relay, True, 200)
        relay.welded = True
        await asyncio.sleep(160 - plant.world.t_s)
        await until(relay, False, 5)
        await asyncio.sleep(20)
        plant.world.judge.broken.clear()  # it flows all the same, that is what they say
        return await plant.console.ask("faults"), await plant.console.ask("chargers")

    named, shown = played({0: QUIET, 160: BUSY}, act, reads_back=True)
    assert "charger1 holds 40.0 A though told 0.0 A" in named
    assert "relay on GPIO 10, off; by its read-back current may flow" in shown
    assert "welded" in shown
