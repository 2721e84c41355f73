"""The slave of host_tests/vm/meter_slave.py in its process, on a pty, with a pymodbus client."""

import os
import subprocess
import threading
import time

from pymodbus.client import ModbusSerialClient
from pymodbus.exceptions import ModbusIOException

from lab.firmware import command
from lab.sim.ports import PseudoTerminal
from meter.paths import BOARDS, FIRMWARE, ROOT, UMODBUS

ADDRESS = 7


class Served:
    """argv of the slave; a client and others may ask at `path`, one at a time."""

    def __init__(self, *arguments):
        self.ours, self.theirs = PseudoTerminal(), PseudoTerminal()
        self._stop = threading.Event()
        self._pump = threading.Thread(target=self._move, daemon=True)
        self.path = self.theirs.path
        interpreter = command()[0]
        script = ROOT / "host_tests" / "vm" / "meter_slave.py"
        paths = (FIRMWARE, BOARDS / "unix", UMODBUS.parent, ".frozen")
        environment = os.environ | {
            "MICROPYPATH": ":".join(str(path) for path in paths),
            "HEADROOM_METER": self.ours.path,
        }
        self._process = subprocess.Popen([interpreter, str(script), *arguments], env=environment)
        self.client = ModbusSerialClient(self.theirs.path, baudrate=9600, timeout=0.6, retries=0)

    def __enter__(self):
        self._pump.start()
        assert self.client.connect()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:  # the interpreter compiles the sources first
            try:
                if self.client.read_input_registers(0, count=2, device_id=ADDRESS):
                    break
            except ModbusIOException:
                if self._process.poll() is not None:
                    self.__exit__()
                    raise AssertionError("the slave has ended") from None
                if "stale" in self._process.args:
                    break
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._pump.join()
        self.client.close()
        self._process.kill()
        self._process.wait()
        self.ours.close()
        self.theirs.close()

    def _move(self):
        while not self._stop.wait(0.001):
            for source, sink in ((self.ours, self.theirs), (self.theirs, self.ours)):
                if data := source.read():
                    sink.write(data)

    def inputs(self, register, count):
        return self.client.read_input_registers(register, count=count, device_id=ADDRESS).registers

    def holdings(self, register, count):
        reply = self.client.read_holding_registers(register, count=count, device_id=ADDRESS)
        return reply.registers
