from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from pytest_django import DjangoAssertNumQueries

from gemba.quality.records.actions import Action
from gemba.quality.records.actor import Actor
from gemba.quality.records.edge import create, take_move
from gemba.quality.records.links import add_link
from gemba.quality.records.models import Site
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.screen import (
    Column,
    Filter,
    Screen,
    Section,
    form_of,
    install_screens,
    list_page,
    object_page,
    read_query,
    write_query,
)
from gemba.quality.records.screen.declare import faults_of_screen
from gemba.quality.records.tasks import open_task
from gemba.quality.records.work import recording
from gemba.stats.results import translator
from specimen.inputs import SpecimenInput
from specimen.models import Specimen
from specimen.screen import SCREEN
from specimen.types import SPECIMEN

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ANNA = Actor("person", "person:1", "Anna", frozenset({("inspector", "*")}))
BERT = Actor("person", "person:2", "Bert", frozenset({("approver", "HAL"), ("inspector", "HAL")}))
ULMER = Actor("person", "person:4", "Uwe", frozenset({("reader", "ULM")}))
NOBODY = Actor("person", "person:5", "Ned", frozenset({("access_administrator", "*")}))

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sites() -> None:
    Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")
    Site.objects.create(code="ULM", name="Ulm", zone="Europe/Berlin")


def make(*, site: str = "HAL", now: datetime = NOW, **typed: Any) -> Specimen:
    typed = {"title": "A piece"} | typed
    made = create("specimen", site=site, typed=typed, actor=ANNA, now=now)
    assert isinstance(made, Specimen)
    return made


def titles(address: str = "", actor: Actor = ANNA) -> list[str]:
    pairs = [(key, value) for key, _, value in (part.partition("=") for part in address.split("&")) if key]
    page = list_page(SCREEN, read_query(SCREEN, pairs), actor=actor)
    return [str(row.values["title"]) for row in page.rows]


def codes(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code for reason in caught.value.reasons]


def test_a_list_shows_only_what_its_reader_may_see() -> None:
    make(title="in Halle")
    make(title="in Ulm", site="ULM")
    assert titles() == ["in Ulm", "in Halle"]
    assert titles(actor=BERT) == ["in Halle"]
    assert titles(actor=ULMER) == ["in Ulm"]
    assert titles(actor=NOBODY) == []


def test_a_filter_asks_what_its_kind_of_value_can_answer() -> None:
    make(title="light", weight="1.5", note="a scratch")
    make(title="heavy", weight="20", due_at="2026-03-31T23:30:00+00:00")
    make(title="unweighed", note="Öl")
    assert titles("weight.from=1.5&weight.to=20") == ["heavy", "light"]
    assert titles("weight=1.50") == ["light"]
    assert titles("weight.empty=yes") == ["unweighed"]
    assert titles("weight.empty=no&weight.to=2") == ["light"]
    assert titles("note.has=SCRATCH") == ["light"]
    assert titles("note.empty=yes") == ["heavy"]
    assert titles("due_at.to=2026-03-31") == ["heavy"]
    assert titles("due_at.to=2026-03-30") == []
    assert titles("due_at.from=2026-03-31T23:30:00 00:00") == ["heavy"]
    assert titles("state=draft,taken") == ["unweighed", "heavy", "light"]
    assert titles("state=taken") == []
    assert titles("category=draft&site=HAL&owner=person:1&title=light&title=heavy") == ["heavy", "light"]
    assert titles("weight.from=") == ["unweighed", "heavy", "light"]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("originator=person:1", "records.filter_unknown"),
        ("header__site=HAL", "records.filter_unknown"),
        ("state.has=dra", "records.filter_unknown"),
        ("weight__gt=1", "records.filter_unknown"),
        ("state=open", "records.not_choice"),
        ("category=gone", "records.not_choice"),
        ("weight.from=heavy", "records.not_number"),
        ("weight.from=1e20", "records.too_many_digits"),
        ("weight=1.00001", "records.too_many_digits"),
        ("due_at.to=soon", "records.not_date"),
        ("due_at.to=2026-03-31T10:00:00", "records.not_moment"),
        ("weight.empty=maybe", "records.not_yes_no"),
        ("note.has=a\x00b", "records.not_text"),
        ("sort=heavy", "records.sort_unknown"),
        ("sort=header__site", "records.sort_unknown"),
        ("limit=0", "records.limit_invalid"),
        ("limit=501", "records.limit_invalid"),
        ("limit=²", "records.limit_invalid"),
        ("after=!!!", "records.cursor_invalid"),
        ("after=WzFd", "records.cursor_invalid"),
        ("sort=weight&after=WyJhYmMiLDFd", "records.cursor_invalid"),
        ("sort=opened_at&after=WyIxIiwxXQ", "records.cursor_invalid"),
        ("after=WzEsMTAwMDAwMDAwMDAwMDAwMDAwMDAwMF0", "records.cursor_invalid"),
    ],
)
def test_what_a_list_does_not_know_is_refused_never_ignored(address: str, code: str) -> None:
    assert codes(lambda: titles(address)) == [code]


def test_every_fault_of_an_address_is_named_at_once() -> None:
    assert len(codes(lambda: titles("a=1&b=2&sort=c&limit=x&state=none"))) == 5


@pytest.mark.parametrize(
    "sort", ["", "id", "-id", "weight", "-weight", "opened_at", "-due_at", "title", "number"]
)
def test_pages_hold_every_row_once_whatever_the_order(sort: str) -> None:
    for index in range(11):
        typed: dict[str, Any] = {"title": f"piece {index % 3}"}
        if index % 4:
            typed["weight"] = str(index % 5)
        if index % 2:
            typed["due_at"] = f"2026-04-{1 + index % 3:02d}T00:00:00+00:00"
        make(now=NOW + timedelta(seconds=index % 4), **typed)
    query = read_query(SCREEN, [("sort", sort), ("limit", "3")] if sort else [("limit", "3")])
    whole = list_page(SCREEN, replace(query, limit=500), actor=ANNA)
    seen, after = [], ""
    for _ in range(4):
        page = list_page(SCREEN, replace(query, after=after), actor=ANNA)
        seen += [row.id for row in page.rows]
        after = page.after or ""
    assert after == ""
    assert seen == [row.id for row in whole.rows]
    assert len(set(seen)) == 11


def test_a_query_is_written_as_it_was_read() -> None:
    pairs = [("state", "draft"), ("state", "taken"), ("weight.from", "1"), ("q", "oil"), ("sort", "-title")]
    query = read_query(SCREEN, [*pairs, ("limit", "7")])
    assert write_query(query) == [*pairs, ("limit", "7")]
    assert read_query(SCREEN, write_query(query)) == query


def test_a_list_asks_the_database_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(5):
        make(weight="11")
    query = read_query(SCREEN, [("state", "draft")])
    with django_assert_num_queries(2):  # the rows, the names of the people in them
        page = list_page(SCREEN, query, actor=BERT)
    assert page.rows[0].values["heavy"] is True
    assert page.rows[0].values["weight"] == "11"


def test_the_object_page_says_all_that_its_reader_may_see_and_is_plain_data() -> None:
    made = make(weight="1.5", slices=[{"thickness": "0.25"}], due_at="2026-04-01T10:00:00+02:00")
    other, hidden = make(), make(site="ULM")
    with recording(actor=ANNA, now=NOW) as work:
        add_link(work, made.pk, "raised_from", other.pk)
        add_link(work, made.pk, "affects", hidden.pk)
    open_task(
        what="tasks.asked",
        values={"text": "Look"},
        assignee="role:approver",
        header=made.header,
        actor=ANNA,
        now=NOW,
    )
    page = object_page(made.pk, actor=BERT, now=NOW)
    shown = {
        item.name: (item.value, item.text) for group in (page.header, *page.sections) for item in group.fields
    }
    assert shown["state"] == ("draft", "Draft")
    assert shown["due_at"][0] == "2026-04-01T08:00:00+00:00"
    assert page.children[0].rows[0]["thickness"] == "0.25"
    assert page.panels[0].data == {"slices": 1}
    assert {(link.relation, link.id) for link in page.links} == {("raised_from", other.pk), ("affects", 0)}
    assert [(task.text, task.mine) for task in page.tasks] == [("Look", True)]
    assert msgspec.json.encode(page)


def test_the_object_page_greys_out_with_every_reason_what_cannot_be_done() -> None:
    made = make(weight=None)
    reader = Actor("person", "person:6", "Rita", frozenset({("reader", "HAL")}))
    page = object_page(made.pk, actor=reader, now=NOW, language="pseudo")
    moves = {move.name: [reason.code for reason in move.reasons] for move in page.moves}
    assert moves == {"take": ["records.role_missing"], "throw": ["records.role_missing"]}
    assert page.edit is not None
    assert [reason.code for reason in page.edit.reasons] == ["records.role_missing"]
    assert page.moves[0].reasons[0].text.startswith("⟦")
    take_move(made.pk, "take", typed={"weight": "1"}, actor=BERT, now=NOW)
    release = next(m for m in object_page(made.pk, actor=BERT, now=NOW).moves if m.name == "release")
    assert [reason.code for reason in release.reasons] == ["records.own_work"]


def test_a_page_of_what_one_may_not_see_is_refused() -> None:
    made = make()
    assert codes(lambda: object_page(made.pk, actor=ULMER, now=NOW)) == ["records.unknown"]
    taken = take_move(made.pk, "take", typed={"weight": "1"}, actor=ANNA, now=NOW)
    number = str(taken.header.number)  # type: ignore[attr-defined]
    assert object_page(number, actor=BERT, now=NOW).id == made.pk
    assert codes(lambda: object_page(number, actor=ULMER, now=NOW)) == ["records.unknown"]


def test_a_form_comes_from_the_input_and_the_model() -> None:
    fields = {field.name: field for field in form_of(SPECIMEN, SpecimenInput, translator("en"))}
    assert (fields["title"].required, fields["title"].length) == (True, 200)
    assert (fields["weight"].kind, fields["weight"].places, fields["weight"].required) == ("number", 4, False)
    assert fields["note"].long
    assert [row.name for row in fields["slices"].rows] == ["thickness", "id"]


@dataclass(frozen=True, kw_only=True)
class Misfit:
    weight: str = ""
    colour: str = ""
    size: Decimal = Decimal(0)


def test_a_screen_that_does_not_fit_is_refused_at_start_with_every_fault() -> None:
    wrong = Screen(
        kind=SPECIMEN,
        columns=(Column("colour"), *(Column(f"f{i}", "F", lambda record: record.pk) for i in range(3))),
        filters=(Filter("shade"),),
        sections=(Section("A", ("title", "title")),),
        search=("smell",),
        order="-colour2",
        create=Action(Misfit),
        edit=Action(Misfit),
        moves={"fly": Action()},
    )
    with pytest.raises(TypeError) as caught:
        install_screens([wrong])
    text = str(caught.value)
    for fault in ("colour", "shade", "title stands in two", "smell", "colour2", "fly", "needs a title"):
        assert fault in text
    for fault in (
        "Misfit.weight cannot be kept",
        "Misfit.colour is no column",
        "stands in no section",
        "3 functions",
    ):
        assert fault in text


def test_the_specimens_screen_fits() -> None:
    assert faults_of_screen(SCREEN) == []
