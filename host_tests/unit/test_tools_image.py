"""`meter image`: what a board finds in its flash, and what is refused with nothing written.

The UF2 files are made here by the specification; the file system is read by real MicroPython.
"""

import hashlib
import json
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from micropython_files import esp, program
from rp2040py.device.load_flash import load_uf2

from meter import build
from meter.errors import MeterError, UsageError
from meter.image import make, release
from meter.image.releases import ROWS

RP2040, RP2350, ABSOLUTE = 0xE48BFF56, 0xE48BFF59, 0xE48BFF57
FLASH = 0x10000000
MICROPYTHON = shutil.which("micropython", path=Path(sys.executable).parent) or shutil.which(
    "micropython"
)
READ = """
import os, sys, vfs
class Ram:
    def __init__(self, path):
        self.data = open(path, "rb").read()
    def readblocks(self, n, buffer, offset=0):
        at = n * 4096 + offset
        buffer[:] = self.data[at : at + len(buffer)]
    def writeblocks(self, n, buffer, offset=0):
        raise OSError(30)
    def ioctl(self, request, value):
        return {4: len(self.data) // 4096, 5: 4096, 6: 0}.get(request)
vfs.mount(vfs.VfsLfs2(Ram(sys.argv[1]), progsize=256), "/board")
print(sorted(os.listdir("/board")), open("/board/active").read())
sys.path.insert(0, "/board")
from pack import Pack
vfs.mount(Pack("/board/a/pack"), "/firmware")
sys.path.insert(0, "/firmware")
import board, headroom
print(board.NAME, headroom.VERSION)
"""


def block(family, address, number, count, data):
    head = struct.pack("<8I", 0x0A324655, 0x9E5D5157, 0x2000, address, 256, number, count, family)
    return head + data.ljust(476, b"\0") + struct.pack("<I", 0x0AB16F30)


def uf2(machine, family=RP2040, **how):
    content = program(machine, **how)
    pages = [content[at : at + 256] for at in range(0, len(content), 256)]
    return b"".join(
        block(family, FLASH + 256 * n, n, len(pages), page) for n, page in enumerate(pages)
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Builds go here; each board's is made once."""
    folder = tmp_path_factory.mktemp("build")
    made = {}
    plain = build.build

    def once(board, target=None):
        if board not in made:
            made[board] = plain(board, folder / board)
        return made[board]

    patch = pytest.MonkeyPatch()
    patch.setattr(build, "build", once)
    yield
    patch.undo()


@pytest.fixture
def image(built, tmp_path):
    """image(board, content of the MicroPython) -> path of what was made."""

    def made(board, content):
        given = tmp_path / "micropython"
        given.write_bytes(content)
        return make.make(board, given, tmp_path / "out")

    made.out = tmp_path / "out"
    return made


def on_board(content, tmp_path):
    """What MicroPython finds in a file system."""
    if MICROPYTHON is None:
        pytest.skip("no micropython on this machine")
    (tmp_path / "disk").write_bytes(content)
    (tmp_path / "read.py").write_text(READ)
    command = [MICROPYTHON, "-X", "heapsize=16m", tmp_path / "read.py", tmp_path / "disk"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


class Flash:
    """Where the emulator's own loader puts a UF2."""

    def __init__(self, size):
        self.flash = bytearray(b"\xff" * size)


@pytest.mark.long
@pytest.mark.parametrize(
    ("board", "machine", "family", "at", "kb"),
    [
        ("pico", "Raspberry Pi Pico with RP2040", RP2040, 640 << 10, 1408),
        ("pico_w", "Raspberry Pi Pico W with RP2040", RP2040, 1200 << 10, 848),
        ("pico2", "Raspberry Pi Pico2 with RP2350", RP2350, 1024 << 10, 3072),
        ("pico2", "Raspberry Pi Pico 2 W with RP2350", RP2350, 1536 << 10, 2560),
    ],
)
def test_a_pico_finds_micropython_and_the_firmware(
    image, tmp_path, board, machine, family, at, kb
):
    path = image(board, uf2(machine, family))
    flash = Flash(4 << 20)
    load_uf2(str(path), flash)
    expected = program(machine)
    assert flash.flash[: len(expected)] == expected
    said = on_board(flash.flash[at:][: kb << 10], tmp_path)
    names = ["a", "active", "boot.py", "image.json", "leave.py", "main.py", "pack.mpy"]
    assert said == f"{names} a\n{board} 0.1.0\n"


@pytest.mark.long
@pytest.mark.parametrize(
    ("board", "machine", "begin", "mb"),
    [
        ("esp32", "Generic ESP32 module with ESP32", 0x1000, 4),
        ("esp32_s3", "Generic ESP32S3 module with ESP32S3", 0, 8),
    ],
)
def test_an_esp32_has_all_in_one_file_from_0_on(image, tmp_path, board, machine, begin, mb):
    content = image(board, esp(machine, begin)).read_bytes()
    assert len(content) == mb << 20  # the whole flash: the file system ends with it
    assert content[begin:].startswith(esp(machine, begin))
    said = on_board(content[2 << 20 :], tmp_path)
    assert said.endswith(f"{board} 0.1.0\n")


def test_each_family_of_a_file_is_counted_by_itself(image):
    """The RP2350's first block is of a family of its own, and stays as it is."""
    first = block(ABSOLUTE, 0x10FFFF00, 0, 2, b"\xef" * 256)
    content = image("pico2", first + uf2("Raspberry Pi Pico2 with RP2350", RP2350)).read_bytes()
    assert content.startswith(first)
    rest = [struct.unpack_from("<8I", content, at) for at in range(512, len(content), 512)]
    assert {row[7] for row in rest} == {RP2350}
    assert [row[5] for row in rest] == list(range(len(rest)))
    assert {row[6] for row in rest} == {len(rest)}
    addresses = [row[3] for row in rest]
    assert len(set(addresses)) == len(addresses)


def test_the_same_sources_give_the_same_bytes_and_their_hashes_are_beside(image, monkeypatch):
    content = uf2("Raspberry Pi Pico with RP2040")
    path = image("pico", content)
    first = path.read_bytes()
    assert image("pico", content).read_bytes() == first
    subprocess.run(["sha256sum", "-c", path.name + ".sha256"], cwd=path.parent, check=True)
    parts = json.loads(path.with_name(path.name + ".json").read_text())
    assert parts["micropython"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert not parts["micropython"]["as_released"]
    compiled = build.build("pico") / "headroom" / "supervisor.mpy"
    digest = hashlib.sha256(compiled.read_bytes()).hexdigest()
    assert parts["modules"]["headroom/supervisor.mpy"] == digest


PICO = "Raspberry Pi Pico with RP2040"
ESP32 = "Generic ESP32 module with ESP32"


def flipped(content, at):
    """With one bit wrong."""
    return content[:at] + bytes((content[at] ^ 1,)) + content[at:][1:]


@pytest.mark.parametrize(
    ("board", "content", "why"),
    [
        ("pico", b"MZ" * 300, "no UF2 file"),
        ("pico", b"", "it is empty"),
        ("pico", uf2(PICO)[:-1], "no UF2 file"),
        ("pico", uf2(PICO)[: 100 * 512], "not whole"),  # a download that broke off
        ("pico", uf2(PICO)[: 50 * 512] + uf2(PICO)[60 * 512 :], "not whole"),
        ("pico", uf2(PICO) + uf2(PICO)[:512], "not whole"),
        ("pico", uf2(PICO, RP2350), "not for pico"),
        ("pico", uf2("Raspberry Pi Pico W with RP2040"), "not for pico"),
        ("pico_w", uf2(PICO), 'does not call itself "Raspberry Pi Pico W with RP2040"'),
        ("pico2", uf2(PICO), 'Pico2 with RP2350" or "Raspberry Pi Pico 2 W'),
        ("esp32_s3", program("Generic ESP32S3 module with ESP32S3-SPIRAM"), "not for esp32_s3"),
        ("pico", uf2(PICO, version="v1.27.0"), "1.27.0 is too old"),
        ("pico", uf2(PICO, version="v1.30.0-preview.5.gabc"), "is no release"),
        ("pico", uf2(PICO, version="1.28"), "does not say which version"),
        ("pico", uf2(PICO, kb=700), "too long"),
        ("esp32", esp(ESP32, 0x1000, kb=2048), "too long"),
        ("esp32", program(ESP32), "no table of partitions"),
        ("esp32", esp(ESP32, 0x1000)[:-1], "damaged or not whole: the program at 0x10000"),
        ("esp32", esp(ESP32, 0x1000)[: 40 << 10], "does not call itself"),
        ("esp32", flipped(esp(ESP32, 0x1000), 35), "damaged or not whole: the program at 0x1000"),
        ("esp32", flipped(esp(ESP32, 0x1000), -50), "not whole: the program at 0x10000"),
        ("esp32", esp(ESP32, 0), "damaged or not whole|no table"),  # of another chip's layout
    ],
)
def test_what_is_unfit_is_refused_and_nothing_is_written(image, board, content, why):
    with pytest.raises(MeterError, match=why):
        image(board, content)
    assert not image.out.exists()


def test_a_path_that_cannot_be_read_and_a_board_that_is_not_there(built, tmp_path):
    with pytest.raises(UsageError, match="No such file"):
        make.make("pico", tmp_path / "none", tmp_path / "out")
    with pytest.raises(UsageError, match="there is no board"):
        make.make("pica", None, tmp_path / "out")


class TestDownload:
    """Accepted by its hash alone."""

    @pytest.fixture(autouse=True)
    def site(self, monkeypatch, tmp_path):
        self.asked = []
        self.content = uf2("Raspberry Pi Pico W with RP2040")
        row = ROWS["RPI_PICO_W"]._replace(sha256=hashlib.sha256(self.content).hexdigest())
        monkeypatch.setitem(ROWS, "RPI_PICO_W", row)
        monkeypatch.setattr(release, "BUILD", tmp_path)

        def get(url, timeout):
            self.asked.append(url)
            if self.content is None:
                raise requests.ConnectionError
            answer = requests.Response()
            answer.status_code, answer._content = 200, self.content
            return answer

        monkeypatch.setattr(requests, "get", get)

    def test_once_and_then_kept(self):
        assert release.find("pico_w", None).known
        assert release.find("pico_w", None).content == self.content
        (url,) = self.asked
        assert url.endswith("/RPI_PICO_W-20260406-v1.28.0.uf2")

    def test_another_file_is_refused_and_not_kept(self, tmp_path):
        self.content = uf2("Raspberry Pi Pico W with RP2040", kb=65)
        with pytest.raises(MeterError, match="another file"):
            release.find("pico_w", None)
        assert not list(tmp_path.rglob("*.uf2"))

    def test_without_a_network_it_is_one_line(self):
        self.content = None
        with pytest.raises(MeterError, match=r"no download .ConnectionError.: get RPI_PICO_W-"):
            release.find("pico_w", None)
