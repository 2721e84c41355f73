"""Freezes the firmware into a MicroPython image: make BOARD=... FROZEN_MANIFEST=<this file>.

`make build` here comes first: it fetches umodbus.
"""

include("$(PORT_DIR)/boards/manifest.py")
package("headroom", base_path="../../firmware")
package("umodbus", base_path="../../build/umodbus")
module("board.py")
module("boot.py", base_path="../../firmware")
module("main.py", base_path="../../firmware")
