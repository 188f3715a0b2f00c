"""A file of one's own by mouse, on a clean store: from the first page to what is watched, clicks counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from browser.conftest import opened, sign_in
from browser.eyes import listening
from browser.hand import Hand

MOST_CLICKS = 6
ROWS = "".join(
    f"{7 + place // 12:02d}:{place % 12 * 5:02d};{47 + (7 * place) % 11 / 10:.1f}\n" for place in range(60)
)
FILE = f"Schichtbuch Presse 4;\n;\nUhrzeit;Dicke (µm)\nOTG;50\nUTG;45\n{ROWS.replace('.', ',')}"


def test_an_unseen_file_is_watched_within_six_clicks(browser: Any, tmp_path: Path) -> None:
    folder, file = tmp_path / "clean", tmp_path / "presse4.csv"
    folder.mkdir()
    file.write_text(FILE, encoding="utf-8")
    with opened(folder, "empty") as plant:
        page = sign_in(browser, plant)
        hand = Hand(page)
        with listening(page) as complaints:
            page.set_input_files(
                "main input[type=file]", str(file)
            )  # the click that opens the choice, and its own
            hand.done += ["choose the file", "open it"]
            hand.click("button", "Look into it")
            page.wait_for_url("**/upload/*")
            assert "I-MR chart of Dicke: stable" in page.locator("main").inner_text()
            hand.click("button", "Keep watching this")
            page.wait_for_url("**/brought/*")
            hand.click("button", "Submit the plan for review")
            page.wait_for_selector("text=Submit for review: done.")
            page.wait_for_load_state("load")
        told = page.locator("main").inner_text()
        page.context.close()
    assert len(hand.done) <= MOST_CLICKS, hand.done
    assert complaints == []
    for made in ("Product: presse4 Draft", "Characteristic: Dicke Draft", "Control plan, line 10: CPL-HAL-"):
        assert made in told
    asked = ("Product presse4: Release it", "Characteristic Dicke: Release it", "Approve it with a signature")
    assert [words for words in (*asked, "give a second person the role approver") if words not in told] == []
