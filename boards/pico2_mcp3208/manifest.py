"""Freezes what `make build BOARD=pico2_mcp3208` made: FROZEN_MANIFEST=<this file>."""

include("$(PORT_DIR)/boards/manifest.py")
freeze("../../build/pico2_mcp3208")
