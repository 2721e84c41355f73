"""Two wires of I2C at any two pins, on any board with machine.SoftI2C: only where a chip is there.

A bus has readfrom_mem_into(address, register, buffer) and writeto_mem(address, register, data);
OSError where nobody answers. One that holds the clock low is given up after 1 ms.
"""

from machine import Pin, SoftI2C


def bus(sda, scl):
    return SoftI2C(Pin(scl), Pin(sda), freq=100_000, timeout=1000)
