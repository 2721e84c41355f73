"""Samples to amperes, and whether to believe them."""
