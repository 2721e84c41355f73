"""Single pins, on any board with machine.Pin. In memory only where a setting asks for one.

Until they are made, and from a reset on, they are inputs: what hangs on an output must be off then
(boards/README.md has the circuits). A read-back is pulled up here, so that a broken wire reads as
"current may flow".
"""

from machine import Pin


def output(gpio):
    return Pin(gpio, Pin.OUT, value=0)


def read_back(gpio):
    return Pin(gpio, Pin.IN, Pin.PULL_UP)
