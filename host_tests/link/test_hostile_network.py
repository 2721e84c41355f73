"""The whole firmware beside a network that does everything wrong: no order to a charger differs.

In virtual time; `make soak-network` lets it last a night. The rules are judged by what truly
flows, and what is compared is what was sent to the chargers.
"""

import asyncio
import os
import random
import re
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from lab.lockstep import loop as virtual
from lab.lockstep.installation import STARTUP_S, Installation
from lab.sim.chargers import MODELS
from lab.sim.frames import written
from lab.sim.house import Steps

SECONDS = 3600 * float(os.environ.get("HEADROOM_NIGHT_HOURS", "0.15"))
SEEDS = (2, 3)
_chance = random.Random(11)
EVENING = {
    at_s: (_chance.uniform(2, 72), _chance.uniform(2, 72)) for at_s in range(0, int(SECONDS), 9)
}
FAMILIES = {1: "heidelberg", 2: "evse_wb"}


@cache
def night(network):
    """(orders to the chargers, what broke a rule, how often the network was what).

    network  see lab/lockstep/vm/hostile.py. Nobody asks anything at the console meanwhile, for an
             answer's length would move what else happens by some milliseconds.
    """

    async def play():
        clock = asyncio.get_running_loop().time
        models = [MODELS[family](unit, clock) for unit, family in FAMILIES.items()]
        orders = []
        with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
            installation = Installation(Path(folder), Steps(EVENING), models, 100, 80)
            world, console = installation.world, installation.console
            installation.firmware.variables["HEADROOM_NETWORK"] = network
            async with installation:
                await installation.set_up("rise_window_s 10", "broker 10.0.0.2")
                for model in models:
                    model.plugged = True
                world.begin()
                world.line.listeners.append(
                    lambda frame: orders.append((world.t_s, frame.received))
                )
                while world.t_s < SECONDS:
                    await asyncio.sleep(1)
                    installation.check()
                    del world.history[:-1]
                status = await console.until_up(STARTUP_S)
                said = installation.firmware.log.read_text()
        assert "network" in status
        kinds = Counter(re.findall(r"network: (.*)", said))
        del kinds["quiet"]
        return [sent for _, sent in orders if sent[1] in (6, 16)], world.judge.broken, kinds

    return virtual.run(play())


def limits_of(orders):
    """{unit: the amperes that it was told, in their order}, without what is said again."""
    found = {unit: [] for unit in FAMILIES}
    models = {unit: MODELS[family](unit, lambda: 0.0) for unit, family in FAMILIES.items()}
    for sent in orders:
        told = found[sent[0]]
        amperes = models[sent[0]].ordered_a(written(sent))
        if amperes is not None and told[-1:] != [amperes]:
            told.append(amperes)
    return found


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_no_order_to_a_charger_differs_from_those_without_a_network(seed):
    calm, broken, none = night("away")
    orders, also, kinds = night(f"lies {seed}")
    assert set(none) == {"refused"}
    assert len(kinds) >= 5, kinds
    assert broken == also == []
    assert orders == calm, "each order, byte for byte and in its order"
    assert sum(map(len, limits_of(calm).values())) > 20, "something was to be decided"


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_commanded_the_rules_hold(seed):
    calm, _, _ = night("away")
    orders, broken, kinds = night(f"commands {seed}")
    assert len(kinds) >= 5, kinds
    assert broken == []
    assert limits_of(orders) != limits_of(calm), "commands were heard"
