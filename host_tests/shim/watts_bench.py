"""Two CTs and a voltage sensor at a meter, built from settings and fed with three waves."""

from lab.bench.metering.waveforms import Replay, play
from lab.bench.power import accuracy, waves
from lab.sim.digitise import FrontEnd

CT = FrontEnd(accuracy.MA_PER_COUNT, noise_counts=0.5)
SENSOR = FrontEnd(accuracy.MV_PER_COUNT, noise_counts=0.5)


def meter_of(v, l1, l2=None, ct_lead=accuracy.CT_LEAD_DEG, sensor=SENSOR, ct=CT, **settings):
    """The meter after 3.2 s of these waves; L2 carries a quiet 5 A unless said."""
    wired = [
        (l1, ct, ct_lead), (l2 or waves.sine(5, 60, 180), ct, ct_lead),
        (v, sensor, accuracy.V_LEAD_DEG),
    ]  # fmt: skip
    sampler = Replay(*waves.columns(wired, 3.2))
    meter = accuracy.build(sampler, **settings)
    for _ in play(meter, sampler):
        pass
    return meter
