"""A small plant with one person of each role."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils.translation import trans_real

from gemba.quality.people import services
from gemba.quality.people.models import Person
from gemba.quality.people.queries import actor_of
from gemba.quality.people.roles import ROLES
from gemba.quality.people.sites import create_site
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.planning.products.services import create_characteristic, release
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.models import Site
from gemba.server.identity import forget
from gemba.stats.results import words
from gemba.stats.results.words import Translate
from server.asking import Door
from server.everything import Everything, make_everything
from server.pseudo import LANGUAGE, Marked

SETUP = system("setup")
PASSWORD = "correct-horse-battery"
SECRET = "battery-staple-horse"


def now() -> datetime:
    return datetime.now(UTC)


def make_person(username: str, *roles: str) -> Person:
    made = services.create_person(username=username, name=username.title(), actor=SETUP, now=now())
    services.set_password(person=made, password=PASSWORD, actor=SETUP, now=now())
    for role in roles:
        services.grant_role(person=made, role=role, actor=SETUP, now=now())
    return made


def actor(person: Person) -> Actor:
    found = actor_of(person.pk)
    assert found is not None
    return found


def client_of(person: Person, **more: Any) -> Client:
    client = Client(**more)
    client.force_login(person)
    forget()
    return client


@pytest.fixture(autouse=True, scope="session")
def _static_folder() -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _fresh_identities() -> Iterator[None]:
    forget()
    yield
    forget()


@pytest.fixture(scope="module")
def plant(django_db_setup: None, django_db_blocker: Any) -> Iterator[Everything]:
    """Every type in every state, made once for many questions; what a test changes is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_everything()
        transaction.set_rollback(True)


@pytest.fixture
def door(plant: Everything) -> Door:
    """Lets people and tokens of that plant in."""
    return Door(plant)


@pytest.fixture
def site(db: None) -> Site:
    return create_site(code="HAL", name="Halle", zone="Europe/Berlin", actor=SETUP, now=now())


@pytest.fixture
def people(site: Site) -> dict[str, Person]:
    return {role: make_person(role.replace("_", "-"), role) for role in ROLES}


@pytest.fixture
def characteristic(people: dict[str, Person], site: Site) -> Characteristic:
    given = CharacteristicInput(
        name="Bore",
        unit="mm",
        lsl=Decimal("9.9"),
        usl=Decimal("10.1"),
        chart_kind="i-mr",
        stream_keys="machine",
    )
    engineer, approver = (actor(people[role]) for role in ("engineer", "approver"))
    made = create_characteristic(site=site, given=given, actor=engineer, now=now())
    release(characteristic=made, actor=approver, now=now())
    return made


@pytest.fixture
def token(people: dict[str, Person]) -> str:
    admin = actor(people["access_administrator"])
    _, text = services.issue_token(
        name="bridge", scopes=("ingest", "read"), expires=now() + timedelta(days=1), actor=admin, now=now()
    )
    return text


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The made-up language, known to Django, to the statistics and to the accounts."""
    language = Marked()
    monkeypatch.setattr(settings, "LANGUAGES", [*settings.LANGUAGES, (LANGUAGE, "Pseudo")])
    monkeypatch.setattr(services, "LANGUAGES", {**services.LANGUAGES, LANGUAGE: "Pseudo"})
    monkeypatch.setitem(vars(trans_real)["_translations"], LANGUAGE, language)
    real = words._translator

    def translator(name: str) -> Translate:
        return Translate(language.gettext, language.ngettext) if name == LANGUAGE else real(name)

    monkeypatch.setattr(words, "_translator", translator)
