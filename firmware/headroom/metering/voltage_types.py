"""Common voltage sensors: how much they divide by, and how far they and the CTs lead.

In memory only where a voltage is fitted, or while settings are checked that ask for one.

zmpt101b        60 kohm in series (six of 10 kohm), 2 mA : 2 mA, 75 ohm: 2 mA at 120 V, 4 mA at
                240 V. Ratio found by OpenEnergyMonitor on its emonVs, which is this circuit: 808
                to 809 (806.6 by its resistors); lead 0.16 degrees (emonLibDB).
adapter9v_230   a 9 V AC adapter with a divider: 269 for that of a UK plug (emonLibCM). Its lead
                moves with the mains, from 4 degrees at 185 V to 7.6 at 253 V: no one figure is
                right, so reactive power is not (OpenEnergyMonitor's report on the Ideal Power's).
adapter9v_120   the same for 120 V: 130 (emonLibCM); the lead is that of the other, unverified.
adapter9v_cs    Jameco's 157041 on CircuitSetup's meters, whose page gives a gain of 7305 for it:
                239.5 with the scale of atm90e32.py; the lead is that of the other, unverified.
custom          the ratio is to be set: voltage_ratio, which refines that of the others too.
"""

from .ct_types import VREF_MV

# name: (mains over what the input sees in 1/1000, lead in 1/1000 degree)
TYPES = {
    "zmpt101b": (808_000, 160),
    "adapter9v_230": (269_000, 6500),
    "adapter9v_120": (130_000, 6500),
    "adapter9v_cs": (239_500, 6500),
    "custom": (0, 0),
}
MOST_RATIO = 1_270_000  # 1 V a count of 12 bit, see kernel.py
_LEAST_COUNTS = 100  # RMS of the nominal voltage: fewer are too coarse


def ratio(values):
    """Mains over what the input sees, in thousandths; 0 if that was not said."""
    return values["voltage_ratio"] or TYPES[values["voltage"]][0]


def ratios(values):
    """The same of each sensor: of L1's, and of those of L2 and L3 where these have their own."""
    if not own(values):
        return (ratio(values),)
    return (ratio(values), values["v2.ratio"], values["v3.ratio"])


def own(values):
    """Has each leg of a three-phase service a sensor of its own?"""
    return bool(values.get("v2.ratio"))


def lead_mdeg(ct, burden_mohm):
    """How far a CT's voltage leads its current, in 1/1000 degree; 0 where nothing is known.

    SCT-013-000: 4 degrees with 22 ohm, 8 with 120 (R. Wall's report for OpenEnergyMonitor); as the
    winding's 100 ohm and the burden drive it together, 33 for each ohm of both. The others differ
    from maker to maker: `calibrate phase`.
    """
    return (100_000 + burden_mohm) * 33 // 1000 if ct == "100a50ma" else 0


def problem(values, place, span_mv, board):
    """Why this voltage sensor can't be, as a sentence; "" if it can.

    place    see settings/table.py
    board    its data, see boards/
    span_mv  from peak to peak, around the bias, that the board's converter shows
    """
    name = values["voltage"]
    if not place:
        return "voltage %s: this board has no input for it; voltage none" % name
    if not values["legs"]:
        return "voltage %s measures with CTs: legs is 0" % name
    if place == "EV" and values["legs"] == 3:
        return "voltage %s takes the input of L3 on this board: legs 1 or 2" % name
    if place == "EV" and values["ev_source"] == "ct":
        return (
            "voltage %s takes the input of the EV CT on this board: ev_source register or "
            "estimate" % name
        )
    nominal_v = values["nominal_v"]
    most = min(MOST_RATIO, nominal_v * 1_000_000 * 4096 // (VREF_MV * _LEAST_COUNTS))
    least = nominal_v * 1200 * 2828 // span_mv + 1  # 2.828: peak to peak of a sine
    text = _own_problem(values, board)
    for divides_by in ratios(values) if not text else ():
        if not least <= divides_by <= most:
            text = (
                "voltage %s divides by %d/1000; for nominal_v %d this board takes %d to %d: "
                "another sensor or ratio" % (name, divides_by, nominal_v, least, most)
            )
    return text


def _own_problem(values, board):
    """The same of the sensors of L2 and L3."""
    if values.get("v1.ratio"):
        return "v1.ratio: that of L1's sensor is voltage_ratio"
    fitted = [n for n in (2, 3) if values.get("v%d.ratio" % n)]
    if not fitted:
        return ""
    name = "v%d.ratio" % fitted[0]
    if "V3" not in board.CHANNELS:
        return name + ": this board has no input for a second voltage; 0, and L1's is used"
    if values["legs"] != 3 or len(fitted) < 2:
        return name + ": a sensor for L1 alone, or in a service of legs 3 for all three"
    return ""
