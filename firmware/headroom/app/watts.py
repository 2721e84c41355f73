"""The Wattmeter from the settings: in memory only where a voltage is fitted."""

from .. import records
from ..metering import calibration, ct_types, voltage_types
from ..metering.channel import Channel
from ..metering.power import Branch, Wattmeter
from ..metering.voltage import Voltage
from ..settings import table

_LAGS_MDEG = (
    (0,),
    (0, 180_000),
    (0, 120_000, 240_000),
)  # of the legs, for a panel of one to three


def wattmeter(values, board, sampler, channels, inputs, ev_legs):
    """For the channels in use and their indices in a frame; the EV branch loads `ev_legs`."""
    legs = values["legs"]
    sensor_mdeg = voltage_types.TYPES[values["voltage"]][1]
    mv_a_count_q8 = calibration.ma_per_count_q8(
        voltage_types.ratio(values) * 1000,
        board.VREF_MV,
        board.ADC_BITS,
        values["voltage_gain_ppm"],
        board.ADC_SLOPE_PPM,
    )
    place = board.CHANNELS.index(table.voltage_place())
    full_scale = (1 << board.ADC_BITS) - 1
    voltage = Voltage(
        Channel(mv_a_count_q8, 0, full_scale, board.ADC_STEP, False),
        place,
        sampler,
        values["nominal_v"] * 1000,
    )
    branches = []
    for c in range(len(channels)):
        name = "l%d" % (c + 1) if c < legs else "ev"
        ct = "" if c < legs else "ev_"
        loads = (c,) if c < legs else ev_legs or range(legs)
        lead_mdeg = ct_types.lead_mdeg(values[ct + "ct"], values[ct + "burden_mohm"])
        branches.append(
            Branch(
                channels[c],
                inputs[c],
                (place - inputs[c]) * sampler.spacing_ppm,
                sensor_mdeg
                - lead_mdeg
                - values[name + "_lead_mdeg"]
                + _LAGS_MDEG[legs - 1][loads[0]],
                mv_a_count_q8,
                len(loads),
            )
        )
    assumed = (1 << legs) - 2  # all but L1
    return Wattmeter(voltage, branches, records.Power(len(channels), assumed))
