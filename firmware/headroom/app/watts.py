"""The PowerMeter from the settings: in memory only where a voltage is fitted."""

from ..metering import calibration, voltage_types
from ..metering.channel import Channel
from ..metering.power import Branch, Power, Wattmeter
from ..metering.power_meter import PowerMeter
from ..metering.voltage import Voltage
from ..metering.watthours import WattHours
from ..settings import sampled, table
from . import angles


def meter(values, board, sampler, channels, ev_used, ev_legs, inputs):
    """With a voltage, all else as Meter has it."""
    place = sampled.place(values, board, table.voltage_place)
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
        loads = angles.loads(values, c, ev_legs)
        branches.append(
            Branch(
                channels[c],
                inputs[c],
                (place - inputs[c]) * sampler.spacing_ppm,
                angles.angle_mdeg(values, c, loads),
                mv_a_count_q8,
                len(loads),
            )
        )
    watts = Wattmeter(voltage, branches, Power(used, (1 << legs) - 2, legs))
    watthours = WattHours(legs, sampler.rate_hz)
    return PowerMeter(sampler, channels, ev_used, ev_legs, inputs, watts, watthours)
