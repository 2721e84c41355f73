"""The meters that we answer as, each as data: one family a file, loaded only if it is set.

`meter(name)` of such a file gives a dict:

functions   that read registers
rows        of `row`: values one after the other, each a quantity over `per`
low_first   the low word of a value goes first
fixed       ((first register, bytes), ...): what never changes, such as texts
alone       {register: word} that has another meaning if it is asked for alone
most        registers in one answer, 125 unless said
last        of its registers: what is asked for beyond is an exception; gaps are 0, as all is
            where nothing is said
echoes      it answers function 8, the echo
when_bad    what happens without a good measurement, unless the setting says otherwise
measured    (from, to): only these registers hang on the measurement; all unless said
absent      what stands where there is nothing to tell, by kind; 0 unless said
repeats     ((first register, distance, count, rows), ...): rows that come again, for as many
            legs or chargers
baud        of the line, unless the setting says otherwise: 9600 unless said

Quantities are integers with their unit in the name: ma, mv, mv_ll (between two legs), mw (- fed
in), mva, mvar, pf_ppt (power factor in thousandths), mhz, wh imported, wh_out exported, wh_net;
"none" is nothing. Kinds: h, H of one register; i, I, L, f of two; q of four.
Leg WORST is the leg with the largest current: what a meter of one phase must show of several.
"""

import sys

TOTAL = -1
WORST = -2
LEGS = (0, 1, 2)
ALL_AND_EACH = (TOTAL, 0, 1, 2)
WIDTHS = {"h": 1, "H": 1, "i": 2, "I": 2, "L": 2, "f": 2, "q": 4}

SILENCE, FULL, EXCEPTION = "silence", "full", "exception"

_FILES = {
    "em112": "gavazzi",
    "em340": "gavazzi",
    "em112_pfb": "gavazzi_wallbox",
    "em330": "gavazzi_wallbox",
    "em530": "gavazzi_wallbox",
}


def load(name):
    """The meter of one of the choices of the setting `emulate`: "name", or "name/option"."""
    plain = name.partition("/")[0]
    path = __name__ + "." + _FILES.get(plain, plain)
    found = __import__(path, None, None, ("meter",)).meter(name)
    for module in list(sys.modules):
        package, _, last = module.rpartition(".")
        if package == __name__:  # the dict is all that is kept in memory
            sys.modules.pop(module)
            delattr(sys.modules[__name__], last)
    return found


def row(first, kind, quantities, legs, per=1):
    """Values from a register on: several of a leg, or one quantity of several legs, or one.

    (first register, the one behind the last, kind, quantities, legs, per)
    """
    count = 1
    for many in (quantities, legs):
        if not isinstance(many, (str, int)):
            count = len(many)
    return first, first + WIDTHS[kind] * count, kind, quantities, legs, per
