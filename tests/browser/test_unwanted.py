"""Pages that nobody wants to see: signing in, a refusal, nothing there, our fault. In English and German."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from browser.conftest import Plant, sign_in
from browser.eyes import layout_faults, look, view
from gemba.server.web.problems import TITLES

OURS = {
    500: "Something went wrong on our side. It was logged; nothing was half done.",
    503: "The disk of the store is full.",
}


@pytest.fixture
def locales(shots: Path | None) -> Sequence[str]:
    """German, whose words are longer; on the contact sheet English too."""
    return ("de-DE",) if shots is None else ("de-DE", "en-GB")


def faults_of(page: Any, name: str, shots: Path | None) -> list[str]:
    """What is wrong with the page that is open; its pictures where they are asked for."""
    language = page.evaluate("document.documentElement.lang")
    if shots is not None:
        return look(page, name, shots=shots, name=f"{'german' if language == 'de' else 'full'} {name}")
    found = []
    for width in (1440, 390):
        view(page, width, "light")
        found += [f"{name} in {language} at {width}: {fault}" for fault in layout_faults(page)]
    return found


def test_at_the_door(
    browser: Any, locales: Sequence[str], plants: dict[str, Plant], shots: Path | None
) -> None:
    plant, fresh = plants["full"], plants["fresh"]
    faults: list[str] = []
    for locale in locales:
        page = browser.new_context(reduced_motion="reduce", locale=locale).new_page()
        page.goto(plant.at("/records/signal"))
        assert "/account/login" in page.url
        faults += faults_of(page, "not signed in", shots)
        page.fill("input[name=login]", "ada")
        page.fill("input[name=password]", "not-the-right-one")
        page.click("button.main")
        page.wait_for_selector(".note.bad")
        faults += faults_of(page, "sign-in refused", shots)
        page.goto(fresh.at(f"/setup/{fresh.first}"))
        faults += faults_of(page, "first set-up", shots)
        page.goto(plant.at("/setup/used-long-ago"))
        faults += faults_of(page, "link used", shots)
        page.context.close()
    assert faults == []


def answer_with(page: Any, status: int, body: str) -> None:
    """Let this page be the answer at one address."""
    page.route("**/broken", lambda route: route.fulfill(status=status, body=body, content_type="text/html"))


def test_our_fault(
    browser: Any, locales: Sequence[str], plants: dict[str, Plant], shots: Path | None
) -> None:
    """The page that needs nothing of the store, as it is drawn while the store is away."""
    faults: list[str] = []
    for locale in locales:
        page = browser.new_context(reduced_motion="reduce", locale=locale).new_page()
        for status, words in OURS.items():
            with translation.override(locale[:2]):
                about = {"title": gettext(TITLES[status]), "detail": gettext(words), "language": locale[:2]}
                body = render_to_string("problem.html", about)
            answer_with(page, status, body)
            page.goto(plants["full"].at("/broken"))
            faults += faults_of(page, f"our fault {status}", shots)
        page.context.close()
    assert faults == []


def test_nothing_there_not_allowed_not_open(
    browser: Any, locales: Sequence[str], plants: dict[str, Plant], shots: Path | None
) -> None:
    plant = plants["full"]
    done = plant.seed["records"]["nonconformance"]["verified"]
    wanted = {"nothing there": (404, "/nothing-here"), "no such record": (404, "/records/capa/99999999"),
              "not allowed": (403, "/people"),
              "step not open": (409, f"/records/nonconformance/{done}/moves/report")}  # fmt: skip
    faults: list[str] = []
    for locale in locales:
        page = sign_in(browser, plant, "hugo", locale=locale)
        for name, (status, address) in wanted.items():
            assert page.goto(plant.at(address)).status == status, address
            faults += faults_of(page, name, shots)
        page.context.close()
    assert faults == []
