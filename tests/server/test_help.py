"""The manual in a plant: each kind of record leads to its page, and no link of a page leads nowhere."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from gemba.quality.records.screen import screen_of
from gemba.quality.records.types import record_types
from gemba.server import manual
from server.conftest import client_of, make_person
from specimen.types import SPECIMEN

ADDRESS = "/help/"
LEADS = re.compile(r'(?:href|src|srcset)="/help/([^"#]+)(?:#([^"]+))?"')


def every_page() -> dict[str, str]:
    return {name: manual.page(name, ADDRESS).html for pages in manual.names().values() for name in pages}


def test_each_kind_of_record_has_its_page() -> None:
    kinds = [kind for kind in record_types() if kind.name != SPECIMEN.name]
    screens = {kind.name: screen_of(kind.name) for kind in kinds}
    assert {name: screen.help for name, screen in screens.items() if screen is not None} == {
        name: f"records/{name}" for name in screens
    }
    assert [name for name in screens if f"records/{name}" not in manual.names()["records"]] == []


def test_no_link_and_no_picture_of_a_page_leads_nowhere() -> None:
    pages = every_page()
    anchors = {name: set(re.findall(r'<h\d id="([^"]+)"', html)) for name, html in pages.items()}
    nowhere = []
    for name, html in pages.items():
        for target, anchor in LEADS.findall(html):
            there = target in pages or (manual.folder() / target).is_file()
            if not there or (anchor and anchor not in anchors[target]):
                nowhere.append(f"{name}: {target}#{anchor}")
    assert nowhere == []
    assert len(pages) > 60


def test_a_page_says_what_the_program_obeys_and_no_mark_is_left() -> None:
    pages = every_page()
    assert [name for name, html in pages.items() if "<!--" in html or " style=" in html] == []
    capa = pages["records/capa"]
    assert "<svg" in capa
    assert "Approve the plan" in capa
    assert 'aria-label="Table 1"' in capa


@pytest.mark.django_db
def test_the_pages_are_served_and_what_is_not_there_is_not() -> None:
    client = client_of(make_person("rita", "reader"))
    page = client.get(reverse("manual", args=["records/capa"])).content
    assert b"Corrective action" in page
    assert page.count(b"aria-current") == 2, "its room and itself; the menu is elsewhere"
    assert client.get("/help").status_code == 200
    assert client.get("/help/pictures/plant.webp")["Content-Type"] == "image/webp"
    missing = (
        "/help/records/nothing",
        "/help/decisions/index",
        "/help/pictures/none.webp",
        "/help/../README",
    )
    assert [client.get(address).status_code for address in missing] == [404] * len(missing)
    assert Client().get("/help").status_code == 302
