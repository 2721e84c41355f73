"""The firmware's files in one, read by real MicroPython: what each says, and opened once."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from meter.pack import pack

FIRMWARE = Path(__file__).parents[2] / "firmware"
MICROPYTHON = shutil.which("micropython", path=Path(sys.executable).parent) or shutil.which(
    "micropython"
)
READ = """
import binascii, builtins, hashlib, os, sys, vfs
opened = 0
plain = builtins.open
def counting(*how):
    global opened
    opened += 1
    return plain(*how)
builtins.open = counting
from pack import Pack
vfs.mount(Pack(sys.argv[1]), "/f")
files = [plain("/f/%d" % n) for n in range(3)]
digests = [hashlib.sha256() for _ in files]
piece = bytearray(100)
some = True
while some:  # a little of each in turn
    some = False
    for file, digest in zip(files, digests):
        count = file.readinto(piece)
        digest.update(piece[:count])
        some = some or count
for digest in digests:
    print(binascii.hexlify(digest.digest()).decode())
print([os.stat("/f/1")[6], os.stat("/f/folder")[0], opened])
for path in ("/f/4", "/f/folder/0"):
    try:
        os.stat(path)
    except OSError as error:
        print(error.errno)
"""


def test_files_that_are_read_in_turn_each_give_their_own_and_the_pack_is_opened_once(tmp_path):
    if MICROPYTHON is None:
        pytest.skip("no micropython on this machine")
    (tmp_path / "of" / "folder").mkdir(parents=True)
    contents = [os.urandom(size) for size in (5000, 0, 777)]
    for number, content in enumerate(contents):
        (tmp_path / "of" / str(number)).write_bytes(content)
    (tmp_path / "packed").write_bytes(pack(tmp_path / "of"))
    (tmp_path / "read.py").write_text(READ)
    said = subprocess.run(
        [MICROPYTHON, tmp_path / "read.py", tmp_path / "packed"],
        env={"MICROPYPATH": str(FIRMWARE)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert said[:3] == [hashlib.sha256(content).hexdigest() for content in contents]
    assert said[3:] == ["[0, 16384, 1]", "2", "2"]
