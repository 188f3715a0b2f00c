"""Plants of their own for each test: an SQLite file, and a PostgreSQL database where there is a server."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connections

from gemba.quality.people.services import create_person, grant_role
from gemba.quality.records.actor import system
from gemba.quality.records.attachments import keep_attachment
from gemba.quality.records.models import Site
from gemba.quality.records.recorder import change_record, create_record
from gemba.quality.records.store import copying
from gemba.quality.records.store.elsewhere import embedded_settings, opened
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.types import record_type
from gemba.quality.records.work import recording
from prepared import SPECIMEN, empty_database, empty_store
from specimen.models import Slice, Specimen

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ROBOT = system("test")
KINDS = ["embedded", "grown"] if os.environ.get("GEMBA_DATABASE") else ["embedded"]
CONTENT = "a certificate with ö".encode()
_numbers = itertools.count(1)


@dataclass
class Plant:
    """A plant whose store the statements reach."""

    folder: DataFolder
    settings: dict[str, Any]

    @property
    def kind(self) -> str:
        return "embedded" if "sqlite" in self.settings["ENGINE"] else "grown"


@pytest.fixture(autouse=True)
def _store(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="session")
def template() -> Path:
    """An empty store in this program's schema."""
    return empty_store(SPECIMEN)


@pytest.fixture(scope="session", autouse=True)
def _copied(template: Path) -> Iterator[None]:
    """A copy of a grown store begins with what is prepared; ``gemba backup`` is tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copying, "_empty_store", template.read_bytes)
        yield


@pytest.fixture
def new_folder(tmp_path: Path) -> Callable[[], DataFolder]:
    def make() -> DataFolder:
        folder = DataFolder(tmp_path / f"plant-{next(_numbers)}")
        folder.path.mkdir()
        return folder

    return make


@pytest.fixture(scope="session")
def server(django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Settings of a PostgreSQL database in this program's schema, from which others are made."""
    if len(KINDS) == 1:
        pytest.skip("no PostgreSQL: GEMBA_DATABASE is not set")
    usual = connections["default"].settings_dict
    settings = {**usual, "NAME": f"gemba_keeping_{os.getpid()}"}
    with django_db_blocker.unblock():
        template = empty_database(os.environ["GEMBA_DATABASE"], SPECIMEN)
        run_on(settings, f'CREATE DATABASE "{settings["NAME"]}" TEMPLATE {template}')
        yield settings
        run_on(settings, f'DROP DATABASE "{settings["NAME"]}" WITH (FORCE)')


def run_on(settings: dict[str, Any], statement: str) -> None:
    with opened({**settings, "NAME": "postgres"}) as alias, connections[alias].cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def grown_settings(server: dict[str, Any]) -> Iterator[Callable[..., dict[str, Any]]]:
    """Makes PostgreSQL databases, empty or in this program's schema; they are dropped at the end."""
    made: list[str] = []

    def make(*, empty: bool = False) -> dict[str, Any]:
        name = f"{server['NAME']}_{next(_numbers)}"
        run_on(server, f'CREATE DATABASE "{name}"' + ("" if empty else f' TEMPLATE "{server["NAME"]}"'))
        made.append(name)
        return {**server, "NAME": name}

    yield make
    for name in made:
        run_on(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A plant of each kind where it is moved to the other; else of the kind that the tests run on.

    A file whose mark names the kind keeps it.
    """
    named = any(mark.args[0] == "plant" for mark in metafunc.definition.iter_markers("parametrize"))
    if "plant" in metafunc.fixturenames and not named:
        kinds = KINDS if "target" in metafunc.fixturenames else KINDS[-1:]
        metafunc.parametrize("plant", kinds, indirect=True)


@pytest.fixture
def plant(
    request: pytest.FixtureRequest, new_folder: Callable[[], DataFolder], template: Path
) -> Iterator[Plant]:
    """A plant with a few records; everything in the test reaches it."""
    folder = new_folder()
    if request.param == "embedded":
        shutil.copy(template, folder.store)
        settings = embedded_settings(folder.store)
    else:
        settings = request.getfixturevalue("grown_settings")()
    with opened(settings):
        fill(folder)
        yield Plant(folder, settings)


def fill(folder: DataFolder) -> None:
    """Rows of every kind of value: text, numbers, decimals, bytes, JSON, moments, nothing."""
    site = Site.objects.create(code="HAL", name="Halle an der Saale", zone="Europe/Berlin")
    person = create_person(username="anna", name="Anna Ölmann", actor=ROBOT, now=NOW)
    grant_role(person=person, role="inspector", site=site, actor=ROBOT, now=NOW)
    for weight in ("1.5", "12345678.1234", "-0.0001", None):
        add_specimen(site, weight)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "ö", "n": [1, 2.5, None]})
    Session.objects.create(session_key="k" * 20, session_data="x", expire_date=NOW)
    header = Specimen.objects.earliest("pk").pk
    keep_attachment(
        header=header, name="certificate.txt", content=CONTENT, folder=folder, actor=ROBOT, now=NOW
    )


def add_specimen(site: Site, weight: str | None) -> Specimen:
    with recording(actor=ROBOT, now=NOW) as work:
        value = None if weight is None else Decimal(weight)
        made = Specimen(weight=value, note="line one\nline two\ttab \\N \U0001f600")
        made = create_record(work, record_type("specimen"), made, site=site, title='A piece; "quoted"')
        Slice.objects.create(specimen=made, thickness=Decimal("0.25"))
        change_record(work, made, action="edit", reason="weighed again")
    return made
