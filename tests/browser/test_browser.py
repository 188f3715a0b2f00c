"""The pages in a real browser: nothing breaks the content policy, nothing runs over the edge, charts move."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.test_serve import Served, serving

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PAGES = (
    "/", "/tasks", "/charts", "/charts/1", "/records/characteristic", "/records/characteristic/new",
    "/records/signal", "/records/nonconformance", "/quarantine", "/upload", "/loop", "/people",
    "/people/tokens", "/sites", "/me", "/search?q=bore",
)  # fmt: skip
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed here")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("plant") / "data"
    folder.mkdir()
    with serving(folder, {}) as found:
        yield found


@pytest.fixture(scope="module")
def page(served: Served) -> Iterator[Any]:
    served.send([served.reading(n) for n in range(1, 6)])
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        opened = browser.new_page()
        opened.goto(f"http://127.0.0.1:{served.port}/account/login")
        opened.fill("input[name=login]", "ada")
        opened.fill("input[name=password]", "correct-horse-battery")
        opened.click("button.main")
        opened.wait_for_url("**/")
        yield opened
        browser.close()


@pytest.mark.parametrize("width", [1440, 820, 390])
def test_pages_hold_the_policy_and_fit(served: Served, page: Any, width: int) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_viewport_size({"width": width, "height": 900})
    for path in PAGES:
        page.goto(f"http://127.0.0.1:{served.port}{path}")
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, (path, over)
    assert faults == []


def test_a_chart_moves_without_being_loaded_again(served: Served, page: Any) -> None:
    page.goto(f"http://127.0.0.1:{served.port}/charts/1")
    page.wait_for_selector(".chart svg")
    page.wait_for_selector('.live[data-state="live"]')
    page.evaluate("window.stayed = true")
    before = page.locator("[data-follows] tbody tr").count()
    for number in range(100, 103):
        served.send(served.reading(number))
    page.locator("[data-follows] tbody tr").nth(before + 1).wait_for()
    assert page.evaluate("window.stayed") is True
    assert "chart" in str(page.locator(".chart").get_attribute("aria-label")).lower()
