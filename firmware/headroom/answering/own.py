"""What our own registers (models/headroom.py) show: the status by its keys, and SunSpec's numbers.

Of the status only the part is made that is asked for, one dict at a time, as for the console.
"""

_VERSION = 1  # of the map: a register never changes its meaning, new ones come in gaps
_COMMON = 40004
TEXTS = (  # first register, bytes, what
    (400, 16, "version"),
    (408, 16, "micropython"),
    (416, 32, "board"),
    (432, 8, "settings_hash"),
    (436, 32, "id"),
)
_MOST = 32767  # of a register
_FULL_Q8 = 320  # 1.25 times the main breaker must be shown


class Own:
    """readings  what other meters are answered from
    status    see reporting/status.py
    codes     {key: texts}: a text is told as its place among these
    texts     of TEXTS, in order
    rated     main breaker in A, nominal V, legs: what the scale factors follow
    chargers  how many there are
    """

    def __init__(self, readings, status, codes, texts, rated, chargers, address):
        self._readings = readings
        self._status = status
        self._codes = codes
        self._parts = {}
        rated_a, volts, legs = rated
        self._legs = legs
        self._counts = {"legs": legs, "chargers": chargers, "nominal_v": volts}
        self._sf = {
            "sunspec_a_sf": _factor(-2, rated_a * legs),
            "sunspec_v_sf": -1,
            "sunspec_hz_sf": -2,
            "sunspec_w_sf": _factor(0, rated_a * legs * volts),
            "sunspec_pf_sf": -1,
            "sunspec_wh_sf": 0,
        }
        version, _, board, _, identity = texts
        names = _padded("Headroom", 32) + _padded(board, 32) + _padded("", 16)
        names += _padded(version, 16) + _padded(identity, 32)
        fixed = [(_COMMON, names + bytes([0, address, 0x80, 0]))]
        for (first, size, _), text in zip(TEXTS, texts):
            fixed.append((first, _padded(text, size)))
        self.fixed = tuple(fixed)

    def fresh(self):
        return self._readings.fresh()

    def begin(self, full):
        """Somebody asks."""
        self._parts.clear()
        self._readings.begin(full)

    def value(self, key, where, n=0):
        """An integer, None for what isn't there; `where` is a leg, or a part of the status."""
        if isinstance(where, int):
            return self._scaled(key, where)
        found = self._part(where, n).get(key)
        if found is None:
            return None
        if key in self._codes:
            return self._codes[key].index(found)
        if key == "state":
            return ord(found)
        return int(found[len("charger") :] if key == "name" else found)

    def _scaled(self, key, leg):
        if key == "map_version":
            return _VERSION
        if key == "sunspec_model":
            return 200 + self._legs
        if key in self._sf:
            return self._sf[key]
        if key[:8] != "sunspec_":
            return self._readings.value(key, leg)
        quantity, factor = _QUANTITIES[key]
        value = self._readings.value(quantity, leg)
        if value is None:
            return None
        scale = 10 ** (3 + self._sf[factor])
        if quantity == "pf_ppt":
            scale = 1  # thousandths are tenths of a per cent
        return (value + scale // 2) // scale

    def _part(self, where, n):
        place = (where, n)
        if place not in self._parts:
            self._parts[place] = self._make(where, n) or {}
        return self._parts[place]

    def _make(self, where, n):
        status = self._status
        if where == "meter":
            found = status.meter()
            found.update(self._counts)
            found["faults"] = sum([1 for _ in status.faults()])
            return found
        if where == "leg":
            return n < self._legs and status.leg(n)
        if where == "energy":
            return n < self._legs and status.total(n)
        if where == "ev_energy":
            return self._part("meter", 0)["ev_ma"] >= 0 and status.total(self._legs)
        if where == "charger":
            return n < self._counts["chargers"] and status.charger(n)
        if where == "contact":
            return self._part("planning", 0).get(where)
        if where == "planning":
            return status.wishes and status.wishes.now()
        return hasattr(status, where) and getattr(status, where)()  # only with a voltage


_QUANTITIES = {
    "sunspec_a": ("ma", "sunspec_a_sf"),
    "sunspec_v": ("mv", "sunspec_v_sf"),
    "sunspec_v_ll": ("mv_ll", "sunspec_v_sf"),
    "sunspec_hz": ("mhz", "sunspec_hz_sf"),
    "sunspec_w": ("mw", "sunspec_w_sf"),
    "sunspec_va": ("mva", "sunspec_w_sf"),
    "sunspec_var": ("mvar", "sunspec_w_sf"),
    "sunspec_pf": ("pf_ppt", "sunspec_pf_sf"),
}


def _factor(finest, most):
    """The finest scale that shows so much and a quarter more."""
    while most * _FULL_Q8 // 256 > _MOST * 10 ** (finest + 3) // 1000:
        finest += 1
    return finest


def _padded(text, size):
    """A text in registers, ended by zeros."""
    data = text.encode()[:size]
    return data + bytes(size - len(data))
