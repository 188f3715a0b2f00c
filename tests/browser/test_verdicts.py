"""By mouse: a verdict that says no, one that is not yet shown and waited for longer; a broken thread."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from browser.conftest import Plant, opened, sign_in
from browser.hand import Hand
from correcting.plant import FIXED
from gemba.quality.control.nonconformance.factory import SECRET

DIALOG = "dialog[open]"


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    folder = tmp_path_factory.mktemp("verdicts") / "plant"
    folder.mkdir()
    with opened(folder, "verdicts") as made:
        yield made


def entered(browser: Any, plant: Plant) -> Hand:
    """The quality manager, in a session of her own: days end the one before."""
    hand = Hand(sign_in(browser, plant, "quality_manager"))
    hand.page.set_default_timeout(60_000)
    return hand


def signed(hand: Hand, button: str) -> str:
    """Sign in the form that stands open; what the page says then."""
    name = hand.field("User name (at the first signing of a session)", within=DIALOG)
    if name.count():
        name.fill("quality_manager")
    hand.fill("Signing secret", SECRET, within=DIALOG)
    hand.page.evaluate("document.body.dataset.before = 'the click'")
    hand.click("button", f"{button} and sign", within=DIALOG)
    told = hand.page.locator("body:not([data-before]) .note").first
    told.wait_for()
    hand.page.wait_for_load_state("load")
    return str(told.inner_text())


def test_too_little_data_is_waited_for_with_approval_until_it_is_shown(browser: Any, plant: Plant) -> None:
    assert plant.let_pass(5) in ("judged 1", "judged 2")  # the other one is judged as soon as it is served
    manager = entered(browser, plant)
    page = manager.page
    page.goto(plant.at(f"/records/capa/{plant.seed['few']}"))
    told = page.locator("main").inner_text()
    assert "Not yet shown" in told
    assert "Judged" in page.locator(".head .state").inner_text()
    closing = page.locator(".moves > div", has_text="Sign the verdict and close")
    assert closing.get_by_role("link").get_attribute("aria-disabled") == "true"
    assert "not yet shown" in closing.inner_text().casefold()
    manager.click("link", "Extend the window")
    manager.fill("Days", "10", within=DIALOG)
    manager.fill("Reason", "few orders in this month", within=DIALOG)
    assert "Extend the window: done." in signed(manager, "Extend the window")
    facts = page.locator("main").inner_text()
    assert "Effectiveness monitoring" in page.locator(".head .state").inner_text()
    assert "Extensions\n1" in facts
    rows = [plant.reading(at, value=f"{value}", stream={}) for at, value in enumerate(FIXED * 2, 1)]
    assert plant.send(rows)[0] == 200
    assert plant.let_pass(10) == "judged 1"
    page.context.close()
    manager = entered(browser, plant)
    page = manager.page
    page.goto(plant.at(f"/records/capa/{plant.seed['few']}"))
    assert "Effective: " in page.locator("main").inner_text()
    told = page.locator("main").inner_text()
    assert [words in told for words in ("Not yet shown", "few orders")] == [True, True]
    manager.click("link", "Sign the verdict and close")
    manager.fill("Lessons", "stops last longer", within=DIALOG)
    assert "done." in signed(manager, "Sign the verdict and close")
    assert "Closed, effective" in page.locator(".head .state").inner_text()
    page.context.close()


def test_what_changed_nothing_is_in_its_second_cycle_by_itself(browser: Any, plant: Plant) -> None:
    hand = Hand(sign_in(browser, plant, "engineer"))
    hand.find("link", "Add a cause:", address=plant.at("/"))
    hand.page.goto(plant.at(f"/records/capa/{plant.seed['vain']}"))
    told = hand.page.locator("main").inner_text()
    assert "Investigation" in hand.page.locator(".head .state").inner_text()
    assert "Cycle\n2" in told
    assert "Not effective: the mean of Bore" in told
    hand.page.context.close()


def test_a_link_to_an_old_revision_is_red_on_the_thread(browser: Any, plant: Plant) -> None:
    page = sign_in(browser, plant, "engineer")
    page.goto(plant.at(f"/records/nonconformance/{plant.seed['stale']}/thread"))
    told = page.locator(".note.bad").inner_text()
    assert "1 place where the thread is broken" in told
    assert plant.number in told
    drawn = page.locator(".thread-lines path.broken, .bead.broken .fault").evaluate_all(
        "parts => parts.map(part => { const style = getComputedStyle(part);"
        " return part.tagName === 'path' ? style.stroke : style.color; })"
    )
    assert len(drawn) >= 2
    for color in drawn:
        red, green, blue = (int(part) for part in color[color.index("(") + 1 : -1].split(",")[:3])
        assert red > 2 * green, color
        assert red > 2 * blue, color
    page.context.close()
