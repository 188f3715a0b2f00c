"""The main way through the plant by keyboard alone: sign in, list, record, a signed step, back."""

from __future__ import annotations

from typing import Any

import pytest

from browser.conftest import PASSWORD, Plant
from gemba.quality.control.nonconformance.factory import SECRET

MOST_TABS = 60
MOST_STOPS = 400
OUTLINED = """() => { let held = document.activeElement;
  for (let up = 0; held && up < 4; up += 1, held = held.parentElement)
    if (getComputedStyle(held).outlineStyle !== "none") return true;
  return false; }"""
"""What has the focus is outlined, itself or the card that it fills."""


def tab_to(page: Any, selector: str) -> None:
    """Press the tabulator until something fitting has the focus, and see that the focus can be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            break
    else:
        raise AssertionError(f"{selector} cannot be reached by the keyboard")
    assert page.evaluate(OUTLINED), selector
    hidden = page.evaluate(
        """() => { const held = document.activeElement, box = held.getBoundingClientRect();
             const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
             return top !== null && !held.contains(top) && !top.contains(held); }"""
    )
    assert not hidden, f"{selector} has the focus and lies under something"


@pytest.fixture
def page(browser: Any, plants: dict[str, Plant]) -> Any:
    opened = browser.new_context(reduced_motion="reduce", locale="en-GB").new_page()
    opened.set_default_timeout(60_000)
    opened.goto(plants["full"].at("/account/login"))
    yield opened
    opened.context.close()


def test_from_signing_in_to_a_signed_step_and_back(page: Any, plants: dict[str, Plant]) -> None:
    plant, keys = plants["full"], page.keyboard
    tab_to(page, "input[name=login]")
    keys.type("ada")
    tab_to(page, "input[name=password]")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url(plant.at("/"))
    keys.press("g")
    keys.press("n")
    page.wait_for_url("**/records/nonconformance")
    identity = plant.seed["spare"]
    tab_to(page, f"a[href$='/records/nonconformance/{identity}']")
    keys.press("Enter")
    page.wait_for_url(f"**/records/nonconformance/{identity}")
    answered(page)
    tab_to(page, "a[href$='/moves/close']")
    keys.press("Enter")
    page.wait_for_selector("dialog[open]")
    tab_to(page, "dialog input[name=identifier]")
    keys.type("ada")
    tab_to(page, "dialog input[name=secret]")
    keys.type(SECRET)
    tab_to(page, "dialog button.main")
    keys.press("Enter")
    page.wait_for_selector("text=Close: done.")
    assert page.locator(".head .state").inner_text() == "Closed"
    assert "Ada Lindqvist" in page.locator("section", has_text="Signatures").last.inner_text()
    tab_to(page, ".over a")
    keys.press("Enter")
    page.wait_for_url("**/records/nonconformance")


def answered(page: Any) -> None:
    """The question whether a corrective action is needed, answered in its dialog."""
    tab_to(page, "a[href$='/moves/answer_corrective']")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    tab_to(page, "dialog select[name=ground]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "dialog [name=why]")
    page.keyboard.type("Worn tool, changed at once")
    tab_to(page, "dialog button.main")
    page.keyboard.press("Enter")
    page.wait_for_selector(".note.good")


def test_a_dialog_keeps_the_focus_and_gives_it_back(page: Any, plants: dict[str, Plant]) -> None:
    page.fill("input[name=login]", "ada")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.main")
    plant = plants["full"]
    page.goto(plant.at(f"/records/nonconformance/{plant.seed['records']['nonconformance']['reported']}"))
    tab_to(page, "a[href$='/moves/void']")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="hidden")
    assert page.evaluate("document.activeElement.matches(\"a[href$='/moves/void']\")")


def test_the_keys_are_told_and_lead_to_places(page: Any, plants: dict[str, Plant]) -> None:
    page.fill("input[name=login]", "ada")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_url(plants["full"].at("/"))
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("bore")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=bore")


def test_the_palette_leads_to_a_page_and_to_a_record_by_its_number(
    page: Any, plants: dict[str, Plant]
) -> None:
    page.fill("input[name=login]", "ada")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.main")
    plant, keys = plants["full"], page.keyboard
    page.wait_for_url(plant.at("/"))
    keys.press("Control+k")
    page.wait_for_selector("#palette[open] li[role=option]")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
    keys.type("nonconf")
    page.wait_for_selector("#palette li:first-child >> text=Nonconformances")
    first = page.get_attribute("#palette-words", "aria-activedescendant")
    keys.press("ArrowDown")
    assert page.get_attribute("#palette-words", "aria-activedescendant") != first
    assert page.locator("#palette li[aria-selected=true]").count() == 1
    keys.press("ArrowUp")
    keys.press("Enter")
    page.wait_for_url("**/records/nonconformance")
    identity = plant.seed["records"]["nonconformance"]["verified"]
    page.goto(plant.at(f"/records/nonconformance/{identity}"))
    number = page.locator(".head .number").first.inner_text()
    page.goto(plant.at("/"))
    keys.press("Control+k")
    page.wait_for_selector("#palette[open]")
    keys.type(number)
    keys.press("Enter")
    page.wait_for_url(f"**/records/nonconformance/{identity}")
    keys.press("Control+k")
    page.wait_for_selector("#palette[open]")
    keys.press("Escape")
    page.wait_for_selector("#palette", state="hidden")


def signed_in(page: Any, plant: Plant) -> Any:
    page.fill("input[name=login]", "ada")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_url(plant.at("/"))
    return page.keyboard


def over_the_menu(page: Any) -> None:
    """The first stop of each page leads over its menu."""
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('a.skip')")
    page.keyboard.press("Enter")


def test_the_thread_from_the_desk_to_a_signature(page: Any, plants: dict[str, Plant]) -> None:
    plant = plants["full"]
    keys, (signal, raised) = signed_in(page, plant), plant.seed["raised"]
    keys.press("g")
    keys.press("t")
    page.wait_for_url("**/desk")
    over_the_menu(page)
    tab_to(page, ".due a[href*='/records/']")
    keys.press("Control+k")
    page.wait_for_selector("#palette[open]")
    keys.press("Escape")
    page.wait_for_selector("#palette", state="hidden")
    assert page.evaluate("document.activeElement.matches(\".due a[href*='/records/']\")")
    page.goto(plant.at(f"/records/signal/{signal}"))
    over_the_menu(page)
    tab_to(page, f"a[href$='/records/nonconformance/{raised}']")
    keys.press("Enter")
    page.wait_for_url(f"**/records/nonconformance/{raised}")
    over_the_menu(page)
    tab_to(page, f"a[href$='/records/nonconformance/{raised}/thread']")
    keys.press("Enter")
    page.wait_for_url("**/thread")
    over_the_menu(page)
    tab_to(page, ".bead a[href*='/records/signal/']")
    keys.press("Enter")
    page.wait_for_url("**/records/signal/**")
    page.goto(plant.at(f"/charts/{plant.seed['streams'][0]}"))
    over_the_menu(page)
    tab_to(page, "table.points tbody a")
    keys.press("Enter")
    page.wait_for_selector("dialog[open]")
    keys.press("Escape")
    page.wait_for_selector("dialog", state="hidden")
    assert page.evaluate("document.activeElement.matches('table.points tbody a')")
    approved(page, plant)


def approved(page: Any, plant: Plant) -> None:
    """The plan of a corrective action, approved and signed."""
    keys = page.keyboard
    page.goto(plant.at(f"/records/capa/{plant.seed['spare_capa']}"))
    over_the_menu(page)
    tab_to(page, "a[href$='/moves/approve']")
    keys.press("Enter")
    page.wait_for_selector("dialog[open]")
    tab_to(page, "dialog input[name=identifier]")
    keys.type("ada")
    tab_to(page, "dialog input[name=secret]")
    keys.type(SECRET)
    keys.press("Enter")
    page.wait_for_selector("text=Approve the plan: done.")


@pytest.mark.parametrize("name", ["thread", "chart", "desk"])
def test_nothing_holds_the_focus(page: Any, plants: dict[str, Plant], name: str) -> None:
    plant = plants["full"]
    signed_in(page, plant)
    raised, stream = plant.seed["raised"][1], plant.seed["streams"][0]
    addresses = {"thread": f"/records/nonconformance/{raised}/thread", "chart": f"/charts/{stream}"}
    page.goto(plant.at(addresses.get(name, "/desk")))
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        assert page.evaluate(OUTLINED), page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
    else:
        raise AssertionError("the focus never leaves the page")
