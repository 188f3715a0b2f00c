import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from gemba.quality.people import services
from gemba.quality.people.models import Person
from gemba.quality.people.queries import actor_of, open_failures
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.edge import create, edit, take_move, void
from gemba.quality.records.history import changes, record_as_of, trail_of
from gemba.quality.records.models import Entry, Header, Signature, Site, Version
from gemba.quality.records.reasons import Conflict, Refused, in_words, told_again
from gemba.quality.records.signatures import Proof, is_valid
from gemba.quality.records.trail import verify
from gemba.quality.records.work import recording
from gemba.stats.results import speaking
from specimen.models import Specimen

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ANNA = Actor("person", "person:1", "Anna", frozenset({("inspector", "*")}))
BERT = Actor("person", "person:2", "Bert", frozenset({("approver", "HAL"), ("inspector", "HAL")}))
READER = Actor("person", "person:3", "Rita", frozenset({("reader", "HAL")}))
STRANGER = Actor("person", "person:4", "Sam", frozenset({("inspector", "ULM")}))
SECRET = "correct-horse-battery"

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")


def make(actor: Actor = ANNA, **typed: Any) -> Specimen:
    typed = {"title": "A piece", "weight": "1.5"} | typed
    made = create("specimen", site="HAL", typed=typed, actor=actor, now=NOW)
    assert isinstance(made, Specimen)
    return made


def codes(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code for reason in caught.value.reasons]


def test_a_record_is_made_from_plain_values_in_one_version(site: Site) -> None:
    made = make(slices=[{"thickness": "0.1"}, {"thickness": "0.2"}], due_at="2026-04-01T12:00:00+02:00")
    past = record_as_of(made.pk, NOW)
    assert past is not None
    assert [row["thickness"] for row in past.fields["slices"]] == ["0.1", "0.2"]
    assert Version.objects.count() == 1
    assert verify().sound


def test_every_fault_of_what_was_typed_is_named_with_the_missing_right(site: Site) -> None:
    typed = {"weight": "1,5", "note": "a\x00b", "due_at": "tomorrow", "is_admin": True, "slices": [{}, 3]}
    assert codes(lambda: create("specimen", site="HAL", typed=typed, actor=READER, now=NOW)) == [
        "records.field_unknown",
        "records.field_missing",
        "records.not_number",
        "records.not_text",
        "records.not_moment",
        "records.field_missing",
        "records.not_list",
        "records.no_right",
    ]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"title": "x" * 201}, "records.too_long"),
        ({"title": " "}, "records.field_missing"),
        ({"title": "\ud800"}, "records.not_text"),
        ({"title": 5}, "records.not_text"),
        ({"weight": "123456789"}, "records.too_many_digits"),
        ({"weight": "1.00001"}, "records.too_many_digits"),
        ({"weight": float("nan")}, "records.not_number"),
        ({"weight": "1e400"}, "records.not_number"),
        ({"weight": True}, "records.not_number"),
        ({"slices": [{"thickness": "123456789"}]}, "records.too_many_digits"),
        ({"slices": [{"thickness": "1", "id": 10**30}]}, "records.not_whole"),
        ({"slices": {"thickness": "1"}}, "records.not_list"),
    ],
)
def test_what_the_columns_cannot_hold_is_refused_in_words(site: Site, typed: Any, code: str) -> None:
    assert codes(lambda: make(**typed)) == [code]
    assert Header.objects.count() == 0


def test_an_edit_sets_what_was_typed_and_leaves_the_rest(site: Site) -> None:
    made = make(slices=[{"thickness": "0.1"}])
    edit(made.pk, typed={"note": "scratched"}, expected_version=1, reason="seen", actor=ANNA, now=NOW)
    assert [(c.name, c.old, c.new) for c in changes(made.pk, 2)] == [("note", "", "scratched")]
    assert trail_of(made.pk)[-1].reason == "seen"


def test_rows_of_a_record_are_changed_added_and_removed_by_their_id(site: Site) -> None:
    made = make(slices=[{"thickness": "0.1"}, {"thickness": "0.2"}])
    first, second = Specimen.objects.get(pk=made.pk).slices.order_by("pk")
    lines = [{"id": second.pk, "thickness": "0.25"}, {"thickness": "0.3"}]
    edit(made.pk, typed={"slices": lines}, expected_version=1, actor=ANNA, now=NOW)
    past = record_as_of(made.pk, NOW)
    assert past is not None
    assert [row["thickness"] for row in past.fields["slices"]] == ["0.25", "0.3"]
    assert first.pk not in {row["id"] for row in past.fields["slices"]}


def test_a_row_of_another_record_cannot_be_taken_over(site: Site) -> None:
    mine, yours = make(), make(slices=[{"thickness": "0.1"}])
    theirs = yours.slices.get()
    lines = [{"id": theirs.pk, "thickness": "9"}]
    edit(mine.pk, typed={"slices": lines}, expected_version=1, actor=ANNA, now=NOW)
    theirs.refresh_from_db()
    assert str(theirs.thickness) == "0.1000"


def test_an_edit_that_changes_nothing_makes_no_version(site: Site) -> None:
    made = make()
    edit(made.pk, typed={"weight": "1.50"}, expected_version=1, actor=ANNA, now=NOW)
    assert Version.objects.count() == 1


def test_a_conflict_carries_both_versions(site: Site) -> None:
    made = make()
    edit(made.pk, typed={"note": "yours"}, expected_version=1, actor=BERT, now=NOW)
    with pytest.raises(Conflict) as caught:
        edit(made.pk, typed={"note": "mine"}, expected_version=1, actor=ANNA, now=NOW)
    conflict = caught.value
    assert (conflict.given, conflict.current) == (1, 2)
    assert conflict.edited is not None
    assert conflict.stored is not None
    assert (conflict.edited["note"], conflict.stored["note"]) == ("", "yours")
    with pytest.raises(Conflict):
        take_move(made.pk, "take", typed={"weight": 2}, expected_version=1, actor=ANNA, now=NOW)


def test_who_may_edit_depends_on_the_state(site: Site) -> None:
    made = make()
    approver = Actor("person", "person:8", "Ute", frozenset({("approver", "HAL")}))

    def change(actor: Actor, version: int) -> None:
        edit(made.pk, typed={"note": "x"}, expected_version=version, actor=actor, now=NOW)

    assert codes(lambda: change(approver, 1)) == ["records.role_missing"]
    take_move(made.pk, "take", typed={"weight": "2"}, actor=ANNA, now=NOW)
    change(approver, 2)
    take_move(made.pk, "release", actor=BERT, now=NOW)
    assert codes(lambda: change(ANNA, 4)) == ["records.not_editable"]
    take_move(made.pk, "keep", actor=BERT, now=NOW)
    assert codes(lambda: change(ANNA, 5)) == ["records.locked"]


def test_what_one_may_not_see_and_what_is_not_there_are_refused_alike(site: Site) -> None:
    made = make()
    texts = []
    for header in (made.pk, 999):
        with pytest.raises(Refused) as caught:
            take_move(header, "take", actor=STRANGER, now=NOW)
        texts.append(in_words(caught.value.reasons[0]))
    assert texts[0].replace(str(made.pk), "999") == texts[1]


def test_a_refusal_stands_in_the_trail_and_is_told_in_the_language_of_its_reader(
    site: Site,
) -> None:
    made = make(weight=None)
    with speaking("pseudo"):
        found = codes(lambda: take_move(made.pk, "take", actor=READER, now=NOW))
    assert found == ["records.field_missing", "records.role_missing"]
    line = trail_of(made.pk)[-1]
    detail = json.loads(line.detail)
    assert (line.action, line.actor) == ("refused:move:take", "person:3")
    assert [reason["code"] for reason in detail["refused"]][1] == "records.role_missing"
    assert detail["shown"] == told_again(detail)
    assert not any("⟦" in text for text in detail["shown"])
    with speaking("pseudo"):
        assert all(text.startswith("⟦") for text in told_again(detail))
    gone = {"refused": [{"code": "specimen.gone", "values": {}}], "shown": ["What was said then."]}
    assert told_again(gone) == ["What was said then."]
    assert verify().sound


def test_a_move_takes_the_fields_of_its_own_input_only(site: Site) -> None:
    made = make(weight=None)
    assert "records.field_unknown" in codes(
        lambda: take_move(made.pk, "take", typed={"weight": 1, "state": "kept"}, actor=ANNA, now=NOW)
    )
    taken = take_move(made.pk, "take", typed={"weight": "2.5"}, actor=ANNA, now=NOW)
    assert str(Specimen.objects.get(pk=taken.pk).weight) == "2.5000"


def test_void_is_a_move_with_a_reason_and_nothing_is_deleted(site: Site) -> None:
    made = make()
    assert codes(lambda: void(made.pk, reason="", actor=ANNA, now=NOW)) == ["records.reason_missing"]
    void(made.pk, reason="broken", actor=ANNA, now=NOW)
    assert Header.objects.get(pk=made.pk).category == "void"
    assert codes(lambda: void(made.pk, reason="again", actor=ANNA, now=NOW)) == ["records.no_way_to_void"]
    assert codes(lambda: void(999, reason="x", actor=ANNA, now=NOW)) == ["records.unknown"]
    assert Entry.objects.filter(action__startswith="refused:").count() == 3


def test_the_edge_is_not_taken_inside_another_transaction(site: Site) -> None:
    with pytest.raises(RuntimeError), recording(actor=ANNA, now=NOW):
        make()


@pytest.fixture
def signer(site: Site) -> Actor:
    setup = system("setup")
    person = services.create_person(username="ute", name="Ute Berg", actor=setup, now=NOW)
    for role in ("inspector", "approver"):
        services.grant_role(person=person, role=role, actor=setup, now=NOW)
    services.check_identity(person=person, how="passport", actor=setup, now=NOW)
    services.record_training(person=person, training="Signing", actor=setup, now=NOW)
    actor = actor_of(person.pk)
    assert actor is not None
    services.accept_signing(person=person, secret=SECRET, actor=actor, now=NOW)
    return actor


def test_a_signed_move_binds_the_signature_to_the_version(signer: Actor) -> None:
    made = make()
    take_move(made.pk, "take", typed={"weight": 1}, actor=ANNA, now=NOW)
    proof = Proof(SECRET, "ute", "session")
    take_move(made.pk, "sign", proof=proof, actor=signer, now=NOW)
    signature = Signature.objects.get()
    assert (signature.header_id, signature.version, signature.meaning) == (made.pk, 3, "approved")
    assert is_valid(signature)


def test_a_failed_signature_is_counted_although_the_move_left_nothing_behind(signer: Actor) -> None:
    made = make()
    take_move(made.pk, "take", typed={"weight": 1}, actor=ANNA, now=NOW)
    person = Person.objects.get()
    wrong = lambda: take_move(  # noqa: E731
        made.pk, "sign", proof=Proof("mistyped-secret", "ute", "s"), actor=signer, now=NOW
    )
    for attempt in range(1, 6):
        assert codes(wrong) == ["signing.wrong"]
        assert open_failures(person) == attempt
    assert codes(wrong) == ["signing.locked"]
    assert Header.objects.get(pk=made.pk).state == "taken"
    assert Entry.objects.filter(action="signing.failed").count() == 5
    assert "mistyped" not in str(list(Entry.objects.values_list("detail", "reason")))
    assert codes(lambda: take_move(made.pk, "sign", actor=signer, now=NOW)) == ["records.signature_missing"]
