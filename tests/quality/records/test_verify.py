"""What somebody with the database in his hands can do, and that ``verify`` names it."""
# ruff: noqa: S608 (an intruder builds statements)

import json
import random
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.anchors import check_anchors, public_key, read_anchors, site_key, write_anchor
from gemba.quality.records.canonical import chain_hash
from gemba.quality.records.edge import create, edit, take_move
from gemba.quality.records.ledger import GENESIS
from gemba.quality.records.links import add_link
from gemba.quality.records.models import Entry, Header, Seal, Site, Task
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.tasks import complete_task, open_task
from gemba.quality.records.trail import Finding, sealed_tables, verify
from gemba.quality.records.work import recording
from specimen.models import Slice, Specimen

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ANNA = Actor("person", "person:1", "Anna", frozenset({("inspector", "*")}))
BERT = Actor("person", "person:2", "Bert", frozenset({("approver", "*"), ("inspector", "*")}))
FULL = "--full" in sys.argv
EDITS = 1000 if FULL else 50
REWRITES = 20 if FULL else 4

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


@pytest.fixture
def plant() -> None:
    Site.objects.create(code="HAL", name="Halle")
    made: list[int] = []
    for index in range(6):
        now = NOW + timedelta(minutes=index)
        typed = {"title": f"piece {index}", "weight": index + 1, "slices": [{"thickness": "0.1"}]}
        made.append(create("specimen", site="HAL", typed=typed, actor=ANNA, now=now).pk)
        edit(made[-1], typed={"note": f"note {index}"}, expected_version=1, actor=ANNA, now=now)
        take_move(made[-1], "take", typed={"weight": 9 + index}, actor=ANNA, now=now)
        with recording(actor=ANNA, now=now) as work:
            add_link(work, made[-1], "raised_from", made[0])
        header = Header.objects.get(pk=made[-1])
        asked = {"what": "tasks.asked", "values": {"text": "x"}, "assignee": "person:1", "header": header}
        task = open_task(**asked, actor=ANNA, now=now)  # type: ignore[arg-type]
        if index % 2:
            complete_task(task=task.pk, evidence="done", actor=ANNA, now=now)


@contextmanager
def intruder() -> Iterator[None]:
    """Everything inside happens behind the program's back, and is undone."""
    with transaction.atomic():
        for table in (*(table.name for table in sealed_tables()), "records_seal"):
            for verb in ("update", "delete"):
                place = "" if connection.vendor == "sqlite" else f" ON {table}"
                sql(f"DROP TRIGGER IF EXISTS {table}_{verb}{place}")
        yield
        transaction.set_rollback(True)


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def columns_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
    return [column.name for column in described]


KEYS = {"specimen_specimen": "header_id"}
CURRENT = ("records_header", "specimen_specimen", "specimen_slice", "records_task")
SEALED = ("records_entry", "records_version", "records_link", "records_event")


def some_row(table: str, luck: random.Random) -> int:
    key = KEYS.get(table, "id")
    return int(luck.choice(store.fetch(f"SELECT {key} FROM {table}"))[0])


def change(table: str, luck: random.Random) -> int:
    """Another value in one column of one row."""
    key, row = KEYS.get(table, "id"), some_row(table, luck)
    names = [name for name in columns_of(table) if name not in (key, "number", "subject", "state", "done_at")]
    names = [name for name in names if not name.endswith("_id") and name != "category"]
    name = luck.choice(names)
    before = store.fetch(f'SELECT "{name}" FROM {table} WHERE {key} = %s', [row])[0][0]
    other: Any = (
        f"{before}x"[-80:] if isinstance(before, str) else (before or 0) + (1 if name != "version" else 7)
    )
    sql(f'UPDATE {table} SET "{name}" = %s WHERE {key} = %s', other, row)
    return row


def delete(table: str, luck: random.Random) -> int:
    row = some_row(table, luck)
    sql(f"DELETE FROM {table} WHERE {KEYS.get(table, 'id')} = %s", row)
    return row


def copy(table: str, luck: random.Random) -> int:
    """A row of the past under a new id."""
    row, names = some_row(table, luck), [name for name in columns_of(table) if name != "id"]
    listed = ", ".join(f'"{name}"' for name in names)
    values = listed.replace('"number"', '"number" + 500') if table == "records_version" else listed
    sql(f"INSERT INTO {table} (id, {listed}) SELECT id + 5000, {values} FROM {table} WHERE id = %s", row)
    return row + 5000


def swap(table: str, luck: random.Random) -> int:
    """Two rows of one table change their texts."""
    column = {"records_entry": "action", "records_header": "title", "specimen_specimen": "note"}[table]
    key = KEYS.get(table, "id")
    rows = store.fetch(f"SELECT {key}, {column} FROM {table} ORDER BY {key}")
    one = luck.choice(rows)
    two = luck.choice([row for row in rows if row[1] != one[1]])
    sql(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", two[1], one[0])
    sql(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", one[1], two[0])
    return int(one[0])


WAYS: list[tuple[Callable[[str, random.Random], int], tuple[str, ...]]] = [
    (change, (*SEALED, *CURRENT)),
    (delete, (*SEALED, "specimen_slice", "specimen_specimen", "records_task")),
    (copy, ("records_entry", "records_version", "records_event", "specimen_slice")),
    (swap, ("records_entry", "records_header", "specimen_specimen")),
]


def test_every_edit_behind_the_programs_back_is_found_and_its_row_named(plant: None) -> None:
    assert verify().sound
    luck = random.Random(7)  # noqa: S311 (no secret)
    missed = []
    for number in range(EDITS):
        way, tables = luck.choice(WAYS)
        table = luck.choice(tables)
        with intruder():
            if table == "specimen_specimen" and way is delete:
                sql("DELETE FROM specimen_slice")
            row = way(table, luck)
            if (table, row) not in {(finding.table, finding.row) for finding in verify().findings}:
                missed.append((number, way.__name__, table, row))
    assert missed == []
    assert verify().sound


def named(findings: tuple[Finding, ...]) -> list[tuple[str, str, int | str]]:
    return [(finding.kind, finding.table, finding.row) for finding in findings]


def test_an_old_state_put_back_is_found(plant: None) -> None:
    target = Specimen.objects.order_by("pk")[0]
    with intruder():
        sql("UPDATE specimen_specimen SET weight = 1 WHERE header_id = %s", target.pk)
        sql(
            "UPDATE records_header SET state = 'draft', category = 'draft', version = 2 WHERE id = %s",
            target.pk,
        )
        assert named(verify().findings) == [("row altered", "records_header", target.pk)]


def test_a_column_that_cannot_even_be_read_is_a_finding_and_no_accident(plant: None) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("the database itself refuses a text in a column of numbers")
    target = Specimen.objects.order_by("pk")[0]
    with intruder():
        sql("UPDATE specimen_specimen SET weight = 'heavy' WHERE header_id = %s", target.pk)
        assert named(verify().findings) == [("row deleted", "specimen_specimen", target.pk)]


def test_a_task_put_back_to_what_it_was_is_found(plant: None) -> None:
    done = Task.objects.filter(state="done")[0]
    before = Entry.objects.get(header_id=done.header_id or 0, action="task.open")
    with intruder():
        Task.objects.filter(pk=done.pk).update(
            state="open", done_at=None, done_by="", evidence="", entry=before.pk
        )
        assert named(verify().findings) == [("row altered", "records_task", done.pk)]


def test_a_record_that_vanished_is_missed(plant: None) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("the database itself refuses to leave versions without their header")
    target = Specimen.objects.order_by("pk")[0]
    with intruder():
        sql("DELETE FROM specimen_slice WHERE specimen_id = %s", target.pk)
        sql("DELETE FROM specimen_specimen WHERE header_id = %s", target.pk)
        sql("DELETE FROM records_header WHERE id = %s", target.pk)
        assert ("row deleted", "records_header", target.pk) in named(verify().findings)


@pytest.mark.parametrize(
    ("listed", "digests"),
    [("{", None), ('{"records_entry": [[1, 99999999999]]}', None), ("[1]", None), ("{}", b"x" * 16)],
)
def test_a_seal_whose_list_is_damaged_is_named(plant: None, listed: str, digests: bytes | None) -> None:
    with intruder():
        sql("UPDATE records_seal SET rows = %s WHERE number = 3", listed)
        if digests is not None:
            sql("UPDATE records_seal SET digests = %s WHERE number = 3", digests)
        assert {"chain broken", "seal damaged"} <= {finding.kind for finding in verify().findings}


def reseal() -> None:
    """What an intruder who knows the program does: compute every digest and every hash again."""
    previous = GENESIS
    tables = {table.name: table for table in sealed_tables()}
    for seal in list(Seal.objects.order_by("number")):
        digests = b""
        for name, runs in sorted(json.loads(seal.rows).items()):
            columns = ", ".join(tables[name].columns)
            for first, count in runs:
                rows = store.fetch(
                    f"SELECT {columns} FROM {name} WHERE id BETWEEN %s AND %s ORDER BY id",
                    [first, first + count - 1],
                )
                digests += b"".join(tables[name].digest(row) for row in rows)
        previous = chain_hash(previous, (seal.number, seal.tx, seal.at, seal.rows, digests))
        sql(
            "UPDATE records_seal SET digests = %s, hash = %s WHERE number = %s",
            digests,
            previous,
            seal.number,
        )


def test_a_chain_rewritten_with_all_hashes_is_found_through_an_anchor(
    plant: None, folder: DataFolder
) -> None:
    assert write_anchor(folder, now=NOW) is not None
    heads, forged = read_anchors([folder.anchors], public_key(folder))
    assert forged == ()
    assert verify(heads).sound
    luck = random.Random(3)  # noqa: S311 (no secret)
    for _ in range(REWRITES):
        with intruder():
            sql("UPDATE records_entry SET actor = 'person:9' WHERE id = %s", some_row("records_entry", luck))
            reseal()
            assert verify().sound
            assert [finding.kind for finding in verify(heads).findings] == ["chain rewritten"]


def test_two_anchors_that_differ_show_a_chain_that_was_rewritten_and_anchored_again(
    plant: None, folder: DataFolder, tmp_path: Path
) -> None:
    write_anchor(folder, now=NOW)
    before, _ = read_anchors([folder.anchors])
    with intruder():
        sql("UPDATE records_entry SET actor = 'person:9' WHERE id = %s", Entry.objects.earliest("id").pk)
        reseal()
        folder.anchors.unlink()
        write_anchor(folder, now=NOW)
        after, _ = read_anchors([folder.anchors])
        assert verify(after).sound
        assert not verify([*before, *after]).sound


def test_the_log_grows_by_a_line_when_the_chain_grew(plant: None, folder: DataFolder) -> None:
    assert write_anchor(folder, now=NOW) is not None
    assert write_anchor(folder, now=NOW) is None
    create("specimen", site="HAL", typed={"title": "one more"}, actor=ANNA, now=NOW)
    assert write_anchor(folder, now=NOW) is not None
    heads, forged = read_anchors([folder.anchors, folder.path / "not there"])
    assert (len(heads), forged) == (2, ())
    assert heads[1].number == heads[0].number + 1


@pytest.mark.parametrize(
    "torn", [b"gemba-anchor-1 2 ab", b"\0" * 300, b"gemba-anchor-1 2" + b"\0" * 90 + b"\n"]
)
def test_a_last_line_that_the_power_cut_short_is_no_forgery_and_makes_room(
    plant: None, folder: DataFolder, torn: bytes
) -> None:
    first = write_anchor(folder, now=NOW)
    with folder.anchors.open("ab") as log:
        log.write(torn)
    assert first is not None
    assert read_anchors([folder.anchors]) == ((first.head,), ())
    create("specimen", site="HAL", typed={"title": "one more"}, actor=ANNA, now=NOW)
    second = write_anchor(folder, now=NOW)
    assert second is not None
    assert folder.anchors.read_text(encoding="ascii") == f"{first.line}\n{second.line}\n"


def test_a_whole_line_counts_without_its_end_and_a_torn_one_in_the_middle_is_named(
    plant: None, folder: DataFolder
) -> None:
    first = write_anchor(folder, now=NOW)
    assert first is not None
    folder.anchors.write_text(first.line, encoding="ascii")
    assert read_anchors([folder.anchors]) == ((first.head,), ())
    folder.anchors.write_text(f"{first.line[:-9]}\n{first.line}\n", encoding="ascii")
    heads, forged = read_anchors([folder.anchors])
    assert (heads, [finding.row for finding in forged]) == ((first.head,), [1])


def test_an_empty_plant_has_nothing_to_anchor(folder: DataFolder) -> None:
    assert write_anchor(folder, now=NOW) is None
    assert not folder.anchors.exists()


def test_a_line_that_the_plant_did_not_sign_is_named_and_not_believed(
    plant: None, folder: DataFolder, tmp_path: Path
) -> None:
    anchor = write_anchor(folder, now=NOW)
    stranger = DataFolder(tmp_path / "other")
    stranger.path.mkdir()
    foreign = write_anchor(stranger, now=NOW)
    assert anchor is not None
    assert foreign is not None
    forged = [
        anchor.line.replace(anchor.head.hash.hex(), "00" * 32),
        anchor.line.replace("2026", "2025"),
        foreign.line,
        "not an anchor",
        anchor.line[:-2],
    ]
    heads, findings = check_anchors([anchor.line, "", *forged], public_key(folder))
    assert heads == (anchor.head,)
    assert [(finding.kind, finding.row) for finding in findings] == [
        ("anchor forged", line) for line in range(3, 8)
    ]
    assert check_anchors([anchor.line, foreign.line])[0] == (anchor.head,)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in another way")
def test_only_the_owner_reads_the_key_and_it_stays_the_same(folder: DataFolder) -> None:
    first = site_key(folder).private_bytes_raw()
    assert site_key(folder).private_bytes_raw() == first
    (path,) = folder.keys.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_change_while_verify_looks_is_no_finding(plant: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from gemba.quality.records import current

    looked: list[int] = []
    whole = current._last_versions

    def meanwhile(headers: list[int]) -> Any:
        if not looked:
            looked.append(1)
            specimen = Specimen.objects.order_by("pk")[0]
            edit(specimen.pk, typed={"note": "just now"}, expected_version=3, actor=BERT, now=NOW)
        return whole(headers)

    monkeypatch.setattr(current, "_last_versions", meanwhile)
    assert verify().sound
    assert looked


def test_rows_of_a_record_are_held_against_its_version_by_row(plant: None) -> None:
    piece = Slice.objects.order_by("pk")[2]
    with intruder():
        Slice.objects.filter(pk=piece.pk).update(thickness=Decimal(7))
        assert named(verify().findings) == [("row altered", "specimen_slice", piece.pk)]
