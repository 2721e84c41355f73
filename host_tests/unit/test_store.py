"""Power may fail at any byte of a save, and flash may lose any bit: no bad settings ever start."""

import errno
import io
import zlib

import pytest

from headroom.settings import table
from headroom.settings.store import Store
from headroom.storage import pair
from headroom.storage.pair import make_folder

OLD = table.defaults() | {"breaker_a": 80}
NEW = table.defaults() | {"breaker_a": 125, "charger1.profile": "heidelberg"}
NEXT = table.defaults() | {"breaker_a": 150}
FILES = ("settings.a", "settings.b")


def whole_file(body):
    """Number 9, with the CRC-32 as zlib has it."""
    return f"{body}\n9 {zlib.crc32(b'9 ' + body.encode()):08x}\n"


def load(folder):
    store = Store(str(folder))
    return store, store.load()


@pytest.fixture
def saved(tmp_path):
    """A folder where OLD was saved into slot a, then NEW into slot b."""
    store, _ = load(tmp_path)
    store.save(OLD)
    store.save(NEW)
    return tmp_path


@pytest.fixture
def saved_thrice(saved):
    """... then NEXT into slot a, so that slot b holds the older."""
    store, _ = load(saved)
    store.save(NEXT)
    return saved


def test_nothing_saved_gives_the_defaults(tmp_path):
    store, values = load(tmp_path)
    assert values == table.defaults()
    assert (store.source, store.note) == ("defaults", "")


def test_saves_take_turns_and_the_newest_comes_up(tmp_path):
    store, _ = load(tmp_path)
    for n in range(12):
        values = table.defaults() | {"breaker_a": 50 + n}
        store.save(values)
        fresh, loaded = load(tmp_path)
        assert loaded == values
        assert (fresh.source, fresh.note) == ("slot " + "ab"[n % 2], "")
        if n % 3 == 0:
            store = fresh


def damages(content, every=1):
    """Every cut, every single flipped bit, or each `every`-th, and both ends of a sector lost."""
    for length in range(0, len(content), every):
        yield f"cut at {length}", content[:length]
    for bit in range(0, 8 * len(content), every):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        yield f"bit {bit} flipped", bytes(flipped)
    yield "erased flash", b"\xff" * len(content)
    yield "zeroed", bytes(len(content))
    yield "written twice", content + content
    yield "with a tail", content + b"\0" * 16


@pytest.mark.long
@pytest.mark.parametrize(
    ("folder", "newest", "newest_values", "older_values", "every"),
    [("saved", 1, NEW, OLD, 1), ("saved_thrice", 0, NEXT, NEW, 7)],  # its files are of one kind
)
def test_any_damage_brings_up_the_last_good_one(
    folder, newest, newest_values, older_values, every, request
):
    folder = request.getfixturevalue(folder)
    for slot, expected in ((newest, older_values), (1 - newest, newest_values)):
        path = folder / FILES[slot]
        content = path.read_bytes()
        for what, damaged in damages(content, every):
            path.write_bytes(damaged)
            store, values = load(folder)
            assert values == expected, what
            assert store.source == "slot " + "ab"[1 - slot], what
            assert store.note.startswith(FILES[slot] + " passed over: "), what
        path.write_bytes(content)


def test_both_damaged_gives_the_defaults_and_says_so(saved):
    for name in FILES:
        (saved / name).write_bytes((saved / name).read_bytes()[:-1])
    store, values = load(saved)
    assert values == table.defaults()
    assert store.source == "defaults"
    assert store.note == "settings.a passed over: cut off; settings.b passed over: cut off"


@pytest.mark.parametrize("damaged", [FILES[:1], FILES[1:], FILES])
def test_saving_after_damage_works(saved, damaged):
    for name in damaged:
        (saved / name).write_bytes(b"?")
    store, _ = load(saved)
    for n in range(3):
        store.save(NEXT | {"derate_pct": 70 + n})
        fresh, values = load(saved)
        assert values["derate_pct"] == 70 + n
        assert fresh.source.startswith("slot ")


def test_power_failing_at_any_byte_of_a_save_leaves_the_last_good_one(saved):
    store, _ = load(saved)
    before = (saved / FILES[0]).read_bytes()
    store.save(NEXT)
    whole = (saved / FILES[0]).read_bytes()
    for written in range(len(whole)):
        (saved / FILES[0]).write_bytes(whole[:written])
        again, values = load(saved)
        assert values == NEW, f"power failed after {written} bytes"
        assert again.source == "slot b"
    assert before != whole


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"breaker_a": 9999}', "breaker_a must be from 10 to 400 A, not 9999"),
        ('{"colour": 1}', "unknown setting 'colour'"),
        ('{"breaker_a": ', ""),
        ("[1, 2]", "not a set of settings"),
        ("7", "not a set of settings"),
        ("null", "not a set of settings"),
    ],
)
def test_a_whole_file_with_values_that_cant_be_is_passed_over(saved, text, why):
    """As another version, or a mistake of ours, might have written it: CRC and all."""
    (saved / FILES[0]).write_text(whole_file(text))
    store, values = load(saved)
    assert values == NEW
    assert store.source == "slot b"
    assert store.note.startswith(f"settings.a passed over: {why}")


def test_settings_that_an_older_version_did_not_have_get_their_default(saved):
    text = '{"breaker_a": 90}'
    (saved / FILES[0]).write_text(whole_file(text))
    store, values = load(saved)
    assert values == table.defaults() | {"breaker_a": 90}
    assert store.source == "slot a"


def test_a_slot_that_cant_be_read_is_named(saved):
    (saved / FILES[1]).unlink()
    (saved / FILES[1]).mkdir()
    store, values = load(saved)
    assert values == OLD
    assert store.source == "slot a"
    assert store.note.startswith("settings.b passed over: ")


class LosingFile(io.BytesIO):
    """A file that loses what is written beyond its first bytes, as worn flash might."""

    def __init__(self, path):
        super().__init__()
        self._path = path

    def __exit__(self, *_):
        with open(self._path, "wb") as file:
            file.write(self.getvalue()[:40])


def test_a_save_that_cant_be_read_back_is_an_error_and_the_last_good_one_stays(saved, monkeypatch):
    store, _ = load(saved)

    def losing(path, mode="r"):
        return LosingFile(path) if "w" in mode else open(path, mode)

    with monkeypatch.context() as patch:
        patch.setattr(pair, "open", losing, raising=False)
        with pytest.raises(OSError, match="reads back differently"):
            store.save(NEXT)
    assert load(saved)[1] == NEW
    store.save(NEXT)
    assert load(saved)[1] == NEXT


def test_a_save_that_was_refused_is_not_in_force_after_the_next_start(saved, monkeypatch):
    """All of it has reached the flash, which then can't be read for a moment."""
    store, _ = load(saved)
    wrote = []

    def failing(path, mode="r"):
        if "r" in mode:
            raise OSError(errno.EIO, "EIO")
        wrote.append(path)
        return open(path, mode)

    with monkeypatch.context() as patch:
        patch.setattr(pair, "open", failing, raising=False)
        with pytest.raises(OSError, match="EIO"):
            store.save(NEXT)
    assert wrote
    assert load(saved)[1] == NEW
    store.save(NEXT)
    assert load(saved)[1] == NEXT


def test_the_folder_is_made_once_and_a_file_in_its_place_is_an_error(tmp_path):
    make_folder(str(tmp_path / "data"))
    make_folder(str(tmp_path / "data"))
    assert (tmp_path / "data").is_dir()
    with pytest.raises(OSError, match=r"Not a directory|No such"):
        make_folder(str(tmp_path / "file" / "data"))
