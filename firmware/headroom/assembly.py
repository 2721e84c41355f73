"""From the settings to the objects of metering and balancing: which value goes where."""

import os

from . import ct_types, panel, records, settings
from .balancing.controller import Controller
from .metering import calibration
from .metering.channel import Channel
from .metering.meter import Meter


def meter(values, board, sampler):
    """The Meter of a board's sampler: a channel for each leg in use, then the EV branch."""
    channels = [_channel(values, board, "", "l%d" % (leg + 1)) for leg in range(values["legs"])]
    channels.append(_channel(values, board, "ev_", "ev"))
    if values["ev_source"] != "ct":
        return Meter(sampler, channels, False)
    chargers = settings.chargers(values)  # on the same legs, all of them: see panel.py
    ev_legs = panel.legs_of(values, settings.of_charger, chargers[0]) if chargers else ()
    return Meter(sampler, channels, True, ev_legs)


def _channel(values, board, ct, name):
    return Channel(
        calibration.ma_per_count_q8(
            ct_types.ua_per_mv(
                values[ct + "ct"], values[ct + "ct_ratio"], values[ct + "burden_mohm"]
            ),
            board.VREF_MV,
            board.ADC_BITS,
            values[name + "_gain_ppm"],
            board.ADC_SLOPE_PPM,
        ),
        values[name + "_noise"],
        (1 << board.ADC_BITS) - 1,
        board.ADC_STEP,
        name != "ev",
    )


def controller(values, states, outage):
    """The Controller of these chargers; after an `outage` it may wait before anything starts."""
    return Controller(
        values["legs"],
        values["breaker_a"] * 1000,
        values["derate_pct"],
        values["dead_time_s"] * 1000,
        values["rise_window_s"] * 1000,
        states,
        panel.groups_ma(values),
        records.EV_SOURCES.index(values["ev_source"]),
        bool(values["conservative"]),
        values["start_delay_s"] * 1000 * os.urandom(1)[0] // 255 if outage else 0,
    )
