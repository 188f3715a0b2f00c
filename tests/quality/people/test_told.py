"""Whoever writes into the tables of people beside the program, to give himself a right, is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from gemba.quality.people import services
from gemba.quality.people.authenticators import revoke_authenticators, use_factor_link, use_signing_link
from gemba.quality.people.models import Closure, Grant, OneTimeLink, Person, PolicyChange
from gemba.quality.people.policies import set_policy
from gemba.quality.people.queries import actor_of
from gemba.quality.people.worktime import Shift, add_closure, drop_closure, set_shifts
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.models import Site
from gemba.quality.records.trail import verify

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SETUP = system("setup")
PASSWORD, OTHER = "correct-horse-battery", "wrong-horse-battery-2"

pytestmark = pytest.mark.django_db


def of(person: Person) -> Actor:
    found = actor_of(person.pk)
    assert found is not None
    return found


@pytest.fixture
def people() -> dict[str, Person]:
    """A plant in which everything that the trail tells by rows has been done."""
    site = Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")
    made = {}
    for name in ("ada", "ben", "carl"):
        made[name] = services.create_person(username=name, name=name.title(), actor=SETUP, now=NOW)
        link = services.make_link(person=made[name], purpose="welcome", actor=SETUP, now=NOW)
        made[name] = services.use_link(secret=link, password=PASSWORD, actor=SETUP, now=NOW)
    services.grant_role(person=made["ada"], role="access_administrator", actor=SETUP, now=NOW)
    services.check_identity(person=made["ada"], how="has the machine", actor=SETUP, now=NOW)
    ada, ben = of(made["ada"]), made["ben"]
    ended = services.grant_role(person=ben, role="inspector", site=site, actor=ada, now=NOW)
    services.revoke_role(grant=ended, actor=ada, now=NOW)
    services.grant_role(person=ben, role="inspector", site=site, actor=ada, now=NOW)
    services.rename_person(person=ben, name="Ben Berg", reason="wed", actor=ada, now=NOW)
    services.record_training(person=ben, training="signing, 1 hour", actor=ada, now=NOW)
    services.accept_signing(person=ben, secret=OTHER, actor=of(ben), now=NOW)
    expires = NOW + timedelta(days=9)
    for name in ("bridge", "lost"):
        token, _ = services.issue_token(name=name, scopes=("ingest",), expires=expires, actor=ada, now=NOW)
    services.revoke_token(token=token, actor=ada, now=NOW)
    set_policy(name="password_age_days", value=90, reason="customer", actor=SETUP, now=NOW)
    set_shifts(site=site, shifts=[Shift(0, 360, 840)], actor=SETUP, now=NOW)
    set_shifts(site=site, shifts=[Shift(0, 360, 900)], actor=SETUP, now=NOW)
    for name in ("Easter", "Flood"):
        held = add_closure(site=site, name=name, start=NOW, end=expires, actor=SETUP, now=NOW)
    drop_closure(site=site, closure=held.pk, reason="dry again", actor=SETUP, now=NOW)
    return made


def found() -> set[tuple[str, str]]:
    return {(finding.kind, finding.table) for finding in verify().findings}


def test_what_the_services_do_is_told_and_sound(people: dict[str, Person]) -> None:
    ben, ada = people["ben"], of(people["ada"])
    link = services.make_link(person=ben, purpose="signing", actor=ada, now=NOW)
    use_signing_link(secret=link, password=PASSWORD, chosen=OTHER + "x", actor=of(ben), now=NOW)
    link = services.make_link(person=ben, purpose="factor", actor=ada, now=NOW)
    use_factor_link(secret=link, password=PASSWORD, actor=of(ben), now=NOW)
    services.make_link(person=ben, purpose="access", actor=ada, now=NOW)
    revoke_authenticators(person=ben, reason="phone stolen", actor=ada, now=NOW)
    services.make_link(person=people["carl"], purpose="access", actor=ada, now=NOW)
    services.disable_person(person=people["carl"], reason="left", actor=ada, now=NOW)
    services.make_link(person=ben, purpose="access", actor=ada, now=NOW)
    assert services.end_links(actor=ada, now=NOW) == 1
    assert verify().sound


ALTERED = {
    "people_person": "UPDATE people_person SET signing_secret = 'mine' WHERE username = 'ben'",
    "people_personname": "UPDATE people_personname SET name = 'Somebody Else' WHERE name = 'Ben Berg'",
    "people_grant": "UPDATE people_grant SET role = 'approver' WHERE ended_at IS NULL AND site_id <> ''",
    "people_token": "UPDATE people_token SET revoked_at = NULL, revoked_by = '' WHERE name = 'lost'",
    "people_onetimelink": "UPDATE people_onetimelink SET used_at = NULL",
    "people_workingtime": "UPDATE people_workingtime SET start = 0",
    "people_closure": "UPDATE people_closure SET name = 'Ease'",
}


@pytest.mark.usefixtures("people")
def test_an_altered_row_is_found() -> None:
    for table, statement in ALTERED.items():
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
            assert found() == {("row altered", table)}
            transaction.set_rollback(True)
    assert verify().sound


def test_a_password_put_in_by_hand_is_found(people: dict[str, Person]) -> None:
    person = people["ada"]
    person.set_password(OTHER)
    person.save()
    assert found() == {("row altered", "people_person")}


def test_a_right_that_nobody_gave_is_found_and_one_that_disappeared(people: dict[str, Person]) -> None:
    Grant.objects.create(
        person=people["carl"], role="quality_manager", granted_at=0, granted_by=people["ada"].actor_id
    )
    Grant.objects.filter(role="access_administrator").delete()
    Closure.objects.all().delete()
    OneTimeLink.objects.create(person=people["ada"], digest="0" * 64, purpose="access", expires_at=2**62)
    PolicyChange.objects.create(name="password_age_days", value=0, reason="", set_at=0, set_by="")
    assert found() == {
        ("row inserted", "people_policychange"),
        ("row inserted", "people_grant"),
        ("row deleted", "people_grant"),
        ("row deleted", "people_closure"),
        ("row inserted", "people_onetimelink"),
    }
