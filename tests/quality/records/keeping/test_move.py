"""Moving: from SQLite to PostgreSQL and back, every row the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connections

from gemba.quality.people.models import Person
from gemba.quality.records.keeping import move as moving
from gemba.quality.records.keeping.checking import StoreRefused
from gemba.quality.records.keeping.move import Moved, move
from gemba.quality.records.models import Delivery, Site
from gemba.quality.records.store.copying import migrate
from gemba.quality.records.store.elsewhere import current, embedded_settings, opened
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.store.health import moved_to
from gemba.quality.records.store.rows import Digest, digest_table, read_counters, tables
from gemba.quality.records.store.words import ranked
from gemba.quality.records.trail import verify
from specimen.models import Specimen

from .conftest import KINDS, NOW, ROBOT, Plant, add_specimen

LOGGED = {"records_entry", "records_seal"}  # the move itself leaves a line in the trail


@pytest.fixture
def target(plant: Plant, new_folder: Callable[[], DataFolder], request: pytest.FixtureRequest) -> Any:
    """A database of the other kind, or another file where there is one kind only."""
    if plant.kind == "embedded" and len(KINDS) > 1:
        return request.getfixturevalue("grown_settings")(empty=True)
    return embedded_settings(new_folder().store)


def go(target: Any, **options: Any) -> Moved:
    return move(target, **{"to": "elsewhere", "replace": False, "actor": ROBOT, "now": NOW, **options})


def digests(alias: str) -> dict[str, Digest]:
    return {model._meta.db_table: digest_table(model, alias) for model in tables()}


def test_every_row_arrives_and_the_chain_verifies(plant: Plant, target: Any) -> None:
    before, counters = digests(current()), read_counters(tables())
    moved = go(target)
    assert moved.tables == before
    assert moved.rows > 100
    with opened(target) as new:
        after = digests(new)
        assert {name for name in before if before[name] != after[name]} == LOGGED
        assert verify().sound
        assert Specimen.objects.count() == 4
        assert ranked("piec", "h.category = %s", ["draft"], 10) == [4, 3, 2, 1]
        assert {**read_counters(tables()), "entry": 0, "tx": 0} == {**counters, "entry": 0, "tx": 0}


def test_there_and_back_is_the_same(plant: Plant, target: Any) -> None:
    go(target)
    connections[current()].close()
    with opened(target) as other:
        there = digests(other)
        go(plant.settings)
    back = digests(current())
    assert {name for name in there if there[name] != back[name]} == LOGGED
    assert verify().sound
    assert moved_to() == ""


def test_no_number_is_given_twice_after_a_move(plant: Plant, target: Any) -> None:
    site = Site.objects.get()
    used = add_specimen(site, "2").header.id
    anna = Person.objects.get()
    gone = [Authenticator.objects.create(user=anna, type="webauthn", data={}).pk for _ in range(3)]
    Authenticator.objects.filter(pk__in=gone).delete()
    go(target)
    with opened(target):
        assert add_specimen(Site.objects.get(), "3").header.id == used + 1
        fresh = Authenticator.objects.create(user=Person.objects.get(), type="webauthn", data={})
        assert fresh.pk == gone[-1] + 1
        assert Delivery.objects.count() == 0


def test_the_old_store_says_that_it_was_moved(plant: Plant, target: Any) -> None:
    go(target)
    assert moved_to() == "elsewhere"
    with pytest.raises(StoreRefused, match="was moved to elsewhere already"):
        go(target)


def test_a_database_with_a_plant_in_it_is_refused_unless_told(plant: Plant, target: Any) -> None:
    with opened(target):
        migrate()
        Site.objects.create(code="ULM", name="Ulm")
        add_specimen(Site.objects.get(), "1")
    with pytest.raises(StoreRefused, match="holds a plant already"):
        go(target)
    assert moved_to() == ""
    go(target, replace=True)
    with opened(target):
        assert Site.objects.get().code == "HAL"


def test_a_table_that_does_not_arrive_whole_stops_the_move(
    plant: Plant, target: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lossy(model: Any, alias: str) -> Digest:
        found = digest_table(model, alias)
        lost = alias != source and model is Specimen
        return Digest(found.rows - 1, found.sum) if lost else found

    source = current()
    monkeypatch.setattr(moving, "digest_table", lossy)
    with pytest.raises(StoreRefused, match="specimen_specimen is not the same after moving"):
        go(target)
    assert moved_to() == ""
    with opened(target):
        assert Specimen.objects.count() == 0


def test_a_dry_run_counts_and_changes_nothing(plant: Plant, target: Any) -> None:
    moved = go(target, dry_run=True)
    assert moved.tables["specimen_specimen"].rows == 4
    assert moved_to() == ""
    with opened(target) as new:
        assert "records_seal" not in connections[new].introspection.table_names()
