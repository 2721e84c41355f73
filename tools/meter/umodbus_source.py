"""Fetches the sources of umodbus, the firmware's Modbus library, into build/umodbus/.

pip can neither install nor download this sdist (it has no setup.py), so it is found through the
package index and accepted only with the SHA-256 pinned here.
"""

import hashlib
import os
import tarfile
from pathlib import Path

from meter.errors import MeterError
from meter.paths import UMODBUS

PROJECT = "micropython-modbus"
VERSION = "2.3.7"
SHA256 = "b9351a66af0ff29dd585900e53827a989dedcb02ec63b1041358165089652271"
# Only what builds and checks PDUs. The serial and TCP modules block, and import machine.
MODULES = ("__init__", "version", "const", "functions", "typing")

_ARCHIVE = f"{PROJECT}-{VERSION}.tar.gz"
_TIMEOUT_S = 30


def ensure(target: Path = UMODBUS) -> bool:
    """Put the modules into `target`; True if they had to be fetched.

    The archive is kept beside them: as long as it is whole, no network is needed.
    """
    archive = target.parent / _ARCHIVE
    fetched = not (archive.is_file() and _sha256(archive) == SHA256)
    if fetched:
        _fetch(archive)
    _unpack(archive, target)
    return fetched


def _fetch(archive: Path) -> None:
    # Imported here: the index client takes a third of a second, and is mostly not needed.
    from pypi_simple import PyPISimple
    from requests import RequestException

    archive.parent.mkdir(parents=True, exist_ok=True)
    part = archive.with_suffix(".part")
    try:
        with PyPISimple() as index:
            page = index.get_project_page(PROJECT, timeout=_TIMEOUT_S)
            package = next(
                (p for p in page.packages if p.version == VERSION and p.package_type == "sdist"),
                None,
            )
            if package is None:
                raise MeterError(f"the package index has no {PROJECT} {VERSION} any more")
            index.download_package(package, part, verify=False, timeout=_TIMEOUT_S)
    except RequestException as error:
        raise MeterError(
            f"cannot fetch {PROJECT} {VERSION} ({type(error).__name__}): "
            "this one step needs the internet, and REQUESTS_CA_BUNDLE behind a proxy that "
            "signs for itself"
        ) from None
    found = _sha256(part)
    if found != SHA256:
        part.unlink()
        raise MeterError(f"{PROJECT} {VERSION} refused: SHA-256 is {found}, expected {SHA256}")
    part.replace(archive)


def _unpack(archive: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as tar:
        for module in MODULES:
            source = tar.extractfile(f"{PROJECT}-{VERSION}/umodbus/{module}.py")
            if source is None:
                raise MeterError(f"{archive.name} has no umodbus/{module}.py")
            _write(target / f"{module}.py", source.read())


def _write(path: Path, content: bytes) -> None:
    """Never half there: another build may read it at this moment."""
    if path.is_file() and path.read_bytes() == content:
        return
    part = path.with_suffix(f".{os.getpid()}")
    part.write_bytes(content)
    part.replace(path)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
