"""Freezes what `make build BOARD=pico_w` made: make BOARD=... FROZEN_MANIFEST=<this file>."""

include("$(PORT_DIR)/boards/manifest.py")
freeze("../../build/pico_w")
