"""What the tests of the page have in hand: Chromium, a tab that is watched, the page served."""

import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from meter.paths import PAGE, ROOT

PATIENCE_MS = 30_000
STAND_IN = ROOT / "host_tests" / "page" / "stand_in.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def missing():
    """What there would have to be to try the page, "" if all is there."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "no Playwright here"
    if not CHROMIUM:
        return "no Chromium here (Debian: apt-get install chromium)"
    return "" if PAGE.exists() else "it is not built, see `make page`"


class Tab:
    """A tab: what it asked for, and what went wrong in it."""

    def __init__(self, browser, **options):
        self.context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 900}} | options
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.context.new_page()
        self.requests, self.wrong = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._said)

    def _said(self, message):
        if message.type == "error":
            self.wrong.append(message.text)

    def asked_elsewhere(self, *own):
        """Addresses that are neither its own nor in the page itself."""
        return [url for url in self.requests if not url.startswith((*own, "data:", "blob:"))]


def from_disk(tab, read, write, opens=lambda: ""):
    """The page from its file, its Web Serial leading to these functions; not yet connected.

    read   what has come as bytes, None once the port is gone; write(bytes)
    opens  why the port can't be opened, "" if it can
    """

    def came():
        data = read()
        return None if data is None else data.decode("latin-1")

    page = tab.page
    page.expose_function("serialRead", came)
    page.expose_function("serialWrite", lambda text: write(text.encode("latin-1")) and None)
    page.expose_function("serialOpens", opens)
    page.add_init_script(path=STAND_IN)
    page.goto(PAGE.as_uri())
    return page


@contextmanager
def served(port: Path):
    """`meter page` at work: its address."""
    tool = subprocess.Popen(
        [sys.executable, "-m", "meter", "page", str(port), "--at", "0"],
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        yield re.search(r"http://\S+/", tool.stdout.readline())[0]
    finally:
        tool.terminate()
        tool.wait()
