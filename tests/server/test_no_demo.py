"""A plant of one's own is no demo and has nothing of it, and a demo is never made over one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from gemba.demo import serving
from gemba.demo.hashing import ShownSecretHasher
from gemba.demo.mark import Mark, NotADemo, make_mark, read_mark
from gemba.demo.serving import DemoStage
from gemba.demo.web.access import ACCESS as MORE
from gemba.quality.people.models import Person
from gemba.quality.people.sites import create_site
from gemba.quality.records.actor import system
from gemba.server.access import ACCESS
from gemba.server.opening import StartRefused
from gemba.server.settings import security
from server.conftest import client_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
ADDRESSES = ("/demo/enter/x", "/demo/be", "/demo/pass", "/demo/lines")


def test_a_store_that_holds_anything_never_becomes_a_demo() -> None:
    assert read_mark() is None
    create_site(code="HAL", name="Halle", zone="Europe/Berlin", actor=system("setup"), now=NOW)
    with pytest.raises(NotADemo):
        make_mark(Mark(NOW, 90, 8))
    assert read_mark() is None


@pytest.mark.parametrize("address", ADDRESSES)
def test_in_a_plant_of_ones_own_the_addresses_do_not_exist(address: str) -> None:
    client = Client()
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_nor_for_anybody_who_works_there(people: dict[str, Person]) -> None:
    for person in people.values():
        client = client_of(person)
        assert [client.get(address).status_code for address in ADDRESSES] == [404] * 4
        assert [client.post(address).status_code for address in ADDRESSES] == [404] * 4
        assert "demo" not in client.get("/").content.decode()


def test_its_cheap_hash_is_for_secrets_that_it_shows_and_for_no_others() -> None:
    assert security.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    cheap = ShownSecretHasher()
    kept = cheap.encode("rivet-harbour-17", cheap.salt())
    assert cheap.verify("rivet-harbour-17", kept)
    assert not cheap.verify("rivet-harbour-18", kept)
    assert "m=1024,t=1,p=1" in kept


def test_what_the_demo_adds_takes_nothing_from_the_table_of_every_plant() -> None:
    assert not set(MORE) & set(ACCESS)


def test_the_demo_does_not_open_a_plant_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create_site(code="HAL", name="Halle", zone="Europe/Berlin", actor=system("setup"), now=NOW)
    (tmp_path / "plant.sqlite3").touch()
    data: Any = SimpleNamespace(path=tmp_path, store=tmp_path / "plant.sqlite3")
    monkeypatch.setattr(serving, "open_store", lambda *_words, **_more: ())
    stage = DemoStage(fresh=True, agree=lambda _question: True, browser=False)
    with pytest.raises(StartRefused, match="a plant of your own"):
        stage.open(data, lambda _line: None)
    assert data.store.exists()
