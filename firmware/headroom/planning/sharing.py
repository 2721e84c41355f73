"""Watts for several cars, by priority: 9 first, 1 last.

Of equal priority those that charge have their minimum first, then those that wait, and what is
left goes to all of them in equal parts. A charger of higher priority has all that it can use
before one of lower has anything.
"""

from micropython import const

from .request import NO_LIMIT_MA

_FIRST = const(9)


def want(plug, runs, need_ma, most_ma=NO_LIMIT_MA):
    """Set what a charger takes part with: `need_ma` is what it begins with, 0 not at all."""
    plug.runs = runs
    plug.share_w = 0
    plug.need_w = plug.want_w = plug.power(need_ma)
    if need_ma and not plug.idle():
        plug.want_w = plug.power(max(need_ma, min(most_ma, plug.can_use_ma())))


def take_part(plugs, limit):
    """All whose car is there, with what the limits before this one leave of their wishes."""
    for plug in plugs:
        state = plug.state
        most_ma = plug.request.before_ma(limit)
        wants = state.car and most_ma >= state.min_ma
        want(plug, state.charging, state.min_ma if wants else 0, most_ma)


def divide(total_w, plugs, held):
    """Set `share_w` of each; `held`: who runs draws its minimum though there is less.

    A share below the need says what is there of it, which may be less than nothing.
    """
    left_w = total_w
    priority = _next(plugs, _FIRST)
    while priority:
        left_w = _minimums(left_w, plugs, priority, True, held)
        left_w = _minimums(left_w, plugs, priority, False, held)
        left_w = _rest(left_w, plugs, priority)
        priority = _next(plugs, priority - 1)


def _next(plugs, most):
    """The highest priority of those who take part, no more than so much; 0: no more."""
    found = 0
    for plug in plugs:
        if plug.want_w and found < plug.state.priority <= most:
            found = plug.state.priority
    return found


def _minimums(left_w, plugs, priority, runs, held):
    for plug in plugs:
        if plug.state.priority != priority or plug.runs != runs or not plug.want_w:
            continue
        plug.share_w = min(left_w, plug.need_w)
        if left_w >= plug.need_w or (held and runs):
            left_w -= 0 if plug.idle() else plug.need_w
    return left_w


def _rest(left_w, plugs, priority):
    """Equal parts for those who can use more, what one can't use for the others."""
    while left_w > 0:
        count = 0
        least_w = left_w
        for plug in plugs:
            if plug.state.priority == priority and plug.need_w <= plug.share_w < plug.want_w:
                count += 1
                least_w = min(least_w, plug.want_w - plug.share_w)
        part_w = min(least_w, left_w // count) if count else 0
        if not part_w:
            return left_w
        for plug in plugs:
            if plug.state.priority == priority and plug.need_w <= plug.share_w < plug.want_w:
                plug.share_w += part_w
                left_w -= part_w
    return left_w


def bound_ma(plug, total_w):
    """The share as a limit, 0 where it is less than the need; who takes no part could have all."""
    watts = plug.share_w if plug.want_w else total_w
    return plug.steps(plug.current(watts)) if watts >= plug.need_w else 0
