"""A field that names other records offers those that its reader may see."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from charted.plant import ENGINEER
from gemba.quality.people import services
from gemba.quality.people.models import Person
from gemba.quality.people.sites import create_site
from gemba.quality.planning.requirements.factory import requirement_in
from gemba.quality.records.models import Site
from quality.assurance.test_coverage import MANAGER
from server.conftest import SETUP, client_of, make_person, now

pytestmark = pytest.mark.django_db


def offered(client: Client, number: str) -> bool:
    page = client.get("/records/characteristic/new").content.decode()
    return f'<option value="{number}">It fits</option>' in page


def test_the_form_offers_what_lives_and_may_be_seen(site: Site, people: dict[str, Person]) -> None:
    about: dict[str, Any] = {"site": site, "maker": ENGINEER, "decider": MANAGER, "now": now()}
    alive = str(requirement_in("agreed", title="It fits", **about).header.number)
    ended = str(requirement_in("withdrawn", title="It fits", **about).header.number)
    there = create_site(code="ULM", name="Ulm", zone="Europe/Berlin", actor=SETUP, now=now())
    stranger = make_person("ulf")
    services.grant_role(person=stranger, role="engineer", site=there, actor=SETUP, now=now())
    engineer = client_of(people["engineer"])
    assert (offered(engineer, alive), offered(engineer, ended)) == (True, False)
    assert not offered(client_of(stranger), alive)


def test_a_move_is_the_one_that_was_asked_for_not_its_sister(site: Site, people: dict[str, Person]) -> None:
    about: dict[str, Any] = {"site": site, "maker": ENGINEER, "decider": MANAGER, "now": now()}
    made = requirement_in("under_change", **about)
    client, typed = client_of(people["engineer"]), {"feasible": "yes", "feasibility": "made before"}
    path = f"/records/requirement/{made.pk}/moves"
    refused = client.post(f"{path}/assess.json", typed)
    assert [reason["code"] for reason in refused.json()["reasons"]] == ["records.wrong_state"]
    assert client.post(f"{path}/assess_change", typed).status_code == 302


def test_a_record_is_handed_to_somebody_who_works_at_its_site(site: Site, people: dict[str, Person]) -> None:
    about: dict[str, Any] = {"site": site, "maker": ENGINEER, "decider": MANAGER, "now": now()}
    made = requirement_in("under_review", title="It fits", **about)
    engineer, reader = (people[name] for name in ("engineer", "reader"))
    client = client_of(engineer)
    edit = f"/records/requirement/{made.pk}/edit"
    page = client.get(edit).content.decode()
    assert f'<option value="{engineer.actor_id}">' in page
    assert f'<option value="{reader.actor_id}">' not in page
    typed = {"title": "It fits", "source": "customer", "importance": "medium"}
    answer = client.post(edit, typed | {"version": "2", "owner": "person:0"})
    assert answer.status_code == 409
    assert "nobody person:0" in answer.content.decode()
    assert client.post(edit, typed | {"version": "2", "owner": engineer.actor_id}).status_code == 302
    made.header.refresh_from_db()
    assert made.header.owner == engineer.actor_id
    assert "Engineer" in client.get(f"/records/requirement/{made.pk}").content.decode()
    new = {**typed, "site": site.code, "owner": "person:x"}
    assert client.post("/records/requirement/new", new).status_code == 409
