"""Freezes what `make build BOARD=pico2` made: make BOARD=... FROZEN_MANIFEST=<this file>."""

include("$(PORT_DIR)/boards/manifest.py")
freeze("../../build/pico2")
