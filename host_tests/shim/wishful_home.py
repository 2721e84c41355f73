"""A home with a roof, a charger and wishes: the whole firmware in virtual time.

Windows are ready-made. The world's own watts and Python's own time zones say what is right.
"""

import asyncio
import math
import tempfile
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from lab.lockstep.installation import STARTUP_S, Installation
from lab.lockstep.windows import VOLTAGE_WINDOWS
from lab.sim.chargers import ALL
from lab.sim.chargers.relay import PINS
from lab.sim.voltage import VOLTS

RATED_A, LIMIT_A = 100, 80
PEAK_A = 30.0  # of the roof, on each leg
NEW_YORK = ZoneInfo("America/New_York")
ZONE = "EST5EDT,M3.2.0,M11.1.0"
SENSOR = "voltage zmpt101b ev_source register"


class Roof:
    """A split-phase home on a clear day: what it draws less what its roof makes, on both legs.

    Clouds come for two minutes every twenty; a kettle on L1 and an oven on both come and go.
    """

    name = "a home with a roof"

    def __init__(self, begins):
        self.begins = begins

    def at(self, t_s):
        now = (self.begins + timedelta(seconds=max(0.0, t_s))).astimezone(NEW_YORK)
        second = now.hour * 3600 + now.minute * 60 + now.second
        made_a = PEAK_A * max(0.0, math.cos((second - 46_800) / 46_800 * math.pi))
        if second % 1200 < 120:
            made_a *= 0.3
        both_a = 20.0 if 64_800 <= second % 86_400 < 68_400 and second % 600 < 300 else 0.0
        kettle_a = 12.0 if second % 3600 < 180 else 0.0
        return (4.0 + kettle_a + both_a - made_a, 3.0 + both_a - made_a)


class Home:
    """`log`: of each second (UTC, watts at the grid, of the house without the car, pilot in A).

    pins  a folder with a file for each input of the meter: "1" is high, as an open contact
    """

    def __init__(self, installation, pins):
        self.pins = pins
        self.installation = installation
        self.world = installation.world
        self.console = installation.console
        self.log = []

    @property
    def now(self):
        return self.world.house.begins + timedelta(seconds=self.world.t_s)

    async def jump(self, to):
        """It is another time in this world, and the meter is told."""
        self.world.house.begins += to - self.now
        return await self.set_clock()

    async def live(self, seconds):
        for _ in range(round(seconds)):
            await asyncio.sleep(1)
            self.installation.check()
            last = self.world.history[-1]
            house_w = VOLTS * (last.base_l1_a + last.base_l2_a)
            grid_w = house_w + 2 * VOLTS * last.car_a
            self.log.append((self.now, grid_w, house_w, last.offers_a[0]))
            del self.world.history[:-1]

    async def set_clock(self):
        """Tell the meter the time of this world."""
        return await self.console.ask(f"time {self.now.strftime('%Y-%m-%dT%H:%M:%SZ')}")

    async def power_cut(self, seconds):
        await self.installation.firmware.kill()
        await self.live(seconds)
        self.installation.firmware.start()
        await self.console.until_up(STARTUP_S)

    def part(self, seconds):
        """The last so many seconds of the log."""
        return self.log[-seconds:]

    def imported(self, minutes):
        """{window: (mean W imported, by the house alone)} of each whole window of the clock."""
        windows = {}
        for at, grid_w, house_w, _ in self.log:
            key = int(at.timestamp()) // (60 * minutes)
            windows.setdefault(key, []).append((max(0, grid_w), max(0, house_w)))
        return {
            datetime.fromtimestamp(key * 60 * minutes, timezone.utc): (
                sum(row[0] for row in rows) / len(rows),
                sum(row[1] for row in rows) / len(rows),
            )
            for key, rows in windows.items()
            if len(rows) > 59 * minutes
        }


@asynccontextmanager
async def home(begins, *settings, inputs=()):
    """A Home that is up, its car there, at `begins` (UTC); `inputs` are the GPIOs of contacts."""
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
        pins = Path(folder) / PINS
        pins.mkdir()
        for gpio in inputs:
            (pins / str(gpio)).write_text("0")
        model = ALL["evse_wb"](1, asyncio.get_running_loop().time)
        installation = Installation(
            Path(folder), Roof(begins), [model], RATED_A, LIMIT_A, VOLTAGE_WINDOWS
        )
        installation.firmware.variables["HEADROOM_WINDOWS"] = "1"
        async with installation:
            await installation.set_up("zone " + ZONE, SENSOR)
            for setting in settings:
                await installation.console.configure("set " + setting)
            await installation.console.send("save")
            await asyncio.sleep(0.2)
            await installation.console.until_up(STARTUP_S)
            installation.world.begin()
            model.plugged = True
            yield Home(installation, pins)
