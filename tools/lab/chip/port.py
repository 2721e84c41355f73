"""The chip's USB as a serial port of this computer, and programs that use it while it runs."""

import contextlib
import os
import pty
import select
import subprocess
import time
import tty

from lab.chip.chip import Chip, PowerCut

_LEAD_S = 0.002


class Port:
    """A pseudo terminal at `path`; the chip runs only inside `run`."""

    def __init__(self, chip: Chip) -> None:
        self._chip = chip
        self._master, self._slave = pty.openpty()  # the slave stays open: clients may come and go
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        chip.usb.copy = bytearray()

    def run(self, *command: str) -> tuple[int, str]:
        """Run a program and the chip until the program ends: its exit status and what it printed.

        The chip's clock never gets ahead of this computer's, or the program's waiting would look
        like minutes to the chip. It falls behind while the chip's processor works. Where the
        chip's power fails, its port is gone, and the program is left to notice that.
        """
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as program:
            try:
                self._serve(program)
            except PowerCut:
                os.close(self._master)
                os.close(self._slave)
            assert program.stdout
            return program.wait(), program.stdout.read()

    def _serve(self, program: "subprocess.Popen[str]") -> None:
        ahead_ns = self._chip.ns - time.monotonic_ns()
        while program.poll() is None:
            self._pass_on()
            self._chip.run_ms(1)
            lead_s = (self._chip.ns - time.monotonic_ns() - ahead_ns) / 1e9
            if lead_s > _LEAD_S:
                select.select([self._master], [], [], lead_s)

    def _pass_on(self) -> None:
        if select.select([self._master], [], [], 0)[0]:
            self._chip.usb.send(os.read(self._master, 4096))
        copy = self._chip.usb.copy
        if copy:
            with contextlib.suppress(BlockingIOError):  # until the program reads
                del copy[: os.write(self._master, copy)]
