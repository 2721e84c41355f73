"""Allowed amperes to Modbus: the line, each charger, whose turn it is; the families as data."""
