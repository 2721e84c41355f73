"""The page for the browser, driven by Chromium against the real firmware."""

import pytest
from browser import CHROMIUM, PATIENCE_MS, Tab, missing


@pytest.fixture(scope="session")
def chromium():
    """A browser for all; without one, or without the page, every test is skipped in one line."""
    if reason := missing():
        pytest.skip(reason)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        # As root, which CI is, Chromium's sandbox does not start.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
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
