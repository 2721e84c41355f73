"""A Raspberry Pi Pico without the board: rp2040py runs a real MicroPython image, instruction by
instruction, and this package is what stands around its pins.

    image         where the MicroPython image comes from
    corrections   what is mended in rp2040py 0.3.6, one fault a file
    chip          the board: power, reset, time, pins
    adc           the converter, with a function of time at each input
    mcp3208       a converter at its pins, which checks every pulse against the data sheet
    flash         its content, and a power failure between two erases
    usb           the host at the other end of the cable
    repl          code onto the chip by MicroPython's raw REPL
    files         the file system of its flash
    fork          many goes from one state
    port          the chip's USB as a serial port of this computer, for mpremote
    wave          currents at the converter's inputs
    wallbox       a charger at the other end of the RS-485 line, byte by byte
    rig           a meter on it, with currents in its CTs and a charger on its line

All times are emulated: 125 million cycles a second, however long that takes here (about twenty
times as long while the processor works, next to nothing while it sleeps). What is not emulated:
the second core, waiting for the flash chip (code runs from it as fast as from RAM, so Python is a
little slower on silicon), contention on the bus, and all that is analog.
"""
