"""Allowed amperes out: profiles are data, rtu makes one exchange, charger knows one charger,
bus decides which charger is next."""
