"""The grid operator's contact from the settings: in memory only where its pin is named."""

from ..planning.contact import Contact
from ..ports import options


def built(values):
    """What planning knows of it, and what tells it of the pin."""
    closed = values["contact_limits"] == "closed"
    contact = Contact(values["contact_w"], values["contact_a"] * 1000, closed)
    return contact, _Input(options.pins().contact(values["contact_pin"]), contact)


class _Input:
    def __init__(self, pin, contact):
        self._pin = pin
        self._contact = contact

    def look(self, elapsed_ms):
        self._contact.tell(elapsed_ms, self._pin.value())
