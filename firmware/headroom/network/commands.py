"""What may be sent to a meter, and how it is written: a topic and a payload as words to be typed.

set/limit/1   10 30        limit 1 10 30
set/price     0.31         price 0.31
"""

SENT = ("mode", "time", "limit", "pause", "price", "grid")
_LONGEST = 40  # bytes of a payload
_MOST_WORDS = 3


def words_of(which, payload):
    """[name, words ...] of a message at set/<which>; None if it is no command."""
    name, slash, number = which.partition("/")
    if name not in SENT or not 0 < len(payload) <= _LONGEST:
        return None
    for byte in payload:
        if not 32 <= byte < 127:
            return None
    words = payload.decode().split(" ")
    if "" in words or len(words) > _MOST_WORDS:
        return None
    if not slash:
        return [name] + words
    # Of bytes 0 to 9 alone are digits; of a PC's texts more are.
    return [name, number] + words if len(number) < 3 and number.encode().isdigit() else None
