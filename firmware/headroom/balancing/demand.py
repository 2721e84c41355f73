"""What a car really takes, plus room to grow; the rest of its share is for the others."""

from micropython import const

GROWTH_MA = const(3000)
_SLACK_MA = const(1000)


def want_ma(state, cap_ma, draw_ma, offered_ma, follows):
    """The share that charger `state` needs, from its minimum to `cap_ma`.

    draw_ma  what it draws, -1 if that isn't known: then nothing is taken from it
    follows  its offer was raised so lately that it may still be following

    A car within 1 A + 1/16 of its offer uses what it is offered (cars draw some 95 %) and may
    want more. One that draws less is offered 3 A more than it draws, so that it can show when it
    wants more again.
    """
    if not state.charging and state.online:
        return cap_ma if follows else min(cap_ma, state.min_ma)
    if draw_ma < 0 or follows or draw_ma + _SLACK_MA >= offered_ma - (offered_ma >> 4):
        return cap_ma
    return min(cap_ma, max(state.min_ma, draw_ma + GROWTH_MA))
