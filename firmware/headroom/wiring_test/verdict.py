"""From a recording to verdicts in plain words: pure arithmetic, no hardware, no clock.

The charger's steps are compared with what each CT saw of them. The EV CT is the reference where it
moves, for the part of a leg's current that runs along with it is exact whatever the house draws;
else the charger's own meter; else what the charger was told. A finding is (code, sentence).
"""

from .recording import NONE, UNIT_MA, median
from .steps import APART, FAR_APART, LEAST_STEP, Steps

_MOVES = 0.3  # of the step: less is not seeing the charger
_LOW, _HIGH = 0.85, 1.18  # a ratio within these is right: CT classes, meters, a nearby load
_AGREE = 0.3  # between the quarters of its differences
_FOLLOWS = 0.5  # an RMS moves less beside a load of another phase
_UNSURE = "too much else switched to tell about the CT of %s: try again when the house is calm"
_REVERSED = "the CT of %s is reversed: turn it round; the limit works all the same"
_BY_STEPS = (
    "by steps",
    "what shows is what the charger was told; without an EV CT or a meter in the charger nothing "
    "is said about the size",
)
_EV_CT_BLIND = ("ev ct blind", "the EV CT does not see the charger: is it on its wire?")


def verdicts(recording, expected, ev_ct, charging):
    """Findings on a recording, an empty list if all is well: what this generator returns.

    It yields None between its longer calculations, so that it never holds the loop for long.
    expected  indices of the legs that the charger loads; ev_ct: an EV CT is fitted
    charging  the charger says that the car draws current
    """
    steps = Steps(recording)
    if steps.size < LEAST_STEP:
        return [("no headroom", "there was not enough headroom to step the charger by 2.5 A")]
    yield
    ev = steps.follow(recording.ev) if ev_ct else 0.0
    yield
    own = steps.follow(recording.reported)
    unsure = []
    if _moved(ev):
        seen = yield from _by_ev_ct(steps, expected)
    elif _moved(own):
        seen, unsure = yield from _by_own_meter(steps, expected)
    else:
        seen = []
        for column in recording.leg:
            follows = yield from steps.follow_told(column)
            seen.append(follows)
        if ev_ct and all(seen[leg] >= _FOLLOWS for leg in expected):
            return [_EV_CT_BLIND]
        if ev_ct or all(seen[leg] < _FOLLOWS for leg in expected):
            return [_nothing_moved(steps, ev_ct, charging)]
        return _places(seen, expected) + [_BY_STEPS]
    yield
    found = [_EV_CT_BLIND] if ev_ct and not _moved(ev) else []
    found += [("unsure", _UNSURE % _name(leg)) for leg in unsure]
    found += _places(seen, expected)
    placed = [leg for leg in expected if abs(seen[leg]) >= _MOVES]
    if _moved(ev) and _same(recording, placed):
        found.append(("same leg", "both CTs show the same current all the time: one leg has both"))
    elif _moved(ev):
        found += _senses(seen, placed, len(expected))
    if not found or found[0][0] in ("reversed", "ev sense"):
        found += _ratios(steps, seen, placed, ev, own)
    if not any(code == "ratio" for code, _ in found):
        found += _draws_less(steps, ev, own)
    return found


def _by_ev_ct(steps, expected):
    """Each leg's ratio to what the EV CT sees, - if it runs against it."""
    seen = []
    for column in steps.recording.along:
        span = yield from steps.local(column, steps.recording.ev, APART)
        seen.append(span[1])
    if len(expected) == 3:
        for leg in expected[1:]:
            seen[leg] *= 2  # half of its current runs against that of the first phase
    return seen


def _by_own_meter(steps, expected):
    """Each leg's ratio to what the charger itself measures, and the legs that can't be told.

    An RMS value moves with everything else in the house: only a leg whose differences agree is
    judged, and one that can't be is taken for right.
    """
    spans = []
    for column in steps.recording.leg:
        span = yield from steps.local(column, steps.recording.reported, FAR_APART)
        spans.append(span)
    seen = [middle for _, middle, _ in spans]
    clear = [high - low <= _AGREE for low, _, high in spans]
    unsure = [leg for leg in expected if not clear[leg] and not _FOLLOWS <= seen[leg] <= _HIGH]
    for leg in unsure:
        seen[leg] = 1.0
    if all(seen[leg] >= _MOVES for leg in expected):
        for leg in range(len(seen)):
            if leg not in expected and not clear[leg]:
                seen[leg] = 0.0
    return seen, unsure


def _moved(follow):
    return abs(follow) >= _MOVES


def _amperes(value):
    return "%d.%d A" % (value * UNIT_MA // 1000, value * UNIT_MA % 1000 // 100)


def _name(leg):
    return "L%d" % (leg + 1)


def _own_levels(steps, ev_ct):
    """What the car draws by its charger's meter, else by the EV CT."""
    for column in (steps.recording.reported, steps.recording.ev if ev_ct else ()):
        levels = steps.levels(column) if column else []
        if levels and None not in levels:
            return levels
    return []


def _nothing_moved(steps, ev_ct, charging):
    levels = _own_levels(steps, ev_ct)
    drawn = median(levels) if levels else 0
    low = min(steps.told)
    if drawn > low + 150:
        text = "the charger does not obey: %s flow when it is told %s"
        return ("disobeys", text % (_amperes(drawn), _amperes(low)))
    if drawn >= 50:
        text = "the car draws %s whatever it is offered, up to %s: nothing said about the CTs"
        return ("draws less", text % (_amperes(drawn), _amperes(max(steps.told))))
    if charging:
        text = (
            "the charger says that it charges, but no CT follows: are they on this panel's wires?"
        )
        return ("nothing moves", text)
    return ("no current", "the car draws nothing: about the CTs nothing could be tested")


def _places(seen, expected):
    """CTs that do not see the charger, or see it on another leg."""
    found = []
    strangers = [
        leg for leg in range(len(seen)) if leg not in expected and abs(seen[leg]) >= _FOLLOWS
    ]
    for leg in expected:
        if abs(seen[leg]) >= _MOVES:
            continue
        if strangers:
            other = strangers.pop(0)
            text = (
                "the charger shows on %s instead of %s: their CTs are swapped, or it is wired so"
            )
            found.append(("swapped", text % (_name(other), _name(leg))))
        else:
            text = "the CT of %s does not see the charger: missing, unplugged, or on another wire"
            found.append(("ct missing", text % _name(leg)))
    for leg in strangers:
        text = "the charger shows on %s too, which its setting 'legs' doesn't name"
        found.append(("wrong leg", text % _name(leg)))
    return found


def _same(recording, placed):
    """Both legs' CTs are around one conductor: equal in every window, and in the same sense."""
    if len(placed) != 2 or len(recording.leg) != 2:
        return False
    a, b = recording.leg[placed[0]], recording.leg[placed[1]]
    if any(abs(x - y) > 30 + abs(x) // 33 for x, y in zip(a, b)):
        return False
    pairs = zip(recording.along[placed[0]], recording.along[placed[1]])
    return all((x > 0) == (y > 0) for x, y in pairs if NONE not in (x, y))


def _senses(seen, placed, count):
    """CTs that are the wrong way round. Two legs carry the car's current in opposite senses."""
    forward = [seen[leg] > 0 for leg in placed]
    if count == 3:
        return _senses_of_three(forward, placed)
    if count == 1 and forward == [False]:
        text = "the CT of %s or the EV CT is reversed: turn one of them"
        return [("reversed", text % _name(placed[0]))]
    if count == 2 and len(forward) == 2 and forward[0] == forward[1]:
        leg = placed[1] if forward[0] else placed[0]
        return [("reversed", _REVERSED % _name(leg))]
    if forward == [False, True]:
        text = "the EV CT is reversed, or on the wire of %s; currents are right all the same"
        return [("ev sense", text % _name(placed[1]))]
    return []


def _senses_of_three(forward, placed):
    """The EV CT is around the first phase; the others run against it."""
    wrong = [leg for leg in placed if forward[placed.index(leg)] is not (leg == placed[0])]
    if len(placed) < 3 or not wrong:
        return []
    if len(wrong) == 1:
        return [("reversed", _REVERSED % _name(wrong[0]))]
    if len(wrong) == 2:
        text = "the CTs of %s and %s are swapped, or both are reversed"
        return [("swapped", text % (_name(wrong[0]), _name(wrong[1])))]
    return [("ev sense", "the EV CT is reversed; currents are right all the same")]


def _ratios(steps, seen, placed, ev, own):
    """CTs whose currents are wrong by a factor, against the best reference there is."""
    sizes = [abs(seen[leg]) for leg in placed]
    if _moved(own):
        scale = steps.follow(steps.recording.ev, steps.recording.reported) if _moved(ev) else 1.0
        found = [] if _right(scale) or not _moved(ev) else [_ratio("the EV CT", scale)]
        low = _LOW if _moved(ev) else _FOLLOWS
        for leg, size in zip(placed, sizes):
            if not low <= size * scale <= _HIGH:
                found.append(_ratio("the CT of " + _name(leg), size * scale))
        return found
    if not _moved(ev):
        return []
    wrong = [i for i in range(len(sizes)) if not _right(sizes[i])]
    if not wrong:
        return _common(steps)
    if len(sizes) > 1:
        if len(wrong) == len(sizes) and _right(sizes[0] / sizes[1]):
            return [_ratio("the EV CT", 2 / (sizes[0] + sizes[1]))]
        return [_ratio("the CT of " + _name(placed[i]), sizes[i]) for i in wrong]
    if abs(ev - 1) > abs(sizes[0] * ev - 1):  # what was told decides between the two
        return [_ratio("the EV CT", 1 / sizes[0])]
    return [_ratio("the CT of " + _name(placed[0]), sizes[0])]


def _right(ratio):
    return _LOW <= ratio <= _HIGH


def _ratio(what, factor):
    return (
        "ratio",
        "%s shows %.2f times the current: check its type and settings" % (what, factor),
    )


def _common(steps):
    """All CTs agree, but not with what the charger was told."""
    pairs = [
        (level, told)
        for level, told in zip(steps.levels(steps.recording.ev), steps.told)
        if level is not None and told > 0
    ]
    factors = [level / told for level, told in pairs]
    if not factors:
        return []
    if min(factors) > _HIGH:
        text = "all CTs show %.2f times what the charger was told: their types, or it disobeys"
        return [("ratio", text % median(factors))]
    if max(factors) < 0.7 and max(factors) < 1.25 * min(factors):
        text = "all CTs show %.2f times what the charger was told: check their types"
        return [("ratio", text % median(factors))]
    return []


def _draws_less(steps, ev, own):
    """The car stops following before the highest current offered: no fault, but worth knowing."""
    levels = _own_levels(steps, _moved(ev))
    if not levels or not (_moved(ev) or _moved(own)):
        return []
    most, offered = max(levels), max(steps.told)
    if most < offered * 0.8 and most < offered - 150 and most > min(steps.told) * 0.8:
        text = "the car draws %s of the %s offered"
        return [("draws less", text % (_amperes(most), _amperes(offered)))]
    return []
