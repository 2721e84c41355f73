"""The Modbus library's sources: the pinned archive or nothing."""

import pytest

from meter import umodbus_source as tool
from meter.errors import MeterError
from meter.paths import UMODBUS

ARCHIVE = UMODBUS.parent / f"{tool.PROJECT}-{tool.VERSION}.tar.gz"


@pytest.fixture
def offline(monkeypatch):
    """Every request goes to a proxy that is not there."""
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("NO_PROXY", "")


@pytest.mark.usefixtures("offline")
def test_with_the_archive_there_no_network_is_needed(tmp_path):
    (tmp_path / ARCHIVE.name).write_bytes(ARCHIVE.read_bytes())
    assert tool.ensure(tmp_path / "umodbus") is False
    unpacked = {path.name for path in (tmp_path / "umodbus").iterdir()}
    assert unpacked == {f"{module}.py" for module in tool.MODULES}


@pytest.mark.usefixtures("offline")
def test_who_reads_a_module_while_another_build_unpacks_it_gets_all_of_it(tmp_path):
    (tmp_path / ARCHIVE.name).write_bytes(ARCHIVE.read_bytes())
    tool.ensure(tmp_path / "umodbus")
    module = tmp_path / "umodbus" / "const.py"
    whole = module.read_bytes()
    module.write_bytes(b"an older one")
    with open(module, "rb") as reader:
        tool.ensure(tmp_path / "umodbus")
        assert reader.read() == b"an older one", "it was written over under the reader's eyes"
    assert module.read_bytes() == whole
    before = module.stat().st_mtime_ns
    tool.ensure(tmp_path / "umodbus")
    assert module.stat().st_mtime_ns == before


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("there", [None, b"", b"cut off"])
def test_without_network_it_fails_in_one_line_and_leaves_nothing(tmp_path, there):
    if there is not None:
        (tmp_path / ARCHIVE.name).write_bytes(there)
    with pytest.raises(MeterError, match=r"\Acannot fetch .+ needs the internet.+\Z"):
        tool.ensure(tmp_path / "umodbus")
    assert not (tmp_path / "umodbus").exists()


def test_another_archive_is_refused(tmp_path, monkeypatch):
    class Index:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def get_project_page(self, project, timeout):
            package = type("Package", (), {"version": tool.VERSION, "package_type": "sdist"})
            return type("Page", (), {"packages": [package]})

        def download_package(self, package, path, verify, timeout):
            path.write_bytes(b"not what was pinned")

    monkeypatch.setattr("pypi_simple.PyPISimple", Index)
    with pytest.raises(MeterError, match="refused: SHA-256"):
        tool.ensure(tmp_path / "umodbus")
    assert list(tmp_path.iterdir()) == []
