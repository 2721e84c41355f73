"""A charger that polls us, from the settings: in memory only where there is one."""

from .. import records
from ..charging.polled import Polled
from ..settings import panel, table


def polled(values, n):
    """Charger `n`."""

    def get(key):
        return table.of_charger(values, n, key)

    max_ma, circuit_ma = get("max_a") * 1000, get("circuit_a") * 800
    state = records.ChargerState(
        get("min_a") * 1000,
        max_ma,
        circuit_ma,
        max_ma,
        get("fallback_a") * 1000,
        panel.legs_of(values, table.of_charger, n),
        get("group"),
        get("priority"),
        driven=False,
    )
    state.ceiling_ma = min(max_ma, circuit_ma)
    return Polled("charger%d" % n, state)
