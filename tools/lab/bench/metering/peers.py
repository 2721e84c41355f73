"""Our kernel beside the formulae of others, on the same counts, on the PC's real MicroPython."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from lab.bench.metering.waveforms import sine
from lab.sim.digitise import Counts, FrontEnd
from meter.errors import MeterError
from meter.paths import ROOT

FIRST_FRAME = 7680  # a second after the start, so that a filter has had time to settle
FRAMES = 1536  # 200 ms
MA_PER_COUNT = 146.484
SCRIPT = Path(__file__).with_name("on_vm.py")


def compare() -> dict[str, Any]:
    """Error in per cent and time for each sample, waveform by waveform and law by law."""
    return {name: _on_vm(counts) for name, counts in _waveforms().items()}


def _waveforms() -> dict[str, Counts]:
    t = np.arange(2 * 7680) / 7680
    clipped_sine = np.clip(sine(40, 60, 2.0), -30, 30)  # flat tops repeat the same count
    rectifier = 120 * np.sign(np.sin(2 * np.pi * 60 * t)) * np.abs(np.sin(2 * np.pi * 60 * t)) ** 8
    clean, biased = FrontEnd(MA_PER_COUNT), FrontEnd(MA_PER_COUNT, bias_counts=90)
    return {
        "sine 20 A": clean.digitise(sine(20, 60, 2.0)),
        "sine 1 A": clean.digitise(sine(1, 60, 2.0)),
        "flat-topped 40 A": clean.digitise(clipped_sine),
        "rectifier": clean.digitise(rectifier),
        "sine 20 A, bias 90 counts off": biased.digitise(sine(20, 60, 2.0)),
    }


def _on_vm(counts: Counts) -> dict[str, Any]:
    window = counts[FIRST_FRAME : FIRST_FRAME + FRAMES].astype(float)
    true_counts = float(np.std(window))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counts"
        path.write_bytes(counts.astype("<u2").tobytes())
        environment = dict(os.environ, MICROPYPATH=f"{ROOT / 'firmware'}:.frozen")
        vm = Path(sys.executable).with_name("micropython")
        try:
            run = subprocess.run(
                [str(vm), str(SCRIPT), str(path), str(FIRST_FRAME), str(FRAMES)],
                env=environment,
                capture_output=True,
                text=True,
                timeout=60,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise MeterError(f"MicroPython did not run the comparison: {error}") from None
    laws = json.loads(run.stdout)
    return {
        law: {
            "error_pct": round(100 * (figures["rms_counts"] / true_counts - 1), 4),
            "ns_per_sample": round(figures["ns_per_sample"], 1),
            "times_our_time": round(figures["ns_per_sample"] / laws["ours"]["ns_per_sample"], 1),
        }
        for law, figures in laws.items()
    }
