"""A house at a metering chip: amperes and volts, what they make at its inputs, and a meter.

CTs and sensor are those of the settings; what they multiply and turn by is written out here anew.
"""

import importlib
import runpy
import sys
from types import SimpleNamespace

import pytest
from atm90e32_model import Atm90e32, machine

from headroom import records
from headroom.app import building
from headroom.metering.health import Health
from headroom.settings import table, together
from meter.paths import BOARDS


def board_of(name):
    return SimpleNamespace(**runpy.run_path(str(BOARDS / name / "board.py")))


BOARD = board_of("esp32_atm90e32")
LOADED = 120 / 122  # 1 kohm before each pin of an input of 120 kohm
MV_A_AMPERE = tuple(1000 / ratio * 22 * LOADED for ratio in (4000, 4000, 2000))  # CT and burden
SENSOR = 239.5 / LOADED
SENSOR_LEAD_DEG = 6.5
CT_LEAD_DEG = (0, 0, 4.026)
BEHIND_DEG = (0, 180, 0)  # the leg's own voltage behind that of L1
FAULTS = (
    "CHIP", "RESTARTED", "STOPPED", "STARTING_UP", "LOST", "CLIPPED", "NO_SIGNAL", "BELOW_EV",
)  # fmt: skip
SETTINGS = {"voltage": "adapter9v_cs"}


class ChipHouse:
    """amps, lag_deg  of L1, L2 and EV, behind the voltage of each; volts: of L1"""

    def __init__(self, monkeypatch, hz=60.0, board=BOARD, **changes):
        self.chip = Atm90e32()
        self.chip.hz = hz
        fake = machine(self.chip, board.ATM90E32)
        monkeypatch.setitem(sys.modules, "machine", fake)
        spi = importlib.reload(importlib.import_module("headroom.ports.spi"))
        monkeypatch.setattr("headroom.app.chip.Spi", spi.Spi)
        for name in ("_span_mv", "voltage_place", "_of_board"):
            monkeypatch.setattr(table, name, getattr(table, name))
        table._of_board = dict(table._of_board)
        monkeypatch.setattr(table, "board", None)
        table.fit(board)
        self.values = table.defaults()
        for name, value in (SETTINGS | changes).items():
            table.put(self.values, name.replace("__", "."), value)
        together.check(self.values)
        self.meter = building.front_end(self.values, board, None)
        self.health = Health()
        self.now_ms = (1 << 30) - 5000  # the clock wraps on the way
        self.volts = 120.0
        self.amps = [20.0, 10.0, 0.0]
        self.lag_deg = [0.0, 0.0, 0.0]
        self.done = 0

    def step(self, ms=5):
        """So much time passes, and the meter is polled: CYCLE and WINDOW bits."""
        self.flow()
        self.chip.pass_ms(ms)
        self.now_ms = (self.now_ms + ms) % (1 << 30)
        done = self.meter.poll(self.now_ms)
        if done & 2:
            reading = self.meter.window
            if reading.good:
                age_ms = (self.now_ms - reading.at_ms) % (1 << 30)
                self.health.good(age_ms)
            else:
                self.health.wait(records.WINDOW_MS)
        return done

    def flow(self):
        """What flows in the house now stands at the chip's inputs."""
        chip = self.chip
        chip.u_mv = self.volts * 1000 / SENSOR
        for c in range(3):
            chip.mv[c] = self.amps[c] * MV_A_AMPERE[c]
            seen_deg = self.lag_deg[c] + BEHIND_DEG[c] + SENSOR_LEAD_DEG - CT_LEAD_DEG[c]
            chip.lag_deg[c] = seen_deg

    def windows(self, count, ms=5):
        """Generates the reading of each of so many windows."""
        while count:
            if self.step(ms) & 2:
                count -= 1
                yield self.meter.window

    def settle(self):
        """Until the meter is good, and what flows now is in its averages."""
        *_, reading = self.windows(12)
        assert reading.good, list(reading.faults)
        return reading

    def names(self):
        """Names of the faults of the last window, of any channel."""
        bits = 0
        for of_channel in self.meter.window.faults:
            bits |= of_channel
        return {name for name in FAULTS if bits & getattr(records, name)}


def exactly(amps):
    """What resolution and the chip's noise leave: 0.1 %, and 6 mA."""
    return pytest.approx(1000 * amps, rel=0.001, abs=6)
