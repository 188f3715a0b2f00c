import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance, answers
from gemba.quality.records.history import changes, list_as_of, record_as_of, trail_of
from gemba.quality.records.links import add_link, end_link, linked_headers
from gemba.quality.records.models import Entry, Header, Seal, Site, Version
from gemba.quality.records.outbox import emit
from gemba.quality.records.reasons import Conflict, Refused, in_words
from gemba.quality.records.recorder import change_record, create_record
from gemba.quality.records.store import wire
from gemba.quality.records.store.sending import Question
from gemba.quality.records.trail import Head, verify
from gemba.quality.records.types import record_type
from gemba.quality.records.work import recording
from specimen.models import Slice, Specimen

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ANNA = Actor("person", "person:1", "Anna", frozenset({("inspector", "*")}))
BERT = Actor("person", "person:2", "Bert", frozenset({("approver", "HAL"), ("inspector", "HAL")}))

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")


def make(site: Site, *, now: datetime = NOW, weight: str | None = "1.5") -> Specimen:
    with recording(actor=ANNA, now=now) as work:
        specimen = Specimen(weight=None if weight is None else Decimal(weight))
        return create_record(work, record_type("specimen"), specimen, site=site, title="A piece")


def test_a_draft_has_no_number_and_gets_the_next_one_when_it_is_taken(site: Site) -> None:
    first, second = make(site), make(site)
    assert first.header.number is None
    advance(second, "take", actor=ANNA, now=NOW)
    advance(first, "take", actor=ANNA, now=NOW)
    numbers = [made.header.number for made in (second, first)]
    assert numbers == ["SPE-HAL-26-0001", "SPE-HAL-26-0002"]


def test_the_year_of_a_number_is_the_year_at_the_site(site: Site) -> None:
    specimen = make(site)
    advance(specimen, "take", actor=ANNA, now=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    assert specimen.header.number == "SPE-HAL-27-0001"


def test_a_number_is_not_used_up_by_a_step_that_fails(site: Site) -> None:
    first, second = make(site), make(site)
    with pytest.raises(ZeroDivisionError), recording(actor=ANNA, now=NOW):  # noqa: PT012 (the work fails at its end)
        advance(first, "take", actor=ANNA, now=NOW)
        _ = 1 / 0
    advance(second, "take", actor=ANNA, now=NOW)
    assert second.header.number == "SPE-HAL-26-0001"


def test_a_refusal_names_every_unmet_condition(site: Site) -> None:
    specimen = make(site, weight=None)
    stranger = Actor("person", "person:9", "Carl")
    with pytest.raises(Refused) as caught:
        advance(specimen, "take", actor=stranger, now=NOW)
    assert [reason.code for reason in caught.value.reasons] == [
        "records.role_missing",
        "records.field_missing",
    ]
    assert in_words(caught.value.reasons[1]) == "'Weight' is not filled in."
    assert Version.objects.count() == 1


def test_whoever_made_it_may_not_check_it(site: Site) -> None:
    specimen = make(site)
    advance(specimen, "take", actor=BERT, now=NOW)
    with pytest.raises(Refused) as caught:
        advance(specimen, "release", actor=BERT, now=NOW)
    assert [reason.code for reason in caught.value.reasons] == ["records.own_work"]


def test_the_answers_name_the_reasons_before_anybody_tries(site: Site) -> None:
    specimen = make(site, weight=None)
    found = {
        answer.move.name: [r.code for r in answer.reasons]
        for answer in answers(specimen, actor=ANNA, now=NOW)
    }
    assert found == {"take": ["records.field_missing"], "throw": []}


def test_a_move_that_needs_a_reason_is_refused_without_one(site: Site) -> None:
    specimen = make(site)
    with pytest.raises(Refused):
        advance(specimen, "throw", actor=ANNA, now=NOW)
    advance(specimen, "throw", actor=ANNA, now=NOW, inputs={"reason": "broken"})
    assert trail_of(specimen.header.id)[-1].reason == "broken"


def test_two_people_who_edit_one_version_do_not_overwrite_each_other(site: Site) -> None:
    mine = make(site)
    yours = Specimen.objects.select_related("header").get(pk=mine.pk)
    with recording(actor=ANNA, now=NOW) as work:
        mine.note = "mine"
        change_record(work, mine, action="edit")
    yours.note = "yours"
    with pytest.raises(Conflict) as caught, recording(actor=BERT, now=NOW) as work:
        change_record(work, yours, action="edit")
    assert (caught.value.given, caught.value.current) == (1, 2)
    assert Specimen.objects.get(pk=mine.pk).note == "mine"


def test_every_change_keeps_the_old_value_readable(site: Site) -> None:
    specimen = make(site)
    with recording(actor=ANNA, now=NOW + timedelta(days=1)) as work:
        specimen.weight = Decimal("2.5")
        Slice.objects.create(specimen=specimen, thickness=Decimal("0.1"))
        change_record(work, specimen, action="edit", reason="weighed again")
    before = record_as_of(specimen.header.id, NOW + timedelta(hours=1))
    after = record_as_of(specimen.header.id, NOW + timedelta(days=2))
    assert before is not None
    assert after is not None
    assert (before.fields["weight"], after.fields["weight"]) == ("1.5", "2.5")
    assert after.fields["slices"][0]["thickness"] == "0.1"
    assert [(c.name, c.old, c.new) for c in changes(specimen.header.id, 2)][1] == ("weight", "1.5", "2.5")
    assert record_as_of(specimen.header.id, NOW - timedelta(days=1)) is None


def test_known_then_and_in_force_then_are_two_questions(site: Site) -> None:
    specimen = make(site)
    with recording(actor=ANNA, now=NOW + timedelta(days=10)) as work:
        specimen.note = "in force from day 3"
        change_record(work, specimen, action="edit", effective_from=NOW + timedelta(days=3))
    day_five = NOW + timedelta(days=5)
    known, in_force = (
        record_as_of(specimen.pk, day_five),
        record_as_of(specimen.pk, day_five, clock="effective"),
    )
    assert known is not None
    assert in_force is not None
    assert known.fields["note"] == ""
    assert in_force.fields["note"] == "in force from day 3"


def test_a_list_as_of_a_moment_holds_each_record_as_it_was_then(site: Site) -> None:
    old, new = make(site), make(site, now=NOW + timedelta(days=2))
    advance(old, "take", actor=ANNA, now=NOW + timedelta(days=2))
    then = list_as_of("specimen", NOW + timedelta(days=1))
    assert [(past.id, past.header["state"]) for past in then] == [(old.pk, "draft")]
    now = list_as_of("specimen", NOW + timedelta(days=3), sites=("HAL",))
    assert [(past.id, past.header["state"]) for past in now] == [(old.pk, "taken"), (new.pk, "draft")]
    assert list_as_of("specimen", NOW + timedelta(days=3), sites=()) == []


def test_a_snapshot_of_an_older_schema_is_read_in_todays(site: Site) -> None:
    specimen = make(site)
    row = Version.objects.get(header_id=specimen.pk)
    snapshot = json.loads(row.snapshot)
    snapshot["fields"] = {"weight": "1.5", "remark": "old words", "slices": []}
    kind = record_type("specimen")
    assert kind.read_snapshot(1, snapshot["fields"])["note"] == "old words"


def test_links_are_read_from_both_ends_and_end_without_vanishing(site: Site) -> None:
    one, two = make(site), make(site)
    with recording(actor=ANNA, now=NOW) as work:
        link = add_link(work, one.pk, "raised_from", two.pk, why="because")
        assert add_link(work, one.pk, "raised_from", two.pk) == link
    assert [item.id for item in linked_headers(one.pk)["raised_from"]] == [two.pk]
    assert [item.id for item in linked_headers(two.pk)["raised"]] == [one.pk]
    with recording(actor=ANNA, now=NOW) as work:
        end_link(work, link, why="mistaken")
    assert linked_headers(one.pk) == {}
    assert verify().sound


def test_each_transaction_ends_with_one_seal_and_a_part_of_it_with_none(site: Site) -> None:
    with recording(actor=ANNA, now=NOW):
        make(site)
        make(site)
    assert Seal.objects.count() == 1
    checked = verify()
    assert checked.sound
    assert checked.rows == 4


COPY_ENTRY = """
    INSERT INTO records_entry (id, tx, header_id, version, action, actor, at, reason, detail, client, cause)
    SELECT id + 1000, tx, header_id, version, action, actor, at, reason, detail, client, cause
    FROM records_entry WHERE id = %s
"""


def unprotect(*tables: str) -> None:
    """What somebody with the database in his hands can do."""
    for table in tables:
        for verb in ("update", "delete"):
            place = "" if connection.vendor == "sqlite" else f" ON {table}"
            tamper(f"DROP TRIGGER IF EXISTS {table}_{verb}{place}")


def tamper(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE records_entry SET actor = 'person:2' WHERE id = %s", "row altered"),
        ("DELETE FROM records_entry WHERE id = %s", "row deleted"),
        (COPY_ENTRY, "row inserted"),
    ],
)
def test_a_change_behind_the_programs_back_is_found_and_named(site: Site, statement: str, kind: str) -> None:
    specimen = make(site)
    advance(specimen, "take", actor=ANNA, now=NOW)
    target = Entry.objects.latest("id")
    tamper(
        "DROP TRIGGER IF EXISTS records_entry_update"
        + ("" if connection.vendor == "sqlite" else " ON records_entry")
    )
    tamper(
        "DROP TRIGGER IF EXISTS records_entry_delete"
        + ("" if connection.vendor == "sqlite" else " ON records_entry")
    )
    tamper(statement, target.id)
    found = verify().findings
    expected = target.id + (1000 if kind == "row inserted" else 0)
    assert [(f.kind, f.table, f.row) for f in found] == [(kind, "records_entry", expected)]


def test_the_database_itself_refuses_to_change_a_sealed_row(site: Site) -> None:
    specimen = make(site)
    for statement in (
        "UPDATE records_version SET snapshot = '{}' WHERE header_id = %s",
        "DELETE FROM records_version WHERE header_id = %s",
    ):
        with pytest.raises(Exception, match="written once"), recording(actor=ANNA, now=NOW):
            tamper(statement, specimen.pk)


def test_a_cut_tail_is_found_with_an_anchor(site: Site) -> None:
    make(site)
    make(site)
    head = verify().head
    assert head is not None
    unprotect("records_seal", "records_entry", "records_version")
    last = Seal.objects.latest("number")
    tamper("DELETE FROM records_entry WHERE tx = %s", last.tx)
    tamper("DELETE FROM records_version WHERE tx = %s", last.tx)
    tamper("DELETE FROM records_seal WHERE tx = %s", last.tx)
    assert [finding.table for finding in verify().findings] == ["records_header"]
    tamper("DELETE FROM specimen_specimen WHERE header_id = %s", Header.objects.latest("id").pk)
    tamper("DELETE FROM records_header WHERE id = %s", Header.objects.latest("id").pk)
    assert verify().sound
    assert [finding.kind for finding in verify([head]).findings] == ["tail cut"]
    assert [f.kind for f in verify([Head(1, b"x" * 32)]).findings] == ["chain rewritten"]


def test_nothing_is_kept_of_work_that_fails(site: Site) -> None:
    with pytest.raises(ZeroDivisionError), recording(actor=ANNA, now=NOW):  # noqa: PT012 (the work fails at its end)
        make(site)
        _ = 1 / 0
    assert Header.objects.count() == Entry.objects.count() == Seal.objects.count() == 0


@pytest.mark.parametrize("change", [1, 2])
def test_one_change_with_link_and_event_asks_the_store_no_more_than_it_must(site: Site, change: int) -> None:
    made, other = make(site), make(site)
    with CaptureQueriesContext(connection) as asked, recording(actor=ANNA, now=NOW) as work:
        made.weight = Decimal(change)
        change_record(work, made, action="edit", reason="weighed again")
        add_link(work, made.pk, "affects", other.pk, why="beside it")
        emit(work, "SpecimenWeighed", made.header, {"turn": change})
    within = ("BEGIN", "SAVEPOINT", "RELEASE")
    statements = [query["sql"] for query in asked if not query["sql"].startswith(within)]
    assert len(statements) == {"sqlite": 15, "postgresql": 16}[connection.vendor], statements
    assert verify().sound


@pytest.mark.skipif(connection.vendor == "sqlite", reason="nothing goes over a wire")
def test_one_change_with_link_and_event_sends_a_grown_store_few_messages(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, other, sent, ask = make(site), make(site), [], wire._ask

    def counted(direct: Any, questions: Sequence[Question]) -> list[wire.Answer]:
        sent.append([statement for statement, _ in questions])
        return ask(direct, questions)

    monkeypatch.setattr(wire, "_ask", counted)
    with recording(actor=ANNA, now=NOW) as work:
        made.weight = Decimal(1)
        change_record(work, made, action="edit", reason="weighed again")
        add_link(work, made.pk, "affects", other.pk, why="beside it")
        emit(work, "SpecimenWeighed", made.header, {"turn": 1})
    assert len(sent) == 9, sent  # the commit is one of them
