"""What the steps of the cars have shown of the mains CTs, in words: in memory only when needed."""

from .watch import LOW_PCT

_SENSE = "; currents and protection are right, its watts have the wrong sign"
_PAIR = ", or swapped with that of another leg"


def notes(currents, watts):
    """A sentence for each leg that is not as it should be, by its RMS and its real power."""
    if len(watts) == 2 and watts[0].pct <= -LOW_PCT and watts[1].pct <= -LOW_PCT:
        yield "the CTs of L1 and L2 are swapped, or both are on backwards" + _SENSE
        return
    for leg in range(len(currents)):
        pct = currents[leg].pct
        if watts and pct == currents[leg].sound_pct:
            pct = watts[leg].pct
        if pct != currents[leg].sound_pct:
            what = _what(pct) if currents[leg].loaded else _STRANGER
            yield "the CT of L%d %s" % (leg + 1, what)


_STRANGER = (
    "moves with the cars, and no setting 'legs' says so: wrong setting, on another wire" + _PAIR
)


def _what(pct):
    if pct <= -LOW_PCT:
        return "is on backwards: turn it round" + _SENSE
    if pct < 0:
        return "moves as on another phase, so its watts are wrong: on another wire" + _PAIR
    if pct == 0:
        return "does not move with the cars: off, on another wire" + _PAIR
    text = (
        "shows %d %% of what the cars draw: slipped, not closed, or not of the burden that is set"
    )
    return text % pct
