"""Simulated chargers, one family a file, written from the facts about the real ones."""

from .evse_wb import EvseWb
from .heidelberg import Heidelberg
from .model import ChargerModel

MODELS: dict[str, type[ChargerModel]] = {"heidelberg": Heidelberg, "evse_wb": EvseWb}
