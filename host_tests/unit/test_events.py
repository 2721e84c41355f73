"""The event log after a power failure at any byte, and what is worth an event."""

import errno
import zlib
from types import SimpleNamespace

import pytest

from headroom import records
from headroom.reporting.reporter import Reporter
from headroom.storage import events as module
from headroom.storage.events import Events


def texts(folder):
    return [record[3] for record in Events(str(folder)).read() if record]


def test_events_come_back_in_order_with_their_start_and_time(tmp_path):
    for boot in (1, 2):
        events = Events(str(tmp_path))
        assert events.boot == boot
        events.pass_time(65_000)
        events.write()
        events.note(f"first of {boot}")
        events.note(f"second of {boot}")
        events.pass_time(59_999)
        assert not events.due(), "before its minute is over"
        events.pass_time(1)
        assert events.due()
        events.write()
        assert not events.due()
    found = list(Events(str(tmp_path)).read())
    assert found == [
        (1, 1, 65, "first of 1"), (2, 1, 65, "second of 1"),
        (3, 2, 65, "first of 2"), (4, 2, 65, "second of 2"),
    ]  # fmt: skip
    line = (tmp_path / "events.0").read_bytes().splitlines()[0]
    assert int(line[:8], 16) == zlib.crc32(line[9:])


def test_it_is_bounded_and_keeps_the_newest_100(tmp_path):
    events = Events(str(tmp_path))
    for n in range(1000):
        events.note(f"charger1 16.0 A, reduced: the house needs the current (L1) {n}")
        events.write()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 17_000
    kept = [int(text.split()[-1]) for text in texts(tmp_path)]
    assert kept == list(range(1000 - len(kept), 1000))
    assert len(kept) >= 80


@pytest.mark.parametrize("spoiled_line", [b"", b"\n", b"\xff\xfe garbage\n"])
def test_a_power_failure_at_any_byte_costs_at_most_the_last_event(tmp_path, spoiled_line):
    events = Events(str(tmp_path))
    for text in ("one", "two", "three"):
        events.note(text)
    events.write()
    whole = (tmp_path / "events.0").read_bytes()
    for length in range(len(whole) + 1):
        (tmp_path / "events.0").write_bytes(whole[:length] + spoiled_line)
        again = Events(str(tmp_path))
        again.note("after")
        again.write()
        numbers = [record[0] for record in Events(str(tmp_path)).read() if record]
        assert numbers == list(range(1, len(numbers) + 1)), "no record comes alive later"
        *kept, last = texts(tmp_path)
        assert last == "after"
        assert kept == ["one", "two", "three"][: len(kept)]
        assert len(kept) >= whole[:length].count(b"\n")


def test_a_flash_that_can_not_be_written_loses_events_and_nothing_else(tmp_path):
    events = Events(str(tmp_path / "absent"))
    events.note("unheard")
    events.write()
    assert events.lost == 1
    for n in range(40):
        events.note(str(n))
    assert events.lost == 25


class BadFlash:
    """A file of which each call fails from the `left`-th on, what was written before is there."""

    def __init__(self, how, left):
        self._file = open(*how)  # noqa: SIM115
        self._left = left

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def _call(self, work):
        if not self._left:
            raise OSError(errno.EIO)
        self._left -= 1
        return work()

    def readline(self):
        return self._call(self._file.readline)

    def write(self, data):
        self._file.write(data[:20])
        return self._call(lambda: self._file.write(data[20:]))


@pytest.mark.parametrize("left", range(4))
def test_a_log_that_cant_be_read_ends_there_and_the_meter_starts(tmp_path, monkeypatch, left):
    events = Events(str(tmp_path))
    for text in ("one", "two", "three"):
        events.note(text)
    events.write()
    monkeypatch.setattr(module, "open", lambda *how: BadFlash(how, left), raising=False)
    again = Events(str(tmp_path))
    assert again.number == left
    assert [record[3] for record in again.read()] == ["one", "two", "three"][:left]


def test_what_is_written_after_a_write_that_failed_half_way_is_whole(tmp_path, monkeypatch):
    events = Events(str(tmp_path))
    events.note("half of it")
    with monkeypatch.context() as patch:
        patch.setattr(module, "open", lambda *how: BadFlash(how, 0), raising=False)
        events.write()
    assert events.lost == 1
    events.note("after")
    events.write()
    assert texts(tmp_path) == ["after"]


@pytest.fixture
def meter(tmp_path):
    """A Reporter on rooms that the test moves by hand."""
    charger = SimpleNamespace(
        name="charger1", error="no reply", where=lambda: "charger1 (heidelberg at address 1)",
        state=SimpleNamespace(online=False),
    )  # fmt: skip
    meter = SimpleNamespace(
        events=Events(str(tmp_path)),
        reading=SimpleNamespace(legs=2, faults=[0, 0, 0]),
        is_stale=False,
        charger=charger,
        allocation=records.Allocation(6000),
        supervisor=SimpleNamespace(tripped=""),
        ev=SimpleNamespace(beyond_ma=0),
    )
    meter.allocation.limit = records.BY_LEG
    meter.reporter = Reporter(
        meter.events,
        SimpleNamespace(window=meter.reading),
        SimpleNamespace(stale=lambda: meter.is_stale),
        SimpleNamespace(allocations=[meter.allocation], ev=meter.ev),
        SimpleNamespace(chargers=[charger]),
        meter.supervisor,
    )

    def told(elapsed_ms=1000):
        last = meter.events.number
        meter.reporter.look(elapsed_ms)
        return [record[3] for record in meter.events.read() if record and record[0] > last]

    meter.told = told
    return meter


def test_every_change_is_told_once(meter):
    assert meter.told() == []
    meter.charger.state.online = True
    assert meter.told() == ["charger1 (heidelberg at address 1) answers"]
    meter.reading.faults[1] = records.CLIPPED
    assert meter.told()[0].startswith("L2 clipped")
    meter.reading.faults[1] = 0
    assert meter.told()[0].startswith("L2 no longer clipped")
    meter.allocation.reason = records.RISING  # everyday business
    assert meter.told() == []
    meter.allocation.reason = records.PAUSED
    assert meter.told() == ["charger1 6.0 A, paused: no headroom for the minimum (L1)"]
    meter.charger.state.online = False
    assert meter.told() == ["charger1 (heidelberg at address 1) does not answer: no reply"]
    meter.is_stale = True
    assert meter.told() == ["no good measurement"]
    meter.supervisor.tripped = "task 'bus' has hung"
    assert meter.told() == ["supervisor: task 'bus' has hung"]
    assert meter.told() == []


def test_lost_samples_are_counted_and_no_event(meter):
    """Each collection of garbage loses some on an ESP32; an event a minute is a stall a minute."""
    meter.reading.faults = [records.LOST] * 3
    assert meter.told() == []
    meter.reading.faults = [records.LOST | records.CLIPPED, 0, 0]
    assert [text[:10] for text in meter.told()] == ["L1 clipped"]
    meter.is_stale = True
    assert meter.told() == ["no good measurement"], "where they last"


def test_what_flickers_gets_20_events_and_then_one_a_minute(meter):
    count = 0
    for _ in range(3600):
        meter.is_stale = not meter.is_stale
        count += len(meter.told())
        meter.events.write()
    assert 79 <= count <= 81
    meter.is_stale = not meter.is_stale
    assert meter.told(60_000)[0].endswith("more events not written)")
