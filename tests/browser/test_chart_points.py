"""A chart by mouse and by keyboard: one points at a point, reads it, and begins a stage there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from browser.conftest import Plant, sign_in
from browser.eyes import accessibility_faults, drawn, layout_faults, listening

PLACES = """() => [...document.querySelectorAll(".chart svg .mark-symbol path")]
    .map((mark) => mark.getBoundingClientRect())
    .filter((box) => box.width > 8)
    .map((box) => [box.left + box.width / 2, box.top + box.height / 2])"""


def test_one_points_at_a_signal_reads_it_and_is_told_what_a_stage_needs(
    browser: Any, plants: dict[str, Plant], shots: Path | None
) -> None:
    plant = plants["full"]
    page = sign_in(browser, plant)
    page.set_viewport_size({"width": 1440, "height": 1000})
    with listening(page) as complaints:
        page.goto(plant.at(f"/charts/{plant.seed['streams'][1]}"))
        drawn(page)
        x, y = page.evaluate(PLACES)[0]
        page.mouse.click(x, y)
        page.wait_for_selector("#dialog[open] #dialog-title")
        told = page.locator("#dialog").inner_text()
        assert "SIG-HAL" in told
        assert "Olga Petrenko" in told
        faults = accessibility_faults(page)
        page.get_by_label("Begin a new stage here").check()
        page.get_by_role("button", name="Propose it").click()
        page.wait_for_selector("#dialog .note.bad li")
        assert "Say why" in page.locator("#dialog [role=alert]").inner_text()
    assert faults == []
    assert [line for line in complaints if "409" not in line] == []
    page.context.close()


def test_arrow_keys_go_from_point_to_point_and_enter_opens_one(
    browser: Any, plants: dict[str, Plant], shots: Path | None
) -> None:
    plant = plants["full"]
    page = sign_in(browser, plant)
    page.set_viewport_size({"width": 820, "height": 1000})
    page.goto(plant.at(f"/charts/{plant.seed['streams'][1]}"))
    drawn(page)
    page.focus(".plot")
    page.keyboard.press("End")
    last = page.locator(".cursor output").inner_text()
    page.keyboard.press("ArrowLeft")
    before = page.locator(".cursor output").inner_text()
    assert last != before
    assert page.locator(".ring").is_visible()
    page.evaluate("scrollTo(0, 0)")
    assert layout_faults(page) == []
    page.keyboard.press("Enter")
    page.wait_for_selector("#dialog[open] #dialog-title")
    first = page.locator("#dialog-title").inner_text()
    page.locator("#dialog").get_by_role("link", name="Point before").click()
    page.wait_for_function("words => document.getElementById('dialog-title').innerText !== words", arg=first)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Next point").click()
    assert page.locator(".cursor output").inner_text() == last
    page.context.close()
