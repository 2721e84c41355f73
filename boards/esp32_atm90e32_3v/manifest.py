"""Freezes what `make build BOARD=esp32_atm90e32_3v` made: FROZEN_MANIFEST=<this file>."""

include("$(PORT_DIR)/boards/manifest.py")
freeze("../../build/esp32_atm90e32_3v")
