"""Three phases on a board with three inputs: the third is L3, and no EV branch is shown."""

from types import SimpleNamespace

import numpy as np
import pytest

from headroom.console import screen
from headroom.console.commands.calibrate import Calibrate
from headroom.metering.channel import Channel
from headroom.metering.energy import Energy
from headroom.metering.health import Health
from headroom.metering.meter import Meter
from headroom.reporting.status import Status
from headroom.settings import table
from lab.bench.metering.waveforms import Replay, sine

COUNT_MA = 150


@pytest.fixture
def meter():
    legs_a = (30.0, 20.0, 10.0)
    columns = [np.rint(2048 + sine(a, 50, 2.0) * 1000 / COUNT_MA) for a in legs_a]
    sampler = Replay(*columns)
    channels = [Channel(COUNT_MA << 8, 0, 4095, 0, is_leg) for is_leg in (True, True, True, False)]
    meter = Meter(sampler, channels, ev_used=False)
    now_ms = 0
    while sampler.left:
        now_ms += 5
        meter.poll(now_ms)
    return meter


def status_of(meter):
    controller = SimpleNamespace(
        limits=SimpleNamespace(leg_limit_ma=80_000),
        base_ma=[0] * 3,
        allocations=[],
        budget=SimpleNamespace(percent=lambda leg: 0),
        ev=SimpleNamespace(beyond_ma=0),
    )
    store = SimpleNamespace(source="defaults", note="")
    supervisor = SimpleNamespace(tripped="")
    bus = SimpleNamespace(chargers=[])
    about = "pico", "1.28.0", "", "power on", "e6614103e7452e2f"
    parts = meter, Health(), Energy(4), controller, bus, supervisor, []
    return Status(about, (store, "01234567", 230), *parts)


def collected(status):
    steps = status.collect()
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def test_the_current_of_l3_is_not_shown_again_as_the_cars(meter):
    assert list(meter.window.leg_ma) == pytest.approx([30_000, 20_000, 10_000], abs=60)
    assert meter.window.ev_ma == 0
    now = collected(status_of(meter))
    assert now["ev_ma"] == -1
    assert [total["name"] for total in now["energy"]] == ["L1", "L2", "L3"]
    now["lock"] = "no PIN"
    shown = "".join(screen.status_head(now))
    assert "EV       no CT" in shown


def test_an_input_that_is_l3_is_not_calibrated_as_ev(meter):
    with pytest.raises(table.Refused, match=r"there are: L1, L2, L3$"):
        Calibrate(meter, table.defaults()).run("EV", "zero")
