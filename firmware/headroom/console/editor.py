"""The line that is being typed: cursor keys, history and tab completion, on any ANSI terminal."""

from micropython import const

_LONGEST = const(400)
_HISTORY = const(8)
_TOO_LONG = "\nerror: the line is longer than %d characters; nothing was changed\n" % _LONGEST
PROMPT = "> "
_KEYS = {  # control characters and the letters that end an escape sequence
    1: "home", 5: "end", 8: "erase", 9: "tab", 11: "cut_rest", 21: "cut", 127: "erase",
    "A": "older", "B": "newer", "C": "right", "D": "left", "H": "home", "F": "end", "3~": "delete",
}  # fmt: skip


class Editor:
    """Edits one line; `say` shows text, `complete(text)` gives the words that the last may become.

    Lines whose first word is in `secret` stay out of the history, and those with a password.
    """

    def __init__(self, say, complete, secret):
        self._say = say
        self._complete = complete
        self._secret = secret
        self._history = []
        self._sequence = None  # what came of an escape sequence
        self._clear()

    def prompt(self):
        """Ask for the next command."""
        self._clear()
        self._say(PROMPT)

    def take_text(self, data, first, end):
        """Take the characters with which data[first:end] begins; how many they are."""
        last = first
        if self._sequence is None:
            while last < end and 32 <= data[last] < 127:
                last += 1
            if last > first:
                self._insert(bytes(data[first:last]).decode())
        return last - first

    def take_key(self, byte):
        """Take a byte that is no character, or one of an escape sequence."""
        if self._sequence is not None:
            self._take_sequence(chr(byte))
        elif byte == 27:
            self._sequence = ""
        elif byte in _KEYS:
            getattr(self, "_" + _KEYS[byte])()

    def finish(self, is_command):
        """The line as it stands, and a new one; a command goes into the history.

        None if more was typed than fits: a line that is cut off could mean something else.
        """
        if self._too_long:
            self._clear()
            self._say(_TOO_LONG)
            return None
        line = self._line.strip()
        words = line.split()
        if (
            is_command
            and words
            and words[0] not in self._secret
            and "_password" not in line
            and line not in self._history[-1:]
        ):
            self._history = self._history[1 - _HISTORY :] + [line]
        self._clear()
        self._say("\n")
        return line

    def _clear(self):
        self._line = ""
        self._too_long = False
        self._cursor = 0
        self._shown = len(self._history)  # which line of the history this is

    def _take_sequence(self, character):
        if character in "[O" and not self._sequence:
            return
        self._sequence += character
        if character.isdigit() or character == ";":
            if len(self._sequence) < 8:
                return
        key = _KEYS.get(self._sequence)
        self._sequence = None
        if key:
            getattr(self, "_" + key)()

    def _insert(self, text):
        self._too_long = self._too_long or len(self._line) + len(text) > _LONGEST
        text = text[: _LONGEST - len(self._line)]
        rest = self._line[self._cursor :]
        self._line = self._line[: self._cursor] + text + rest
        self._cursor += len(text)
        self._say(text + rest + "\b" * len(rest))

    def _erase(self):
        if self._cursor:
            self._left()
            self._delete()

    def _delete(self):
        rest = self._line[self._cursor + 1 :]
        if self._cursor < len(self._line):
            self._line = self._line[: self._cursor] + rest
            self._say(rest + " " + "\b" * (len(rest) + 1))

    def _left(self):
        if self._cursor:
            self._cursor -= 1
            self._say("\b")

    def _right(self):
        if self._cursor < len(self._line):
            self._say(self._line[self._cursor])
            self._cursor += 1

    def _home(self):
        self._say("\b" * self._cursor)
        self._cursor = 0

    def _end(self):
        self._say(self._line[self._cursor :])
        self._cursor = len(self._line)

    def _cut_rest(self):
        self._replace(self._line[: self._cursor])

    def _cut(self):
        self._replace("")

    def _older(self):
        self._show(self._shown - 1)

    def _newer(self):
        self._show(self._shown + 1)

    def _show(self, which):
        if 0 <= which <= len(self._history):
            self._shown = which
            self._replace(self._history[which] if which < len(self._history) else "")

    def _replace(self, line):
        self._home()
        self._line = line
        self._cursor = len(line)
        self._say(line + "\x1b[K")

    def _tab(self):
        before = self._line[: self._cursor]
        words = self._complete(before)
        if not words:
            return
        typed = len(before) - before.rfind(" ") - 1
        common = _common(words)
        if len(words) == 1:
            self._insert(common[typed:] + " ")
        elif len(common) > typed:
            self._insert(common[typed:])
        else:
            rest = self._line[self._cursor :]
            self._say("\n%s\n%s%s" % ("  ".join(words), PROMPT, self._line) + "\b" * len(rest))


def _common(words):
    common = words[0]
    for word in words:
        while not word.startswith(common):
            common = common[:-1]
    return common
