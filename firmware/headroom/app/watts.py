"""The PowerMeter from the settings: in memory only where a voltage is fitted."""

from ..metering import calibration, voltage_types
from ..metering.channel import Channel
from ..metering.power import Branch, Power, Wattmeter
from ..metering.power_meter import PowerMeter
from ..metering.voltage import Voltage
from ..metering.watthours import WattHours
from ..settings import table

_LAGS_MDEG = ((0,), (0, 180_000), (0, 120_000, 240_000))  # of the legs, for one to three of them


def meter(values, board, sampler, channels, ev_used, ev_legs, inputs):
    """With a voltage, all else as Meter has it."""
    place = board.CHANNELS.index(table.voltage_place)
    sensor_mdeg = voltage_types.TYPES[values["voltage"]][1]
    mv_a_count_q8 = calibration.ma_per_count_q8(
        voltage_types.ratio(values),
        board.VREF_MV,
        board.ADC_BITS,
        slope_ppm=board.ADC_SLOPE_PPM,
    )
    full_scale = (1 << board.ADC_BITS) - 1
    voltage = Voltage(
        Channel(mv_a_count_q8, 0, full_scale, board.ADC_STEP, False),
        place,
        sampler,
        values["nominal_v"] * 1000,
    )
    legs = values["legs"]
    used = legs + 1 if ev_used else legs
    branches = []
    for c in range(used):
        ct, n = ("", c + 1) if c < legs else ("ev_", 4)
        loads = (c,) if c < legs else ev_legs or range(legs)
        ct_mdeg = voltage_types.lead_mdeg(values[ct + "ct"], values[ct + "burden_mohm"])
        ct_mdeg += table.value_of(values, "ct%d.lead_mdeg" % n)
        branches.append(
            Branch(
                channels[c],
                inputs[c],
                (place - inputs[c]) * sampler.spacing_ppm,
                sensor_mdeg - ct_mdeg + _LAGS_MDEG[legs - 1][loads[0]],
                mv_a_count_q8,
                len(loads),
            )
        )
    watts = Wattmeter(voltage, branches, Power(used, (1 << legs) - 2))
    watthours = WattHours(used, legs, sampler.rate_hz)
    return PowerMeter(sampler, channels, ev_used, ev_legs, inputs, watts, watthours)
