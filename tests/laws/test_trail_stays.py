"""Nobody switches the trail off, edits it, or makes an original unreachable: each way is tried or listed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from gemba.quality.control.nonconformance.factory import Staff, make_staff, nonconformance_in
from gemba.quality.people.models import Person
from gemba.quality.people.roles import ROLES
from gemba.quality.records.actor import Actor
from gemba.quality.records.edge import void
from gemba.quality.records.models import Entry, Header, Site, Version
from gemba.quality.records.reasons import Refused
from gemba.quality.records.trail import sealed_tables, verify
from gemba.quality.records.types import record_types
from gemba.server.access import ACCESS
from gemba.server.api.api import make_api
from gemba.server.clock import now
from laws.doors import Clients

SOURCE = Path(__file__).resolve().parents[2] / "src" / "gemba"
SEALED = sorted({table.name for table in sealed_tables()} | {"records_seal"})
VARIABLES = {
    "DJANGO_SETTINGS_MODULE": "which settings",
    "GEMBA_DATA": "where the plant is",
    "GEMBA_DATABASE": "which database",
    "GEMBA_DEBUG": "a traceback in the shell",
    "GEMBA_HOSTS": "by which names the server is called",
    "GEMBA_HTTPS": "whether it speaks HTTPS",
    "GEMBA_PROXY": "which proxy stands before it",
    "GEMBA_TOKEN": "the token with which gemba send comes",
    "GEMBA_URL": "where gemba send sends",
}
"""Every environment variable that the program reads. None is about the trail, and none may ever be."""
DELETES = {
    "quality/records/editing.py": "rows of a draft's table; the version before keeps them",
    "quality/control/nonconformance/dispositions.py": "lines not carried out; the version before keeps them",
    "quality/control/collecting/services.py": "a name on a work list; the reading in quarantine is sealed",
    "quality/people/worktime.py": "working time; the trail tells the old and the new",
    "quality/people/signing.py": "that a session has signed; the signature is sealed",
    "server/jobs/clock.py": "sessions that a clock set back would keep alive",
    "server/jobs/table.py": "ended sessions",
    "server/api/idempotency.py": "answers older than two days",
}
"""Every place that deletes rows, and why nothing of an original goes with them."""
NOT_READ = {"stats", "locale", "cli/report"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")


@pytest.fixture
def staff(site: Site) -> Staff:
    return make_staff(site, now=now())


def sources() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        if place.partition("/")[0] not in NOT_READ and "/migrations/" not in place:
            yield place, path.read_text(encoding="utf-8")


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
    clients, lines = Clients(), Entry.objects.count()
    for place, role in enumerate(ROLES):
        person = Person.objects.create(username=f"p{place}", created_at=0)
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


def test_every_environment_variable_is_written_down_and_none_is_about_the_trail() -> None:
    found = set()
    for place, text in sources():
        names = re.findall(r'environ(?:\.get\(|\.setdefault\(|\[)\s*"([A-Z_]+)"', text)
        names += re.findall(r'envvar="([A-Z_]+)"', text)
        assert "getenv" not in text, place
        found |= set(names)
    assert found == set(VARIABLES)


def test_every_place_that_deletes_rows_is_written_down() -> None:
    found = set()
    for place, text in sources():
        if place.startswith("quality/records/store/"):
            continue  # the room of the database: search index and the target of a move, held by its own tests
        for node in ast.walk(ast.parse(text)):
            deletes = isinstance(node, ast.Attribute) and node.attr in ("delete", "_raw_delete")
            if deletes or (isinstance(node, ast.Constant) and "DELETE FROM" in str(node.value)):
                found.add(place)
    assert found == set(DELETES)


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
