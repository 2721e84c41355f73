"""Single pins, on any board with machine.Pin. In memory only where a setting asks for one.

Until they are made, and from a reset on, they are inputs: what hangs on an output must be off then
(boards/README.md has the circuits). An input is pulled up here, and is 0 only while a closed
contact pulls it down: a broken wire reads as an open one.
"""

from machine import Pin


def output(gpio):
    return Pin(gpio, Pin.OUT, value=0)


def contact(gpio):
    return Pin(gpio, Pin.IN, Pin.PULL_UP)
