"""What a command keeps up to date on a page of the docs, between two marks."""

from pathlib import Path

from meter.errors import MeterError


class Marks:
    """The part of `page` between the marks `begin` and `end`."""

    def __init__(self, page: Path, begin: str, end: str) -> None:
        self.page, self.begin, self.end = page, begin, end

    def read(self) -> str:
        """What stands there."""
        return self._parts()[1].strip("\n")

    def write(self, made: str) -> None:
        """Put this there; nothing else on the page is changed."""
        before, _, after = self._parts()
        text = f"{before}{self.begin}\n{made}\n{self.end}{after}"
        self.page.write_text(text, encoding="utf-8")

    def _parts(self) -> tuple[str, str, str]:
        before, there, rest = self.page.read_text(encoding="utf-8").partition(self.begin)
        found, closed, after = rest.partition(self.end)
        if not (there and closed):
            raise MeterError(f"{self.page.name} has lost the marks '{self.begin}', '{self.end}'")
        return before, found, after
