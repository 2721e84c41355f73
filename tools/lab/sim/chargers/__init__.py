"""Simulated chargers, one family a file, written from the facts about the real ones."""

from .abb import Abb
from .cfos import Cfos
from .delta import Delta
from .eprowallbox import EProWallbox
from .esp32_evse import Esp32Evse
from .evse_wb import EvseWb
from .heidelberg import Heidelberg
from .mennekes import Mennekes
from .model import ChargerModel
from .obo import Obo
from .phoenix import Phoenix
from .relay import Relay
from .smartevse import SmartEvse

ALL: dict[str, type[ChargerModel]] = {
    model.name: model
    for model in (
        Abb,
        Cfos,
        Delta,
        EProWallbox,
        Esp32Evse,
        EvseWb,
        Heidelberg,
        Mennekes,
        Obo,
        Phoenix,
        SmartEvse,
    )
}
MODELS: dict[str, type[ChargerModel]] = {**ALL, Relay.name: Relay}  # one without a bus, too
