"""A relay from the settings: in memory only where one is asked for."""

from .. import records
from ..charging.relay import Relay
from ..ports import options
from ..settings import panel, table


def relay(values, n):
    """Charger `n`, off."""

    def get(key):
        return table.of_charger(values, n, key)

    current_ma = get("max_a") * 1000
    state = records.ChargerState(
        current_ma,
        current_ma,
        get("circuit_a") * 800,
        current_ma,
        get("fallback_a") * 1000,
        panel.legs_of(values, table.of_charger, n),
        get("group"),
        get("priority"),
        get("rest_s") * 1000,
    )
    pins = options.pins()
    read_back = pins.contact(get("readback_pin")) if get("readback_pin") else None
    return Relay("charger%d" % n, state, get("pin"), pins.output(get("pin")), read_back)
