"""The whole App on the board with a metering chip, in the house of chip_house.py."""

import asyncio

import board_in_memory
import pytest
from chip_house import BOARD, ChipHouse

from headroom import ports
from headroom.app.assembly import assembled
from headroom.settings.store import Store


@pytest.fixture
def house(monkeypatch):
    return ChipHouse(monkeypatch)


@pytest.fixture
def app(house, tmp_path, monkeypatch):
    board = board_in_memory.Board(tmp_path)
    for name, value in vars(BOARD).items():
        setattr(board, name, value)
    monkeypatch.setattr(ports, "current", lambda: board)
    store = Store(board.folder)
    store.save(store.load() | {"voltage": "adapter9v_cs"})
    app = assembled(board)
    house.meter = app._control._meter
    return app


def test_the_app_measures_tells_and_counts_by_the_chip(app, house, clock):
    """Nobody answers on the line: the charger has its fallback, the measurement is good."""

    async def world():
        while True:
            house.flow()
            house.chip.pass_ms(5)
            await asyncio.sleep(0.005)

    async def both():
        going_on = asyncio.ensure_future(world())
        await asyncio.wait_for(app.run(), 30)
        going_on.cancel()

    house.amps = [40.0, 25.0, 0.0]
    house.lag_deg[1] = 180.0  # the sun on L2
    with pytest.raises(asyncio.TimeoutError):
        clock.run(both())
    assert not app._supervisor.tripped
    job = app._status.collect()
    try:
        while True:
            next(job)
    except StopIteration as ended:
        now = ended.value
    assert now["good"]
    assert [leg["ma"] for leg in now["legs"]] == pytest.approx([40_000, 25_000], rel=0.001)
    assert [leg["w"] for leg in now["legs"]] == pytest.approx([4800, -3000], rel=0.004)
    assert now["voltage"]["mv"] == pytest.approx(120_000, rel=0.001)
    assert now["mains_mhz"] == 60_000
    assert now["rate_hz"] == 8000
    assert "wh_estimate" in now["energy"][0]
    assert now["energy"][0]["import_wh"] == pytest.approx(4800 * 29 / 3600, abs=2)
    assert now["energy"][1]["export_wh"] == pytest.approx(3000 * 29 / 3600, abs=2)


def allowed_after(app, house, windows):
    """What charger 1 may draw after so many windows in which its car draws what it may."""
    control = app._control
    allocation = app._control._controller.allocations[0]
    state = allocation.state
    for _ in range(windows * 40):
        house.flow()
        house.chip.pass_ms(5)
        house.now_ms = (house.now_ms + 5) % (1 << 30)
        control.turn(house.now_ms)
        state.online = state.car = state.charging = True
        state.offer_ma = state.ceiling_ma = allocation.allowed_ma
        car_a = allocation.allowed_ma / 1000
        house.amps = [house.base_a[0] + car_a, house.base_a[1] + car_a, car_a]
    return allocation.allowed_ma


@pytest.mark.long
@pytest.mark.parametrize("fault", ["brown-out", "frozen", "high", "low"])
def test_a_chip_that_fails_ends_in_the_fallback_and_returns_with_proof(app, house, fault):
    house.base_a = [20.0, 15.0]
    app._control.begin(house.now_ms)
    steady_ma = allowed_after(app, house, 300)
    assert steady_ma == 16_000, "what a Heidelberg box takes"
    if fault == "brown-out":
        house.chip.power_on()
    elif fault == "frozen":
        house.chip.frozen = True
    else:
        house.chip.wired = fault
    assert allowed_after(app, house, 5) == 6000
    assert not app._control._controller.allocations[0].fresh
    house.chip.frozen, house.chip.wired = False, ""
    assert allowed_after(app, house, 300) == 16_000


@pytest.mark.long
def test_a_load_above_the_breakers_rating_lowers_within_a_tenth_of_a_second(app, house):
    """By the peaks: long before the average of 16 cycles shows it."""
    house.base_a = [40.0, 15.0]
    app._control.begin(house.now_ms)
    assert allowed_after(app, house, 300) == 16_000
    for _ in range(7):  # wherever in a window it is
        allowed_after(app, house, 1)
        house.amps = [95.0 + 16, 15.0 + 16, 16.0]
        for _ in range(20):
            house.flow()
            house.chip.pass_ms(5)
            house.now_ms = (house.now_ms + 5) % (1 << 30)
            app._control.turn(house.now_ms)
        assert app._control._controller.allocations[0].allowed_ma == 6000, "held at its minimum"
        assert allowed_after(app, house, 300) == 16_000
