"""The page for the browser, driven by Chromium against the real firmware."""

from pathlib import Path

import pytest
from browser import CHROMIUM, PATIENCE_MS, Tab, missing

HERE = Path(__file__).parent


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Where the page can't be tried one test stands for all, so that one line says why."""
    ours = [item for item in items if HERE in item.path.parents]
    if ours and (reason := missing()):
        first, *rest = ours
        first.add_marker(pytest.mark.skip(reason=f"with all of page/: {reason}"))
        items[:] = [item for item in items if item not in rest]
        config.hook.pytest_deselected(items=rest)


@pytest.fixture(scope="module")
def chromium():
    """A browser for a file's tests: while Playwright's loop runs, no other test can run one."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        # As root, which CI is, Chromium's sandbox does not start; a container has little /dev/shm.
        how = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=how)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium):
    """A function that opens a tab; nothing may have gone wrong in any of them."""
    tabs = []

    def open_tab(**options):
        tabs.append(Tab(chromium, **options))
        return tabs[-1]

    yield open_tab
    for one in tabs:
        one.context.close()
    assert [one.wrong for one in tabs if one.wrong] == []
