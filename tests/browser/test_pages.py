"""Every page at three widths, in light and dark: nothing cut, nothing overlaps, everybody can use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from browser.conftest import PASSWORD, Plant, sign_in
from browser.eyes import listening, look
from browser.pages import BY_HAND, ELSEWHERE, FILLED, NO_PAGE, STRANGER, WITH_SECOND_FACTOR, addresses, pages

PAGES = pages()


def test_every_address_with_values_says_what_fills_it() -> None:
    assert {name for name, pattern in PAGES.items() if "<" in pattern} == set(FILLED)
    assert not {*NO_PAGE, *BY_HAND} & set(PAGES)


@pytest.fixture(scope="session")
def strangers(browser: Any) -> dict[str, Any]:
    return {"stranger": browser.new_context(reduced_motion="reduce", locale="en-GB").new_page()}


@pytest.fixture(scope="session")
def vera(browser: Any, plants: dict[str, Plant]) -> Any:
    """Somebody who signs in with a second factor."""
    page = sign_in(browser, plants["full"], "vera")
    page.fill("input[name=code]", plants["full"].seed["code"])
    page.click("button.main")
    page.wait_for_url("**/")
    return page


def desk_of(name: str, request: pytest.FixtureRequest, desks: dict[str, Any]) -> Any:
    if name in STRANGER:
        return request.getfixturevalue("strangers")["stranger"]
    return request.getfixturevalue("vera") if name in WITH_SECOND_FACTOR else desks["full"]


def come_to(page: Any, plant: Plant, address: str) -> Any:
    """Open a page; where the plant asks once more who it is, say so and open it again."""
    answer = page.goto(plant.at(address))
    if "reauthenticate?" not in page.url:
        return answer
    page.goto(plant.at("/account/reauthenticate"))
    page.fill("input[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_load_state()
    return page.goto(plant.at(address))


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_of_a_plant_at_work(
    name: str,
    plants: dict[str, Plant],
    desks: dict[str, Any],
    request: pytest.FixtureRequest,
    shots: Path | None,
) -> None:
    plant, page = plants["full"], desk_of(name, request, desks)
    faults: list[str] = []
    for number, address in enumerate(addresses(name, PAGES[name], plant.seed)):
        with listening(page) as complaints:
            answer = come_to(page, plant, address)
            gone = "used-long-ago" in address
            assert answer.status == (404 if gone else 200), (address, answer.status)
            assert name in ELSEWHERE or page.url == plant.at(address), page.url
            faults += look(page, address, shots=shots, name=f"full {name} {number}".strip())
        faults += [text for text in complaints if not (gone and "404" in text)]
    assert faults == []


@pytest.mark.parametrize("name", sorted(name for name, pattern in PAGES.items() if "<" not in pattern))
def test_a_page_of_an_empty_plant(
    name: str, plants: dict[str, Plant], desks: dict[str, Any], shots: Path | None
) -> None:
    if name in STRANGER + WITH_SECOND_FACTOR + ELSEWHERE:
        return  # the same as in the other plant
    plant, page = plants["empty"], desks["empty"]
    with listening(page) as complaints:
        page.goto(plant.at(f"/{PAGES[name]}"))
        faults = look(page, f"empty {name}", shots=shots, name=f"empty {name}")
    assert faults + complaints == []


def test_lists_of_an_empty_plant(plants: dict[str, Plant], desks: dict[str, Any], shots: Path | None) -> None:
    plant, page = plants["empty"], desks["empty"]
    faults: list[str] = []
    with listening(page) as complaints:
        for address in addresses("records", PAGES["records"], plants["full"].seed):
            page.goto(plant.at(address))
            assert page.locator(".nothing").is_visible(), address
            faults += look(page, f"empty {address}", shots=shots, name=f"empty {address.replace('/', ' ')}")
    assert faults + complaints == []


def test_the_first_page_of_a_fresh_plant(
    plants: dict[str, Plant], strangers: dict[str, Any], shots: Path | None
) -> None:
    plant, page = plants["fresh"], strangers["stranger"]
    with listening(page) as complaints:
        page.goto(plant.at(f"/setup/{plant.first}"))
        assert page.locator("h1").inner_text() == "Open your plant"
        faults = look(page, "/setup", shots=shots, name="fresh setup")
    assert faults + complaints == []
