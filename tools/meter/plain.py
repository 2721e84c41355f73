"""What a meter said, for a terminal: control characters are shown, not obeyed; no markup."""

import re

from rich.text import Text

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(said: str) -> Text:
    return Text(_CONTROL.sub("\ufffd", said))
