"""Bad conditions: the network goes, the session ends, two people edit one record. Nobody loses anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from browser.conftest import PASSWORD, Plant, opened, sign_in
from browser.eyes import accessibility_faults, layout_faults


@pytest.fixture
def plant(plants: dict[str, Plant]) -> Plant:
    return plants["full"]


@pytest.fixture
def edited(plant: Plant) -> str:
    """The form of a record that can be edited."""
    kind, identity = next(item for item in plant.seed["editable"] if item[0] == "nonconformance")
    return plant.at(f"/records/{kind}/{identity}/edit")


def end_session(page: Any) -> None:
    """What happens when the server forgets the session: the cookie is worth nothing any more."""
    page.context.clear_cookies(name="gemba")


def sign_in_again(page: Any) -> None:
    page.wait_for_selector("input[name=login]")
    page.fill("input[name=login]", "ada")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.main")


def test_a_session_that_ends_while_typing_loses_nothing(browser: Any, plant: Plant, edited: str) -> None:
    page = sign_in(browser, plant)
    page.goto(edited)
    page.fill("[name=found]", "10.07 mm\non twelve pieces")
    page.fill("[name=defect_code]", "D-17")
    end_session(page)
    page.get_by_role("button", name="Store the change").click()
    sign_in_again(page)
    page.wait_for_url(edited)
    assert page.input_value("[name=found]") == "10.07 mm\non twelve pieces"
    assert page.locator(".note", has_text="what you typed before").is_visible()
    page.get_by_role("button", name="Store the change").click()
    page.wait_for_selector(".note.good")
    assert "D-17" in page.locator(".facts").first.inner_text()
    page.goto(edited)
    assert not page.locator("text=what you typed before").is_visible()
    page.context.close()


def test_a_step_typed_in_a_dialog_comes_back_without_its_secret(browser: Any, plant: Plant) -> None:
    page = sign_in(browser, plant)
    kind, identity, move = next(item for item in plant.seed["moves"] if item[0] == "limit-set")
    page.goto(plant.at(f"/records/{kind}/{identity}"))
    page.get_by_role("link", name="Approve").click()
    page.locator("dialog[open] [name=why]").fill("Twenty-five points, all of one tool")
    page.locator("dialog[open] [name=valid_from]").fill("2026-11-30T06:00")
    page.locator("dialog[open] [name=secret]").fill("not to be kept")
    kept = page.evaluate("sessionStorage.getItem('gemba-typed')")
    assert "one tool" in kept
    assert "not to be kept" not in kept
    end_session(page)
    page.locator("dialog[open] button.main").click()
    sign_in_again(page)
    page.wait_for_selector("dialog[open] [name=why]")
    assert page.input_value("dialog[open] [name=why]") == "Twenty-five points, all of one tool"
    assert page.input_value("dialog[open] [name=secret]") == ""
    assert move
    page.context.close()


def test_what_was_typed_is_shown_to_nobody_else(browser: Any, plant: Plant, edited: str) -> None:
    page = sign_in(browser, plant)
    page.goto(edited)
    page.fill("[name=defect_code]", "mine alone")
    end_session(page)
    page.goto(plant.at("/account/login"))
    page.fill("input[name=login]", "hugo")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_selector(".face")
    assert page.evaluate("sessionStorage.getItem('gemba-typed')") is None
    page.context.close()


def test_the_second_of_two_sees_both_versions_and_loses_nothing(
    browser: Any, plant: Plant, edited: str
) -> None:
    first, second = sign_in(browser, plant), sign_in(browser, plant)
    for page in (first, second):
        page.goto(edited)
    first.fill("[name=place]", "Machine M9")
    first.fill("[name=lot]", "L-3001")
    first.get_by_role("button", name="Store the change").click()
    first.wait_for_selector(".note.good")
    second.fill("[name=lot]", "L-3002")
    second.fill("[name=serials]", "S-77")
    second.get_by_role("button", name="Store the change").click()
    second.wait_for_selector("text=Both versions")
    second.wait_for_load_state("load")
    told = second.locator("section", has_text="Both versions").last.inner_text()
    assert "L-3001" in told
    assert "L-3002" in told
    assert (second.input_value("[name=lot]"), second.input_value("[name=serials]")) == ("L-3002", "S-77")
    assert second.input_value("[name=place]") == "Machine M9"
    assert layout_faults(second) + accessibility_faults(second) == []
    second.click("[data-take=i-lot]")
    assert second.input_value("[name=lot]") == "L-3001"
    second.get_by_role("button", name="Store the change").click()
    second.wait_for_selector(".note.good")
    second.wait_for_load_state("load")
    facts = second.locator(".card").first.inner_text()
    assert all(words in facts for words in ("L-3001", "S-77", "Machine M9"))
    for page in (first, second):
        page.context.close()


def test_a_chart_says_that_the_network_is_gone_and_catches_up(browser: Any, tmp_path: Path) -> None:
    folder = tmp_path / "live"
    folder.mkdir()
    with opened(folder, "full") as plant:
        page, port, stream = sign_in(browser, plant), plant.port, plant.seed["streams"][-1]
        page.goto(plant.at(f"/charts/{stream}"))
        page.wait_for_selector('.live[data-state="live"]')
        page.evaluate("window.stayed = true")
        before, asked = page.locator("table.points tbody tr").count(), []
        page.on("request", lambda request: asked.append(request.url) if "/side" in request.url else None)
        assert plant.send(plant.reading(1))[0] == 200
        page.locator("table.points tbody tr").nth(before).wait_for()
        assert 1 <= len(asked) <= 2
    page.wait_for_selector('.live[data-state="away"]')
    assert "No network" in page.locator(".live").inner_text()
    with opened(folder, "full", port) as plant:
        assert plant.send([plant.reading(2), plant.reading(3)])[0] == 200
        page.wait_for_selector('.live[data-state="live"]')
        page.locator("table.points tbody tr").nth(before + 2).wait_for()
        assert page.evaluate("window.stayed") is True
        page.context.close()


def test_a_link_to_a_record_one_may_not_see_shows_its_number_and_state_only(
    browser: Any, plant: Plant
) -> None:
    (here, there), number = plant.seed["foreign"], plant.seed["number"]
    page = sign_in(browser, plant, "lea")
    for place, words in (("", "(you may not see it)"), ("/thread", "A record that you may not see")):
        page.goto(plant.at(f"/records/nonconformance/{here}{place}"))
        shown = page.locator("main").inner_text()
        assert [text in shown for text in (number, "Released", words)] == [True, True, True], shown
        assert "Tightening torque" not in shown
        assert page.locator(f"a[href*='/{there}']").count() == 0
    page.goto(plant.at(f"/search?q={number}"))
    assert page.locator("main a[href*='/records/']").count() == 0
    page.context.close()
