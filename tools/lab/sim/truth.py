"""What the judge is told of the simulated world at one instant."""

from dataclasses import dataclass


@dataclass
class Conditions:
    """What the world grants the meter at this moment.

    sees       samples arrive, and the CTs of the legs are whole
    firmware   the process runs
    disturbed  frames are lost, corrupted or late
    lied_to    a charger does what it was not told, or did until just now
    """

    sees: bool = True
    firmware: bool = False
    disturbed: bool = False
    lied_to: bool = False


@dataclass(frozen=True)
class Truth:
    """`headroom_a` is that of the worse leg; `pilots_a` and `links` are per charger.

    A link is whether the charger could hear the meter.
    """

    now_s: float
    dt_s: float
    mains_a: tuple[float, float]
    headroom_a: float
    pilots_a: tuple[float, ...]
    links: tuple[bool, ...]
