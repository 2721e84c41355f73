"""Settings files cut off while the power was away: the meter comes up, and says with what.

The firmware is killed as a power failure would, not asked to stop.
"""

import asyncio
import shutil
import tempfile
from pathlib import Path

from lab.lockstep import loop as virtual
from lab.lockstep.session import LockstepSession
from lab.session import Plan
from lab.sim.house import House

PLAN = Plan(60.0, House(), (("heidelberg", 1),), [], compressed=True)


async def saved_twice(session):
    """The demo's settings in slot a, and in slot b another dead time."""
    await session.set_up(asyncio.Event())
    await session.console.configure("set dead_time_s 9")
    await session.console.send("save")
    await asyncio.sleep(0.2)
    await session.console.until_up(20)
    await session.firmware.kill()


async def start_with(session, cuts):
    """Start with files cut to these lengths; what the meter and its log say of its settings."""
    whole = session.data.with_name("whole")
    shutil.rmtree(whole, ignore_errors=True)
    shutil.copytree(session.data, whole)
    for name, length in cuts.items():
        path = session.data / name
        path.write_bytes(path.read_bytes()[:length])
    session.firmware.start()
    status = await session.console.until_up(20)
    dead_time = await session.console.ask("get dead_time_s")
    log = await session.console.ask("log 3")  # the charger may have answered since
    await session.firmware.kill()
    assert session.firmware.crashes == []
    shutil.rmtree(session.data)
    whole.rename(session.data)
    return status, dead_time, log


def play(cuts):
    async def run():
        with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
            async with LockstepSession(PLAN, Path(folder)) as session:
                await saved_twice(session)
                return [await start_with(session, cut) for cut in cuts]

    return virtual.run(run())


def test_the_last_good_settings_come_up_and_status_names_what_was_passed_over():
    cut = [{"settings.b": length} for length in (0, 1, 40, -1)]
    whole, *newest_cut, older_cut, both_cut = play(
        [{}, *cut, {"settings.a": 40}, {"settings.a": 40, "settings.b": -1}]
    )
    status, dead_time, log = whole
    assert "started" in log
    assert (status["settings"], status["settings_note"]) == ("slot b", "")
    assert " 9" in dead_time
    for status, dead_time, log in newest_cut:
        assert "settings.b passed over: cut off" in log
        assert not [fault for fault in status["faults"] if "settings" in fault]
        assert status["settings"] == "slot a"
        assert status["settings_note"] == "settings.b passed over: cut off"
        assert " 5" in dead_time
        assert [charger["profile"] for charger in status["chargers"]] == ["heidelberg"]
    status, dead_time, log = older_cut
    assert status["settings"] == "slot b"
    assert status["settings_note"] == "settings.a passed over: cut off"
    assert " 9" in dead_time
    status, dead_time, log = both_cut
    passed_over = "settings.a passed over: cut off; settings.b passed over: cut off"
    assert passed_over in log
    lost = "the settings are lost, the factory's are in force: " + passed_over
    assert lost in status["faults"]
    assert status["settings"] == "defaults"
    assert "settings.a" in status["settings_note"]
    assert "settings.b" in status["settings_note"]
    assert status["chargers"] == []
