"""CTs, their burdens and the main breaker: which go together."""

from ..metering import ct_types

_COARSEST_UA = 1_241_000  # a mV: 1 A a count of 12 bit


def problem(values, prefix, span_mv):
    """Why this CT can't be, as a sentence; "" if it can. The prefix "ev_" is the EV branch's.

    span_mv  from peak to peak, around the bias, that the board's converter shows
    A CT must carry the main breaker's rating for ever, and show 1.25 times as much.
    """
    name, ratio = values[prefix + "ct"], values[prefix + "ct_ratio"]
    burden_mohm, breaker_a = values[prefix + "burden_mohm"], values["breaker_a"]
    ua = ct_types.ua_per_mv(name, ratio, burden_mohm)
    range_a = ua * span_mv // 2 * 7071 // 10**10  # RMS of a sine; 0.7071 is 1 / sqrt 2
    if ua > _COARSEST_UA:
        return (
            "%sct %s with %sburden_mohm %d shows up to %d A, too coarse to control by; "
            "raise the burden" % (prefix, name, prefix, burden_mohm, range_a)
        )
    if prefix or not values["legs"]:
        return ""
    weak = too_weak(values)
    if weak:
        return weak
    most_mohm = _most_mohm(name, ratio, breaker_a, span_mv)
    if burden_mohm > most_mohm:
        shown = "ct %s with burden_mohm %d shows at most %d A" % (name, burden_mohm, range_a)
        needed = "a main breaker of %d A needs 1.25 times that" % breaker_a
        return "%s; %s: burden_mohm %d or less" % (shown, needed, most_mohm)
    return ""


def too_weak(values):
    """The same of the rating of the mains CTs alone, whatever their burden is."""
    name, breaker_a = values["ct"], values["breaker_a"]
    rated_a = ct_types.TYPES[name][0]
    if not values["legs"] or not rated_a or rated_a >= breaker_a:
        return ""
    text = "ct %s is rated %d A, below the main breaker of %d A: choose one of %d A or more"
    return text % (name, rated_a, breaker_a, breaker_a)


def _most_mohm(name, custom_ratio, breaker_a, span_mv):
    """The largest burden with which 1.25 times the main breaker can be shown.

    Any for a 333 mV type: at 1.25 times its rating its peak is 0.59 V, which every board shows.
    """
    primary_a, secondary, unit = ct_types.TYPES[name]
    if unit == "mV":
        return ct_types.MOST_MOHM
    ratio = primary_a * 1000 // secondary if primary_a else custom_ratio
    return ratio * span_mv * 7071 // (25_000 * breaker_a)
