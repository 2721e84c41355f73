"""Sessions in the flash: no power failure loses one or tells one twice; it does not wear out."""

import builtins
import zlib

import pytest
from metered_cars import Cars

from headroom.storage import events, pair
from lab.soak.on_flash import Wear


class PowerCut(BaseException):
    pass


class Flash:
    """The files of a folder; the power fails before byte `left` of what is written."""

    def __init__(self, monkeypatch, left=1 << 30):
        self.left = left
        self.wear = Wear()
        for module in (events, pair):
            monkeypatch.setattr(module, "open", self._open, raising=False)

    def _open(self, path, mode="r"):
        file = builtins.open(path, mode)  # noqa: SIM115
        return Written(self, file, path) if mode[0] in "wa" else file


class Written:
    def __init__(self, flash, file, path):
        self._flash, self._file, self._path = flash, file, path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def write(self, data):
        count = min(len(data), self._flash.left)
        self._file.write(data[:count])
        self._flash.left -= count
        if not self._flash.left:
            self._file.close()
            raise PowerCut

    def close(self):
        self._flash.wear.note(f"close {self._path.rpartition('/')[2]} 0")
        self._file.close()


@pytest.mark.long
def test_power_failing_at_any_byte_loses_no_session_and_tells_none_twice(tmp_path, monkeypatch):
    """One ends and one runs while the flash is written; before that both were saved once."""
    size = failed = 0
    for left in range(1, 1000):
        folder = tmp_path / str(left)
        folder.mkdir()
        with monkeypatch.context() as patch:
            cars = Cars(folder).run(1200, 3000, 6000)
            cars.kept.write()
            cars.run(600, 3000, 6000).run(60, None, 6000)
            flash = Flash(patch, left)
            try:
                cars.kept.write()
                size = left
            except PowerCut:
                failed += 1
        later = Cars(folder).run(70, None, 6000)
        later.kept.write()
        again = Cars(folder)
        for rows in (later.rows(), again.rows()):
            ended, runs = rows
            assert (ended["charger"], runs["charger"]) == ("charger1", "charger2"), left
            assert ended["wh"] in (1000, 1500), left
            assert runs["number"] == -1
            assert runs["wh"] in (2000 + 116, 3000 + 100 + 116), left
        if size:
            break
    assert failed > 150, "each byte of the log's record and of the pair"
    assert flash.left > 0


@pytest.mark.long
def test_a_day_of_charging_wears_the_flash_for_more_than_a_century(tmp_path, monkeypatch):
    flash = Flash(monkeypatch)
    cars = Cars(tmp_path)
    for second in range(86_400):
        cars.run(1, 3000, 3000)
        if second % 3600 == 3500:
            cars.run(60, None, 3000)
        if cars.kept.due():
            cars.kept.write()
    assert len([row for row in cars.rows() if row["number"] > 0]) == 24
    assert sum(flash.wear.erasures.values()) <= 288 + 2 * 24
    assert flash.wear.years(24) > 100
    idle = Flash(monkeypatch)
    for _ in range(7200):
        cars.run(1, 0, 0)
        if cars.kept.due():
            cars.kept.write()
    assert sum(idle.wear.erasures.values()) <= 2, "cars that are full"


def test_the_log_is_bounded_and_keeps_the_newest(tmp_path):
    cars = Cars(tmp_path)
    for _ in range(400):
        cars.run(36, 3000, 3000).run(60, None, None)
        cars.kept.write()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 18_000
    numbers = [row["number"] for row in cars.rows()]
    assert numbers == list(range(801 - len(numbers), 801))
    assert len(numbers) >= 90
    assert [row["number"] for row in cars.kept.rows(3) if row] == [798, 799, 800]


@pytest.mark.parametrize(
    "text",
    [
        "7", "[]", "null", "[1, 2]", '{"a": 1}', "[0, null, [1]]", "[0, 5, {}]", '["x", null, {}]',
        '[0, null, {"charger1": 5}]', '[0, null, {"charger1": [null, 1, 2]}]',
        '[0, null, {"charger1": [null, 1, 2, 3, true]}]', '[0, [1, 86400], {}]',
        '[0, null, {"charger1": [null, "x", 2, 1, true]}]',
    ],
)  # fmt: skip
def test_what_is_stored_and_cant_be_is_passed_over_and_said(tmp_path, text):
    """As another version, or a mistake of ours, might have written it: CRC and all."""
    seal = zlib.crc32(b"9 " + text.encode())
    (tmp_path / "sessions.a").write_text(f"{text}\n9 {seal:08x}\n")
    line = b"1 1 5 [7]"
    (tmp_path / "sessions.0").write_bytes(b"%08x %s\n" % (zlib.crc32(line), line))
    cars = Cars(tmp_path)
    assert cars.rows() == []
    assert cars.kept.notes == ["sessions.a passed over: not the sessions of some chargers"]
    cars.run(3600, 1000, None).run(70, None, None)
    cars.kept.write()
    assert [row["wh"] for row in Cars(tmp_path).rows()] == [1000]


def test_a_flash_that_takes_nothing_is_said_and_tried_again_later(tmp_path):
    cars = Cars(tmp_path).run(400, 3000, None)
    (tmp_path / "sessions.a").mkdir()
    assert cars.kept.due()
    with pytest.raises(IsADirectoryError):
        cars.kept.write()
    cars.run(200, 3000, None)
    assert not cars.kept.due(), "not with each turn of the bus"
    (tmp_path / "sessions.a").rmdir()
    cars.run(200, 3000, None)
    cars.kept.write()
    assert [row["wh"] for row in Cars(tmp_path).rows()] == [666]
