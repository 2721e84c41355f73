"""Amperes to allowed amperes, and why: pure integers, no hardware, no I/O, no clock.

Each step is told how many milliseconds have passed since the last; every timer counts from that.
So nothing here can meet a wrapping clock, and a day can be simulated in seconds.
"""
