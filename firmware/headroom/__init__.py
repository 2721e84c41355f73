"""Headroom: dynamic load balancing for EV chargers, from current transformers to Modbus."""

VERSION = "0.1.0"
