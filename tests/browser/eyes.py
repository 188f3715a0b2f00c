"""A browser that looks: what it complains about, how a page is laid out, whether everybody can use it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

HERE = Path(__file__).parent
LAYOUT_FAULTS = (HERE / "faults.js").read_text(encoding="utf-8")
WIDTHS = (1440, 820, 390)
SCHEMES = ("light", "dark")
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}


def drawn(page: Any) -> None:
    """Wait until every figure of the page stands as this width and scheme want it."""
    page.wait_for_function(
        """() => [...document.querySelectorAll("[data-figure]")].every((holder) =>
             holder.dataset.drawn === "nothing" || holder.dataset.drawn ===
             `${matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"} ${innerWidth}`)"""
    )


def view(page: Any, width: int, scheme: str) -> None:
    """Look at the page at a width, in light or dark."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    drawn(page)


def layout_faults(page: Any) -> list[str]:
    """Text that is cut, overlaps, runs over the edge; a page that scrolls sideways."""
    found: list[str] = page.evaluate(LAYOUT_FAULTS)
    return found


def accessibility_faults(page: Any, rules: dict[str, Any] = RULES) -> list[str]:
    """Violations of WCAG 2.2 AA, and of good practice, that axe finds."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    options = json.dumps({"runOnly": rules, "resultTypes": ["violations"]})
    answer = page.evaluate(f"axe.run(document, {options})")
    return [
        f"{fault['id']}: {' | '.join(node['html'][:160] for node in fault['nodes'][:3])}"
        f" ({len(fault['nodes'])}) {fault['nodes'][0].get('failureSummary', '')}"
        for fault in answer["violations"]
    ]


def look(page: Any, address: str, *, shots: Path | None = None, name: str = "") -> list[str]:
    """Everything that is wrong with the page that is open, at every width, in light and dark.

    The scheme changes colours alone and the middle width shows nothing that the others do not: axe looks at
    the widest and the narrowest in light, and at the contrasts in dark.
    """
    faults = []
    for scheme in SCHEMES:
        for width in WIDTHS:
            view(page, width, scheme)
            found = layout_faults(page)
            if width != WIDTHS[1] and (scheme, width) != ("dark", WIDTHS[2]):
                found += accessibility_faults(page, RULES if scheme == "light" else CONTRAST)
            faults += [f"{address} at {width} {scheme}: {fault}" for fault in found]
            if shots is not None:
                page.screenshot(path=shots / f"{name}-{width}-{scheme}.png", full_page=True)
    return faults


@contextmanager
def listening(page: Any) -> Iterator[list[str]]:
    """What the browser complains about meanwhile: errors of scripts, whatever the content policy refused."""
    faults: list[str] = []

    def hear(message: Any) -> None:
        if message.type == "error":
            faults.append(f"{page.url}: {message.text}")

    def fall(error: Any) -> None:
        faults.append(f"{page.url}: {error}")

    page.on("console", hear)
    page.on("pageerror", fall)
    yield faults
    page.remove_listener("console", hear)
    page.remove_listener("pageerror", fall)
