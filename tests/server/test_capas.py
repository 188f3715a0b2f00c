"""A corrective action as its readers meet it: the 8D page, the picture, the JSON twin."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils.html import escape

from correcting.plant import UNCHANGED, WAYS, Correcting
from gemba.quality.control.nonconformance.factory import make_person, make_staff
from gemba.quality.improvement.capa.models import Capa
from gemba.quality.improvement.capa.retold import criterion_in_words, verdict_in_words
from gemba.quality.people.models import Person
from gemba.quality.records.models import Site
from gemba.quality.records.thread.walk import thread_of
from gemba.server.clock import now
from server.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Correcting:
    site = Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")
    return Correcting(site, make_staff(site, now=now()), now=now())


@pytest.fixture
def client(here: Correcting) -> Client:
    make_person("rita", "reader", site=here.site, now=now())
    return client_of(Person.objects.get(username="rita"))


def read_in_german(here: Correcting, client: Client, made: Capa) -> None:
    """The verdict and its criterion are told in German everywhere; what is stored stays English."""
    kept = made.judgements.get()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    words = verdict_in_words(kept.figures, "de")
    assert (
        words.partition(":")[0],
        made.verdict_words,
        "." in words.partition("(")[2].partition(")")[0],
    ) == (
        "Wirksam",
        kept.sentence,
        False,
    )
    for address in (f"/records/capa/{made.pk}", f"/records/capa/{made.pk}?version={made.header.version}"):
        page = client.get(address).content.decode()
        assert page.count(escape(words)) >= 2, address
        assert escape(made.verdict_words) not in page
        assert escape(criterion_in_words(made.plan, "de")) in page
        assert escape(made.plan_words) not in page
    changes = [
        client.get(f"/records/capa/{made.pk}/versions/{number}")
        for number in range(1, made.header.version + 1)
    ]
    told = "".join(answer.content.decode() for answer in changes)
    assert f"<ins>{escape(words[:60])}" in told
    assert escape(made.verdict_words[:60]) not in told
    assert re.search(r"<(?:ins|del)>(?:person:|1\d{15}<)", told) is None, (
        "a person by name, a moment as one reads it"
    )
    (card,) = [
        item
        for item in thread_of(made.pk, actor=here.staff.engineer, language="de").cards
        if item.type == "verdict"
    ]
    assert (card.said, card.title) == ("Wirksam", words)


def test_the_page_is_an_8d_report_with_the_verdict_and_its_picture(here: Correcting, client: Client) -> None:
    made = here.capa_in("closed")
    page = client.get(f"/records/capa/{made.pk}").content.decode()
    titles = (
        "D0 What,D1 Team,D2 Prob,D3 Cont,D4 Caus,D5 Crit,D5, D6 Act,D6 Eff,D7 What,D7 Where,D8 Less,D8 Verd"
    )
    assert [title for title in titles.split(",") if title.strip() not in page] == []
    assert escape(made.verdict_words) in page
    assert "Readings of the window were changed" not in page
    told = client.get(f"/capas/{made.pk}/figure.json?theme=dark&width=600").json()
    assert "before and after the action. Effective" in told["alt"]
    assert told["spec"]["width"] == 450
    panel = client.get(f"/api/v1/records/capa/{made.pk}").json()["panels"][0]
    assert panel["data"]["stands"] is True
    assert "Welch" in panel["data"]["method"]
    read_in_german(here, client, made)


def test_what_changed_since_the_verdict_is_said(here: Correcting, client: Client) -> None:
    made = here.lead(here.submitted(), *WAYS["monitoring"])
    first = here.plant.ids[-1] + 1
    here.lead(made, "wait")
    first = next(identity for identity in here.plant.ids if identity >= first)
    here.plant.amend(first, "", "void")
    page = client.get(f"/records/capa/{made.pk}").content.decode()
    assert "Readings of the window were changed" in page


def test_the_picture_follows_the_criterion_and_the_cycle(here: Correcting, client: Client) -> None:
    made = here.submitted()
    assert client.get(f"/capas/{made.pk}/figure.json").json()["spec"] is None
    assert "No criterion is fixed yet" in client.get(f"/records/capa/{made.pk}").content.decode()
    here.lead(made, *WAYS["implementation"])
    assert "before the action." in client.get(f"/capas/{made.pk}/figure.json").json()["alt"]
    here.lead(made, "implement", "verify", "wait", values=UNCHANGED)
    assert "Not effective" in client.get(f"/capas/{made.pk}/figure.json").json()["alt"]
    here.lead(made, "find", "propose")
    assert "before the action." in client.get(f"/capas/{made.pk}/figure.json").json()["alt"]
    assert client.get(f"/capas/{here.plant.characteristic.pk}/figure.json").status_code == 404
