"""The pictures of the page for the README: the built page in Chromium, on a simulated meter."""

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from lab.simulate import simulation
from meter.paths import PAGE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

COLOURS = 128  # of a picture: it stays small
PATIENCE_MS = 60_000
SETTLED_MS = 2000
CALM = "t_s,l1_va,l2_va\n0,1800,1400\n86400,1800,1400\n"
WATCHED_MS = 90_000  # a minute and a half of the house is in the chart


def draw(folder: Path) -> None:
    """Draw page-*.png into `folder`; where the page or Chromium is not there, say so."""
    chromium = shutil.which("chromium")
    if not chromium or not PAGE.exists():
        print("The page's pictures stay as they are: no Chromium here, or no page (`make page`)")
        return
    from playwright.sync_api import sync_playwright

    calm = ("--trace", str(folder.parent / "out" / "calm.csv"), "--charger", "heidelberg")
    Path(calm[1]).write_text(CALM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with _page(browser, "--charger", "smartevse", "--charger", "heidelberg") as page:
            page.wait_for_timeout(WATCHED_MS)
            _keep(page, folder / "page-watch.png", whole=True)
            _change(page)
            _keep(page, folder / "page-change.png")
            page.get_by_role("link", name="Look into it").click()
            page.get_by_role("heading", name="What happened").wait_for()
            page.wait_for_timeout(SETTLED_MS)
            _keep(page, folder / "page-look.png")
        with _page(browser, *calm) as page:
            _test(page)
            _keep(page, folder / "page-install.png")
        browser.close()


@contextmanager
def _page(browser: "Browser", *options: str) -> Iterator["Page"]:
    """The page on a simulated meter, with its first figures."""
    with simulation(*options) as port, _served(port) as address:
        page = browser.new_page(viewport={"width": 1100, "height": 800}, color_scheme="light")
        page.set_default_timeout(PATIENCE_MS)
        page.goto(address)
        page.locator(".figure").first.wait_for()
        yield page
        page.close()


def _change(page: "Page") -> None:
    page.get_by_role("link", name="Change").click()
    page.get_by_label("rise_window_s", exact=True).fill("30")
    page.get_by_label("breaker_a", exact=True).fill("90")
    page.evaluate("window.scrollTo(0, 0)")


def _test(page: "Page") -> None:
    """A self-test to its end."""
    page.get_by_role("link", name="Install").click()
    page.get_by_role("button", name="5. Self-test").click()
    page.get_by_role("button", name="Start the self-test").click()
    page.locator(".verdicts li").first.wait_for(timeout=4 * PATIENCE_MS)


def _keep(page: "Page", path: Path, whole: bool = False) -> None:
    picture = Image.open(io.BytesIO(page.screenshot(full_page=whole)))
    picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)


@contextmanager
def _served(port: str) -> Iterator[str]:
    """`meter page` at work: its address."""
    tool = subprocess.Popen(
        [sys.executable, "-m", "meter", "page", port, "--at", "0"],
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert tool.stdout
        found = re.search(r"http://\S+/", tool.stdout.readline())
        assert found
        yield found[0]
    finally:
        tool.terminate()
        tool.wait()
