"""The angle by which a channel's power is turned, see metering/power.py: from the settings."""

from ..metering import voltage_types
from ..settings import table

_LAGS_MDEG = ((0,), (0, 180_000), (0, 120_000, 240_000))  # of the legs, for one to three of them


def loads(values, c, ev_legs):
    """The legs that channel `c` loads: itself, or those of the EV branch."""
    legs = values["legs"]
    return (c,) if c < legs else ev_legs or range(legs)


def angle_mdeg(values, c, loaded):
    """Without what the time between two samples makes."""
    legs = values["legs"]
    ct, n = ("", c + 1) if c < legs else ("ev_", 4)
    ct_mdeg = voltage_types.lead_mdeg(values[ct + "ct"], values[ct + "burden_mohm"])
    ct_mdeg += table.value_of(values, "ct%d.lead_mdeg" % n)
    sensor_mdeg = voltage_types.TYPES[values["voltage"]][1]
    lags_mdeg = 0 if voltage_types.own(values) else _LAGS_MDEG[legs - 1][loaded[0]]
    return sensor_mdeg - ct_mdeg + lags_mdeg
