"""Runs a netlist in ngspice (Debian's package of that name) and brings back the curves."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PROGRAM = "ngspice"
TIMEOUT_S = 60
Curves = dict[str, NDArray[np.float64]]


class NgspiceFailed(Exception):
    """ngspice did not accept or not finish a netlist; the text is what it said."""


def installed() -> bool:
    """Is ngspice on this machine?"""
    return shutil.which(PROGRAM) is not None


def run(netlist: str, analysis: str, names: tuple[str, ...]) -> Curves:
    """The curves `names`, such as "v(pin)", by name; "x" is the time in s, or the frequency in Hz.

    `analysis` is ngspice's command: "tran STEP END START MAXIMUM_STEP", or "ac dec POINTS FROM TO"
    whose curves are magnitudes. Raises NgspiceFailed.
    """
    wanted = [f"mag({name})" for name in names] if analysis.startswith("ac") else names
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "curves.txt"
        control = f"set wr_singlescale\n{analysis}\nwrdata {table} {' '.join(wanted)}\n"
        deck = Path(folder) / "circuit.cir"
        deck.write_text(
            f"* Headroom\n{netlist}\n.control\n{control}.endc\n.end\n", encoding="ascii"
        )
        try:
            ended = subprocess.run(
                [PROGRAM, "-b", str(deck)],
                capture_output=True,
                text=True,
                check=False,
                timeout=TIMEOUT_S,
            )
        except subprocess.TimeoutExpired:
            raise NgspiceFailed(f"ngspice did not finish in {TIMEOUT_S} s") from None
        if not table.exists():
            raise NgspiceFailed((ended.stdout + ended.stderr).strip())
        columns = np.loadtxt(table, ndmin=2).T
    return dict(zip(("x", *names), columns, strict=True))
