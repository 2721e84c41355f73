"""Amperes to allowed amperes, and why: pure integers, no hardware, no I/O, no clock.

Each step is told how many milliseconds have passed since the last; every timer counts from that.
So nothing here can meet a wrapping clock, and a day can be simulated in seconds.

    controller   the step itself, and what happens without a measurement
    row          one row a charger: the table that all stages read and write
    base_load    mains less the cars, with an EV CT; `following` is that without one
    breaker      for how long the main breaker tolerates what flows

    demand       stage 1: who takes part, with what minimum and cap; what its car can use
    start        when one may begin; `turn`: who is served first
    limits       stage 2: what the circuits have, and which limit is the smallest
    excess       what a charger holds above what it was told; `recent`: headroom that has lasted
    shares       stage 3: who gets how much
    pace         stage 4: down at once, held, paused; up
    lag          how long a car needs to follow; `reach`: what it may draw until then
    rise         whether a rise is worth it
    hold         how long the minimum is held, and how long a pause takes; `rest`: a relay's
"""
