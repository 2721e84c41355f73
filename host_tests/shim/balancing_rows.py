"""Chargers and the rows of balancing's table, for tests of its parts."""

from headroom import records
from headroom.balancing.row import Row


def charger(min_a=6, max_a=32, legs=(0, 1), group=0, priority=5):
    state = records.ChargerState(
        min_a * 1000, max_a * 1000, 80_000, 80_000, 0, legs, group, priority
    )
    state.online = state.car = state.charging = True
    return state


def table(states, may_draw_a=32):
    """Rows whose cars may be drawing so much."""
    rows = [Row(state, state.legs, 6000, 5000) for state in states]
    for row in rows:
        row.may_draw_ma = may_draw_a * 1000
    return rows
