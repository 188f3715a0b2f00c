"""Annex 11 on access, one test a statement: the trail, second factors, reviews, zones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.utils import DatabaseError

from gemba.quality.people.models import Person, PolicyChange
from gemba.quality.people.policies import POLICIES, set_policy
from gemba.quality.people.roles import ROLES
from gemba.quality.people.watching import ask_for_review
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.records import store
from gemba.quality.records.models import Entry, Task
from gemba.quality.records.trail import sealed_tables, verify
from server.conftest import actor, client_of, make_person, now
from server.signing import Signing

pytestmark = pytest.mark.django_db


@pytest.fixture
def signing(people: dict[str, Person], characteristic: Characteristic) -> Signing:
    return Signing(people, characteristic)


@pytest.fixture
def signed(signing: Signing) -> Signing:
    signing.sign_in()
    assert signing.both() == []
    return signing


def test_e17_no_role_setting_variable_or_address_turns_the_trail_off_or_edits_it(
    people: dict[str, Person], characteristic: Characteristic
) -> None:
    before = Entry.objects.count()
    for role in ROLES:
        client = client_of(people[role])
        for method in ("post", "put", "patch", "delete"):
            for address in ("/trail", "/trail.json", "/api/v1/trail"):
                assert getattr(client, method)(address).status_code in (403, 404, 405), (
                    role,
                    method,
                    address,
                )
    for name in (*(table.name for table in sealed_tables()), "records_seal"):
        for statement in (f"UPDATE {name} SET tx = 1", f"DELETE FROM {name}"):  # noqa: S608 (our own tables)
            if store.fetch(f"SELECT 1 FROM {name} LIMIT 1"):  # noqa: S608 (our own tables)
                with pytest.raises(DatabaseError, match="written once"), store.transaction():
                    store.fetch(statement)
    assert not [name for name in POLICIES if re.search("trail|audit|log|seal", name)]
    source = "\n".join(path.read_text(encoding="utf-8") for path in Path("src/gemba").rglob("*.py"))
    known = {"DATA", "DATABASE", "DEBUG", "HOSTS", "HTTPS", "PROXY", "TOKEN", "URL", "LANGUAGE", "SERVER"}
    known |= {"PASSWORD", "SECRET"}
    known.add("DEMO")  # serves a store that its sealed trail calls a demo, and is refused by any other
    variables = set(re.findall(r'"GEMBA_([A-Z_]+)"', source))
    assert variables <= known, "say here what a new variable does, and that it leaves the trail alone"
    assert Entry.objects.count() >= before
    assert verify().sound


def test_e18_a_second_factor_is_asked_of_administrators_from_elsewhere_and_of_whom_the_rules_name(
    signing: Signing,
) -> None:
    boss, elsewhere = signing.people["system_administrator"], {"REMOTE_ADDR": "192.0.2.7"}
    assert client_of(boss).get("/sites").status_code == 200
    away = client_of(boss, **elsewhere)
    assert away.get("/sites")["Location"] == "/account/second-factor/totp/activate/"
    assert away.get("/account/second-factor/totp/activate/").status_code in (200, 302)
    assert away.get("/sites.json").json()["type"] == "/problems/factor"
    assert client_of(signing.person, **elsewhere).get("/tasks").status_code == 200
    for name in ("second_factor_everybody", "second_factor_signing"):
        set_policy(name=name, value=1, reason="the auditor asks", actor=actor(boss), now=now())
    assert client_of(signing.person, **elsewhere).get("/tasks").status_code == 302
    signing.sign_in()
    assert signing.both() == ["signing.second_factor"]


def test_e19_the_review_of_access_is_a_task_with_evidence_every_few_months(people: dict[str, Person]) -> None:
    moment = now().replace(month=2, day=3)
    first = ask_for_review(moment)
    assert first is not None
    assert ask_for_review(moment + timedelta(days=60)) is None
    client = client_of(people["access_administrator"])
    assert "Review who may do what" in client.get("/tasks").content.decode()
    assert client.post(f"/tasks/{first.pk}", {"evidence": " "}).status_code == 409
    assert client.post(f"/tasks/{first.pk}", {"evidence": "two rights ended"}).status_code == 302
    assert Task.objects.get(pk=first.pk).evidence == "two rights ended"
    assert ask_for_review(moment + timedelta(days=60)) is None
    assert ask_for_review(moment + timedelta(days=170)) is not None
    boss = actor(people["system_administrator"])
    set_policy(name="access_review_months", value=0, reason="done in another system", actor=boss, now=now())
    assert ask_for_review(moment + timedelta(days=400)) is None


MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?")
ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)")


def moments(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from moments(item)
    elif isinstance(value, list):
        for item in value:
            yield from moments(item)
    elif isinstance(value, str) and MOMENT.match(value):
        yield value


def test_e20_every_moment_that_is_shown_or_exported_says_its_zone(signed: Signing) -> None:
    client = client_of(make_person("everything", *ROLES))
    pages = ("/me", "/tasks", "/trail", "/people", "/people/tokens", "/rules", f"/people/{signed.person.pk}",
             f"/records/limit-set/{signed.limits.pk}", "/records/limit-set", "/charts")  # fmt: skip
    seen = 0
    for address in pages:
        told = list(moments(client.get(f"{address}.json").json()))
        assert [text for text in told if not ZONED.fullmatch(text)] == [], address
        seen += len(told)
        shown = re.findall(r'<time datetime="([^"]+)" title="([^"]+)"', client.get(address).content.decode())
        assert all(ZONED.fullmatch(at) and "UTC" in title for at, title in shown), address
    assert seen > 20


def test_a_rule_that_is_unknown_out_of_bounds_or_set_by_another_is_refused(people: dict[str, Person]) -> None:
    boss, reader = people["system_administrator"], people["reader"]
    given = {"name": "password_age_days", "value": "5000", "reason": "x"}
    assert client_of(boss).post("/rules", given).status_code == 409
    assert client_of(boss).post("/rules", given | {"name": "trail"}).status_code == 409
    assert client_of(boss).post("/rules", given | {"value": "x"}).status_code == 409
    assert client_of(reader).post("/rules", given | {"value": "90"}).status_code == 403
    assert client_of(boss).post("/rules", given | {"value": "90"}).status_code == 302
    shown = client_of(reader).get("/rules.json").json()
    assert shown["changes"][0]["reason"] == "x"
    with pytest.raises(DatabaseError, match="written once"), store.transaction():
        PolicyChange.objects.update(value=0)
