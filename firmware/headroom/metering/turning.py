"""Is the voltage of another supply than the currents? Behind an inverter or a generator, say.

Then it has another frequency, and the angle between the two turns and turns. In a house it comes
and goes: what starts and stops lags or leads, and the sun changes its sign. So quarter turns are
counted, forward against backward, less one in five seconds: 16 left are four turns that nothing
undid. It takes 9 s at 0.5 Hz and a minute and a half at 0.1 Hz. Below 0.06 Hz it is not told from
a house in the sun, and the watts are wrong: an inverter beside the mains may be so near.

Where they are 4 Hz apart or more, the angle goes round within a window: apparent power that is
neither real nor reactive, for ten seconds.
"""

from micropython import const

_LEAST_VA = const(500)
_MUCH_VA = const(1500)
_TURNED = const(16)
_MOST = const(24)
_AGAIN = const(8)
_FORGETS = const(25)  # windows
_WEAK = const(50)  # windows


class Turning:
    """Of the legs, by index, whose power is measured with one voltage."""

    def __init__(self, legs):
        self.legs = legs
        self._turned = self._weak = 0
        self._quarter = 0
        self._windows = 0
        self._found = False

    def look(self, power):
        """Take in the power of a window: does it turn?"""
        real = reactive = apparent = size = 0
        for leg in self.legs:
            if power.known >> leg & 1:
                real += power.mw[leg] // 1000
                reactive += power.mvar[leg] // 1000
                apparent += power.mva[leg] // 1000
                size += (abs(power.mw[leg]) + abs(power.mvar[leg])) // 1000
        self._windows = (self._windows + 1) % _FORGETS
        if not self._windows:
            self._turned -= (self._turned > 0) - (self._turned < 0)
        weak = apparent >= _MUCH_VA and size * 5 < apparent
        self._weak = min(self._weak + 1, _WEAK) if weak else max(self._weak - 1, 0)
        if apparent >= _LEAST_VA:
            self._count(real, reactive, apparent)
        if self._weak == _WEAK or abs(self._turned) >= _TURNED:
            self._found = True
        elif not self._weak and abs(self._turned) <= _AGAIN:
            self._found = False
        return self._found

    def _count(self, real, reactive, apparent):
        larger = max(abs(real), abs(reactive))
        smaller = min(abs(real), abs(reactive))
        if smaller * 8 < larger or (larger + smaller) * 4 < apparent:
            return  # between two quarters, or too little of it
        quarter = (3 if real < 0 else 0) ^ (1 if reactive < 0 else 0)
        step = quarter - self._quarter & 3
        self._quarter = quarter
        if step & 1:
            self._turned = max(-_MOST, min(_MOST, self._turned + 2 - step))
