"""The meter of a board whose front end is a metering chip: in memory only there.

board.ATM90E32 has its SPI (ports/spi.py) and which of its phases each of board.CHANNELS is. The
chip is set up the same whatever CTs and sensor there are: their scales are arithmetic here.
"""

from ..metering import ct_types
from ..metering.atm90e32 import UV_A_LSB, Atm90e32
from ..metering.chip_input import Input
from ..metering.chip_meter import ChipMeter
from ..metering.scale import Scale
from ..ports.spi import Spi


def meter(values, board, names, ev_used, ev_legs, inputs):
    """names: of the channels, the EV branch last; inputs: their indices in board.CHANNELS."""
    phases = board.ATM90E32["phases"]
    ma_a_lsb = [_ma_a_lsb(values, name) for name in names]
    channels = [Input(phases[i], Scale(ma / 256)) for i, ma in zip(inputs, ma_a_lsb)]
    hz = 60 if values["nominal_v"] < 150 else 50  # to begin with
    parts = (Atm90e32(Spi(board.ATM90E32)), channels, ev_used, ev_legs, hz)
    if not values["voltage"]:
        return ChipMeter(*parts)
    return ChipMeter(*parts, *_volts(values, ma_a_lsb if ev_used else ma_a_lsb[:-1], ev_legs))


def _ma_a_lsb(values, name):
    ct = "ev_" if name == "EV" else ""
    ua_per_mv = ct_types.ua_per_mv(
        values[ct + "ct"], values[ct + "ct_ratio"], values[ct + "burden_mohm"]
    )
    return ua_per_mv * UV_A_LSB / 1_000_000 * values[name.lower() + "_gain_ppm"] / 1_000_000


def _volts(values, ma_a_lsb, ev_legs):
    """(ChipPower, WattHours): only where a voltage is fitted."""
    from ..metering import voltage_types
    from ..metering.chip_power import Angle, ChipPower
    from ..metering.power import Power
    from ..metering.watthours import WattHours
    from . import angles

    mv_a_lsb = [ratio * UV_A_LSB / 1_000_000 for ratio in voltage_types.ratios(values)]
    turned = []
    for c in range(len(ma_a_lsb)):
        loads = angles.loads(values, c, ev_legs)
        mw_a_lsb = 32 * mv_a_lsb[c % len(mv_a_lsb)] * ma_a_lsb[c] / 1000  # [DS 5.6.1]
        turned.append(Angle(angles.angle_mdeg(values, c, loads), mw_a_lsb, len(loads)))
    legs, nominal_mv = values["legs"], values["nominal_v"] * 1000
    watthours = WattHours(legs, 1000)
    if len(mv_a_lsb) == 3:
        from ..metering.chip_three import ThreeChipPower

        return ThreeChipPower(turned, [mv / 256 for mv in mv_a_lsb], nominal_mv), watthours
    power = Power(len(turned), (1 << legs) - 2, legs)
    return ChipPower(power, turned, mv_a_lsb[0] / 256, nominal_mv), watthours
