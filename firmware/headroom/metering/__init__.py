"""Samples in, amperes out: kernel, channel, calibration, health, meter."""
