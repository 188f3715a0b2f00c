"""The pages in German, whose words are longer: nothing is cut, overlaps or runs over the edge."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import Plant, sign_in
from browser.eyes import SCHEMES, WIDTHS, layout_faults, view
from browser.pages import ELSEWHERE, STRANGER, WITH_SECOND_FACTOR, addresses, pages

PAGES = {
    name: pattern
    for name, pattern in pages().items()
    if name not in (*STRANGER, *WITH_SECOND_FACTOR, *ELSEWHERE, "style", "mfa_activate_totp")
}
LOOKS = ((390, "light"), (1440, "light"))
"""Colours do not change what fits; on the contact sheet every page stands in all of them."""
MOST = 6
"""So many addresses of one page are looked at; the others have the same words."""


@pytest.fixture(scope="session")
def anna(browser: Any, plants: dict[str, Plant]) -> Any:
    """Somebody whose browser asks for German."""
    return sign_in(browser, plants["full"], locale="de-DE")


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_in_german(name: str, plants: dict[str, Plant], anna: Any, shots: Path | None) -> None:
    faults: list[str] = []
    found = addresses(name, PAGES[name], plants["full"].seed)
    for number, address in enumerate(found[:: max(1, len(found) // MOST)][:MOST]):
        anna.goto(plants["full"].at(address))
        assert anna.evaluate("document.documentElement.lang") == "de"
        for width, scheme in LOOKS if shots is None else product(WIDTHS, SCHEMES):
            view(anna, width, scheme)
            faults += [f"{address} at {width}: {fault}" for fault in layout_faults(anna)]
            if shots is not None:
                place = shots / f"german {name} {number}-{width}-{scheme}.png"
                anna.screenshot(path=place, full_page=True)
    assert faults == []
