"""Texts between quotation marks, such as schedules: how they are typed after `set`, and shown."""

from ..settings import table


def quoted(value):
    """A setting's value as it is typed."""
    if value == "":
        return "none"
    return '"%s"' % value if isinstance(value, str) and " " in value else value


def unquoted(words):
    """The words of a line, what stands between two quotation marks being one; Refused."""
    found = []
    text = None
    for word in words:
        text = word if text is None else text + " " + word
        if text[0] == '"' and (len(text) == 1 or text[-1] != '"'):
            continue
        found.append(text if text == '""' else text.strip('"'))
        text = None
    if text:
        raise table.Refused("the second quotation mark is missing after %s" % text)
    return found
