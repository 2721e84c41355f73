"""A three-phase house at a metering chip with a voltage for each leg: no two of them are alike."""

from chip_house import LOADED, ChipHouse, board_of

THREE = {
    "legs": 3, "ev_source": "register", "nominal_v": 230, "voltage": "zmpt101b",
    "v2__ratio": 808_000, "v3__ratio": 808_000, "ct": "100a50ma", "breaker_a": 50,
}  # fmt: skip
MV_A_AMPERE = 1000 / 2000 * 22 * LOADED
SENSOR = 808 / LOADED
LEAD_DEG = 0.16 - 4.026  # of the sensor, less that of the CT
VOLTS = (231.0, 218.0, 243.0)
AMPS = (20.0, 5.0, 11.0)
LAGS_DEG = (30.0, -50.0, 0.0)


class Three(ChipHouse):
    """own[c]  whose voltage is at the sensor of leg c: 0, 1, 2 in order, unless two are swapped"""

    def __init__(self, monkeypatch, **changes):
        super().__init__(monkeypatch, 50.0, board_of("esp32_atm90e32_3v"), **(THREE | changes))
        self.volts, self.amps, self.lag_deg = list(VOLTS), list(AMPS), list(LAGS_DEG)
        self.own = [0, 1, 2]

    def flow(self):
        self.chip.legs_mv = [self.volts[leg] * 1000 / SENSOR for leg in self.own]
        for c in range(3):
            self.chip.mv[c] = self.amps[c] * MV_A_AMPERE
            behind_deg = 120 * (c - self.own[c])
            self.chip.lag_deg[c] = self.lag_deg[c] + behind_deg + LEAD_DEG
