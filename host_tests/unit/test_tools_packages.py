"""`make wheel` and `make package`: the firmware without the repository."""

import io
import os
import subprocess
import sys
import zipfile

import pytest
from micropython_files import esp
from mpremote import mip as mpremote

from lab import wheel
from meter import build, mip
from meter.image import make
from meter.image.disk import disk


class Board:
    """What mpremote's installer asks of a board, kept in a dict."""

    def __init__(self):
        self.files, self.order = {}, []

    def fs_exists(self, path):
        return any(name.startswith(path.strip("/")) for name in self.files)

    def fs_mkdir(self, path):
        pass

    def fs_writefile(self, path, data, progress_callback=None):
        self.files[path.strip("/")] = data
        self.order.append(path.strip("/"))


@pytest.fixture
def own_build(monkeypatch, tmp_path):
    monkeypatch.setattr(build, "BUILD", tmp_path / "build")


def test_mpremote_installs_what_the_image_holds(own_build, tmp_path):
    path = mip.package("pico", tmp_path / "mip")
    board = Board()
    mpremote._install_package(board, str(path), "", "", None, True)
    assert board.files == make.on_board(build.build("pico"))
    assert board.order[-1] == "active"  # cut before that, the board starts nothing of ours
    assert disk(board.files, 1408 << 10)


@pytest.mark.long
def test_from_the_wheel_the_image_is_the_same_without_the_repository(own_build, tmp_path):
    (tmp_path / "dist").mkdir()
    for name in ("numpy-1.0-py3-none-any.whl", "headroom_meter-0.0.1-py3-none-any.whl"):
        (tmp_path / "dist" / name).write_text("of another, and our older one")
    made = wheel.wheel(tmp_path / "dist", ["pico", "esp32"])
    left = {path.name for path in (tmp_path / "dist").iterdir()}
    assert left == {made.name, "numpy-1.0-py3-none-any.whl"}
    installed = tmp_path / "installed"
    zipfile.ZipFile(io.BytesIO(made.read_bytes())).extractall(installed)
    assert not list(installed.glob("lab*"))
    given = tmp_path / "micropython.bin"
    given.write_bytes(esp("Generic ESP32 module with ESP32", 0x1000))
    here = make.make("esp32", given, tmp_path / "here")
    command = [sys.executable, "-P", "-m", "meter", "image", "esp32"]
    done = subprocess.run(
        [*command, "--micropython", given, "--out", tmp_path / "there"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed), "PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "esptool --chip esp32" in done.stdout
    assert (tmp_path / "there" / here.name).read_bytes() == here.read_bytes()
