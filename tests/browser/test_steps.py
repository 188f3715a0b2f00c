"""Pages that stand only after a step: between password and code, a file that is looked into, a refusal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from browser.conftest import Plant, sign_in
from browser.eyes import listening, look


def test_between_password_and_code(browser: Any, plants: dict[str, Plant], shots: Path | None) -> None:
    page = sign_in(browser, plants["full"], "vera")
    assert page.locator("input[name=code]").is_visible()
    assert look(page, "mfa_authenticate", shots=shots, name="full mfa_authenticate") == []
    page.context.close()


def test_a_file_is_looked_into_and_sent(
    browser: Any, plants: dict[str, Plant], shots: Path | None, tmp_path: Path
) -> None:
    plant = plants["full"]
    file = tmp_path / "torque.csv"
    rows = "".join(f"2026-11-2{day} 08:00,S3,42.{day}\n" for day in range(1, 8))
    file.write_text(f"time,station,Tightening torque\n{rows}2026-11-28 09:00,S3,broken\n", encoding="utf-8")
    page = sign_in(browser, plant)
    with listening(page) as complaints:
        page.goto(plant.at("/upload"))
        page.set_input_files("#file", str(file))
        page.get_by_role("button", name="Look into it").click()
        page.wait_for_url("**/upload/*")
        faults = look(page, "upload_look", shots=shots, name="full upload_look")
        page.get_by_role("button", name="Send the readings").click()
        page.wait_for_selector("text=Control total")
        faults += look(page, "upload_done", shots=shots, name="full upload_done")
        page.go_back()
        page.get_by_label("Name", exact=True).fill("Torque of the lid")
        page.get_by_role("button", name="Keep watching this").click()
        page.wait_for_url("**/brought/*")
        faults += look(page, "brought", shots=shots, name="full brought")
    assert faults + complaints == []
    page.context.close()


def test_a_refused_step_says_every_reason(browser: Any, plants: dict[str, Plant], shots: Path | None) -> None:
    plant = plants["full"]
    page = sign_in(browser, plant)
    identity = plant.seed["records"]["nonconformance"]["verified"]
    page.goto(plant.at(f"/records/nonconformance/{identity}/moves/review_again"))
    page.evaluate("document.querySelector('#reason').required = false")
    page.locator("form[data-kept] button.main").click()
    page.wait_for_selector(".note.bad li")
    assert "reason" in page.locator(".note.bad").inner_text()
    assert look(page, "a refusal", shots=shots, name="full refusal") == []
    page.context.close()
