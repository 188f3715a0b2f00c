"""Nobody switches the trail off, edits it, or makes an original unreachable: each way is tried."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from gemba.quality.control.nonconformance.factory import Staff, make_staff, nonconformance_in
from gemba.quality.people.roles import ROLES
from gemba.quality.people.services import create_person
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.edge import void
from gemba.quality.records.models import Entry, Header, Site, Version
from gemba.quality.records.reasons import Refused
from gemba.quality.records.trail import sealed_tables, verify
from gemba.quality.records.types import record_types
from gemba.server.access import ACCESS
from gemba.server.api.api import make_api
from gemba.server.clock import now
from laws.doors import Clients

SEALED = sorted({table.name for table in sealed_tables()} | {"records_seal"})

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")


@pytest.fixture
def staff(site: Site) -> Staff:
    return make_staff(site, now=now())


@pytest.mark.parametrize("table", SEALED)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_the_database_itself_keeps_every_sealed_table(table: str, verb: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT COUNT(*) FROM information_schema.triggers WHERE event_object_table = %s "
                "AND event_manipulation = %s AND action_timing = 'BEFORE'",
                [table, verb],
            )
        else:
            cursor.execute(
                "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s AND sql LIKE %s",
                [table, f"%BEFORE {verb} ON%"],
            )
        assert cursor.fetchone()[0] == 1


ATTEMPTS = (
    "UPDATE records_entry SET reason = 'other' WHERE id = (SELECT MAX(id) FROM records_entry)",
    "DELETE FROM records_entry WHERE id = (SELECT MAX(id) FROM records_entry)",
    "UPDATE records_version SET snapshot = '{}' WHERE id = (SELECT MAX(id) FROM records_version)",
    "DELETE FROM records_version",
    "DELETE FROM records_seal",
    "UPDATE records_seal SET at = 0",
)
REPLACED = "INSERT OR REPLACE INTO records_entry SELECT * FROM records_entry WHERE id = 1"


def test_what_is_tried_through_our_own_connection_is_refused(site: Site, staff: Staff) -> None:
    nonconformance_in("contained", site=site, staff=staff, now=now())
    attempts = ATTEMPTS if connection.vendor == "postgresql" else (*ATTEMPTS, REPLACED)
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            connection.cursor().execute(attempt)
    for rows in (Entry.objects.all(), Version.objects.all()):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            rows._raw_delete(rows.db)
    assert verify().sound


def test_no_route_and_no_method_writes_to_the_trail() -> None:
    about = {name: rule for name, rule in ACCESS.items() if name in ("trail", "differences")}
    assert {name: rule.write for name, rule in about.items()} == {"trail": None, "differences": None}
    paths = make_api().get_openapi_schema(path_prefix="/api/v1/")["paths"]
    methods = {(path, method) for path, found in paths.items() for method in found}
    assert not {item for item in methods if item[1] in ("delete", "put")}
    assert not {item for item in methods if "trail" in item[0] and item[1] != "get"}


def test_no_role_changes_the_trail_by_any_method(site: Site, staff: Staff) -> None:
    ncr = nonconformance_in("reported", site=site, staff=staff, now=now())
    people = {
        role: create_person(username=f"person{place}", name=role, actor=system("setup"), now=now())
        for place, role in enumerate(ROLES)
    }
    clients, lines = Clients(), Entry.objects.count()
    for role, person in people.items():
        client = clients.of(Actor("person", person.actor_id, role))
        for path in (
            "/trail",
            "/trail.json",
            f"/records/nonconformance/{ncr.pk}/versions/1",
            "/api/v1/trail",
        ):
            for method in ("post", "put", "patch", "delete"):
                assert getattr(client, method)(path).status_code in (403, 404, 405), (role, method, path)
    assert Entry.objects.count() == lines
    assert verify().sound


def test_whoever_takes_a_record_out_says_why_and_it_stays_readable(site: Site, staff: Staff) -> None:
    for kind in record_types():
        if kind.name == "specimen":
            continue
        outs = [move for move in kind.lifecycle.moves if kind.lifecycle.state(move.target).category == "void"]
        assert outs, kind.name
        assert all(move.needs_reason for move in outs), kind.name
    ncr = nonconformance_in("reported", site=site, staff=staff, now=now())
    with pytest.raises(Refused) as caught:
        void(ncr.pk, reason=" ", actor=staff.engineer, now=now())
    assert [reason.code for reason in caught.value.reasons] == ["records.reason_missing"]
    void(ncr.pk, reason="mistaken", actor=staff.engineer, now=now())
    number = Header.objects.get(pk=ncr.pk).number
    client = Clients().of(staff.auditor)
    page = client.get(f"/records/nonconformance/{number}.json").json()
    assert [item["value"] for item in page["header"]["fields"] if item["name"] == "state"] == ["void"]
    assert client.get(f"/records/nonconformance/{number}?version=1").status_code == 200
    listed = client.get("/records/nonconformance.json?category=void").json()
    assert str(number) in str(listed)
