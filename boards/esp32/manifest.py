"""Freezes what `make build BOARD=esp32` made: make BOARD=... FROZEN_MANIFEST=<this file>."""

include("$(PORT_DIR)/boards/manifest.py")
freeze("../../build/esp32")
