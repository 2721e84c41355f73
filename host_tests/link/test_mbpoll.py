"""Every meter that we answer as, on a pty: polled by mbpoll (libmodbus), pymodbus, pysunspec2.

With known currents, see host_tests/vm/meter_slave.py.
"""

import re
import shutil
import struct
import subprocess

import pytest
from served_meter import ADDRESS, Served
from sunspec2.modbus.client import SunSpecModbusClientDeviceRTU

from headroom.settings import table

pytestmark = pytest.mark.real_time

L1_A, L2_A, VOLTS = 12.345, 6.789, 120
W = (L1_A * VOLTS, L2_A * VOLTS)
MBPOLL = shutil.which("mbpoll")
HOLDING, INPUT = 4, 3  # as mbpoll numbers them
BIG, LITTLE = ("-B",), ()
# table, type and order of words as mbpoll has them, first register, values
ASKED = {
    "sdm630": (INPUT, "float", BIG, 0x0006, (L1_A, L2_A, 0)),
    "em112": (HOLDING, "int", LITTLE, 0x0000, (VOLTS * 10, 12345, round(W[0] * 10))),
    "em340": (HOLDING, "int", LITTLE, 0x000C, (12345, 6789, 0)),
    "em112_pfb": (INPUT, "int", LITTLE, 0x0002, (12345, round(W[0] * 10))),
    "em330": (HOLDING, "int", LITTLE, 0x0012, (round(W[0] * 10), round(W[1] * 10), 0)),
    "em530": (INPUT, "int", LITTLE, 0x000C, (12345, 6789, 0)),
    "wall_connector": (HOLDING, "float", BIG, 0x0088, (*W, 0, 0, sum(W))),
    "wall_connector/total_fourth": (HOLDING, "float", BIG, 0x00F4, (L1_A, L2_A, 0, L1_A + L2_A)),
    "wattnode": (HOLDING, "float", LITTLE, 1162, (L1_A, L2_A, 0)),
    "headroom": (INPUT, "hex", (), 40000, (0x5375, 0x6E53, 1, 66)),
}
FORMATS = {"float": "f", "int": "i", "hex": "H"}


@pytest.fixture(scope="module", params=ASKED)
def served(request):
    with Served(request.param, "9600") as served:
        served.name = request.param
        yield served


def test_all_of_them_are_asked():
    assert set(ASKED) == set(table.row_of("emulate").choices)


def test_pymodbus_reads_it(served):
    where, kind, order, register, values = ASKED[served.name]
    size = struct.calcsize(">" + FORMATS[kind]) // 2
    read = served.holdings if where == HOLDING else served.inputs
    words = read(register, size * len(values))
    if size == 2 and order == LITTLE:
        words = [words[i ^ 1] for i in range(len(words))]
    data = struct.pack(f">{len(words)}H", *words)
    found = struct.unpack(f">{len(values)}{FORMATS[kind]}", data)
    assert found == pytest.approx(values, rel=1e-6)


@pytest.mark.skipif(not MBPOLL, reason="mbpoll is not here: apt-get install mbpoll")
def test_mbpoll_reads_it(served):
    where, kind, order, register, values = ASKED[served.name]
    served.client.close()
    command = [
        MBPOLL, "-m", "rtu", "-a", str(ADDRESS), "-b", "9600", "-P", "none", "-0", "-1",
        "-t", f"{where}:{kind}", *order, "-r", str(register), "-c", str(len(values)), served.path,
    ]  # fmt: skip
    found = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    served.client.connect()
    assert found.returncode == 0, found.stdout + found.stderr
    shown = [text for _, text in re.findall(r"^\[(\d+)\]:\s+(\S+)", found.stdout, re.M)]
    numbers = [int(text, 16) if kind == "hex" else float(text) for text in shown]
    assert numbers == pytest.approx(values, rel=1e-4)


def test_sunspecs_client_finds_the_meter_on_the_line():
    with Served("headroom", "9600") as served:
        served.client.close()
        device = SunSpecModbusClientDeviceRTU(ADDRESS, served.path, baudrate=9600, timeout=1)
        device.open()
        device.scan()
        meter = device.models[202][0]
        assert meter.A.cvalue == pytest.approx(L1_A + L2_A, abs=0.01)
        assert meter.WphB.cvalue == pytest.approx(W[1], abs=1)
        assert device.models[1][0].SN.value == "e661a4d41723262a"
        device.close()
