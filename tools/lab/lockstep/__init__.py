"""The whole firmware in virtual time: MicroPython and the simulated world take turns.

    session.py       a Session whose seconds last as long as the computer needs for them
    installation.py  for chargers, cars and settings of one's own, without a Session
    loop.py          asyncio's event loop for the world, with the simulation's clock
    machine.py       the firmware's process, and what goes to and from it
    memory.py        what joins the two, in memory: terminals, samples, chargers
    windows.py       for long runs: sums of samples, ready-made, at half the cost
    vm/              what MicroPython needs: clock, waiting, the port's Sampler, Line and Terminal

Both are event loops that wait only for time. Whichever has the earlier event goes first, so
nothing ever waits for the wall clock, and the same seed gives the same bytes.
"""
