"""What the status says of volts and watts: in memory only where a voltage is fitted.

Keys that are added to those of the status; what is unknown is null there.
"""

from .. import records
from ..metering import voltage

_NONE_MVA = 5000  # below 5 VA a power factor says nothing


def of_voltage(power):
    """RMS and its range since the start in mV, whether it is healthy, what is wrong."""
    return {
        "mv": power.mv,
        "low_mv": power.low_mv,
        "high_mv": power.high_mv,
        "mhz": power.mhz,
        "good": power.good,
        "faults": faults(power),
    }


def of_channel(power, c):
    """Real, apparent and reactive power in W, VA, VAr; the power factor in thousandths."""
    known = power.known >> c & 1
    mva = power.mva[c]
    factor = None
    if known and mva >= _NONE_MVA:
        factor = max(-1000, min(1000, power.mw[c] // (mva // 1000)))
    return {
        "w": _units(power.mw[c]) if known else None,
        "va": _units(mva) if known else None,
        "var": _units(power.mvar[c]) if known else None,
        "pf_ppt": factor,
        "assumed": bool(power.assumed >> c & 1),
    }


def of_energy(watthours, c):
    """Drawn and fed in so far, in Wh."""
    return {"import_wh": watthours.imported(c), "export_wh": watthours.exported(c)}


def faults(power):
    """What is wrong with the voltage: sentences."""
    return voltage.names(power)


def look(power, before, tell):
    """Tell what has changed of the faults, as the reporter wants it; the bits of now.

    Samples that are lost concern all channels and are counted in the status.
    """
    now = power.faults & ~records.LOST
    for bit, text in voltage.FAULT_NAMES.items():
        if (now ^ before) & bit:
            tell("voltage %s%s" % ("" if now & bit else "no longer ", text))
    return now


def _units(milli):
    return (milli + 500) // 1000
