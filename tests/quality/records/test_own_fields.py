from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gemba.quality.records.actor import Actor
from gemba.quality.records.edge import create, edit, take_move
from gemba.quality.records.history import changes, record_as_of
from gemba.quality.records.models import Header, OwnField, Site
from gemba.quality.records.ownfields import (
    Definition,
    define_own_field,
    definitions,
    own_values,
    retire_own_field,
)
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.recorder import change_record
from gemba.quality.records.screen import list_page, object_page, read_query, with_own
from gemba.quality.records.search import search
from gemba.quality.records.trail import verify
from gemba.quality.records.work import recording
from specimen.models import Specimen
from specimen.screen import SCREEN
from specimen.types import SPECIMEN

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ANNA = Actor("person", "person:1", "Anna", frozenset({("inspector", "*")}))
ADA = Actor("person", "person:9", "Ada", frozenset({("system_administrator", "HAL")}))
ROOT = Actor("person", "person:8", "Rob", frozenset({("system_administrator", "*")}))

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hal() -> Site:
    Site.objects.create(code="ULM", name="Ulm")
    return Site.objects.create(code="HAL", name="Halle")


def define(key: str = "melt", what: str = "text", *, actor: Actor = ROOT, **given: Any) -> Definition:
    words = {"label": key.capitalize()} | given
    return define_own_field(kind=SPECIMEN, key=key, what=what, actor=actor, now=NOW, **words)


def make(own: dict[str, Any] | None = None, site: str = "HAL") -> Specimen:
    typed = {"title": "A piece", "weight": "1.5"}
    made = create("specimen", site=site, typed=typed, own=own, actor=ANNA, now=NOW)
    assert isinstance(made, Specimen)
    return made


def codes(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code for reason in caught.value.reasons]


KINDS: list[tuple[str, dict[str, Any], Any, Any]] = [
    ("text", {}, " A-17 ", "A-17"),
    ("number", {}, "01.50", "1.5"),
    ("number", {}, 3, "3"),
    ("date", {}, "2026-03-31", "2026-03-31"),
    ("choice", {"choices": ("red", "green")}, "red", "red"),
    ("yes_no", {}, "no", False),
]


@pytest.mark.parametrize(("what", "more", "typed", "kept"), KINDS)
def test_a_field_keeps_what_its_kind_means(what: str, more: dict[str, Any], typed: Any, kept: Any) -> None:
    define("melt", what, **more)
    made = make({"melt": typed})
    assert own_values(Header.objects.get(pk=made.pk)) == {"melt": kept}
    assert verify().sound


@pytest.mark.parametrize(
    ("what", "more", "typed", "code"),
    [
        ("text", {}, "a\x00", "records.not_text"),
        ("text", {}, "a" * 2001, "records.too_long"),
        ("text", {}, 5, "records.not_text"),
        ("number", {}, "1,5", "records.not_number"),
        ("number", {}, float("inf"), "records.not_number"),
        ("date", {}, "31.3.2026", "records.not_date"),
        ("choice", {"choices": ("red", "green")}, "blue", "records.not_choice"),
        ("yes_no", {}, "perhaps", "records.not_yes_no"),
    ],
)
def test_what_does_not_fit_is_refused_by_the_label_people_know(
    what: str, more: dict[str, Any], typed: Any, code: str
) -> None:
    define("melt", what, label="Melt number", **more)
    with pytest.raises(Refused) as caught:
        make({"melt": typed})
    assert [reason.code for reason in caught.value.reasons] == [code]
    assert "Melt number" in in_words(caught.value.reasons[0])


def test_a_field_holds_where_it_was_defined(hal: Site) -> None:
    define("melt", site=hal)
    make({"melt": "A"})
    assert codes(lambda: make({"melt": "A"}, site="ULM")) == ["own.unknown"]
    assert codes(lambda: make({"colour": "red"})) == ["own.unknown"]


def test_a_definition_of_the_site_comes_before_the_general_one(hal: Site) -> None:
    define("melt", label="Everywhere")
    define("melt", label="In Halle", site=hal)
    assert [item.label for item in definitions("specimen", "HAL")] == ["In Halle"]
    assert [item.label for item in definitions("specimen", "ULM")] == ["Everywhere"]


def test_a_state_is_reached_only_with_what_it_requires() -> None:
    define("melt", required_at=("taken",))
    define("heat", "number", required_at=("taken", "released"))
    made = make()

    def move(own: dict[str, Any]) -> Any:
        return take_move(made.pk, "take", typed={"weight": 1}, own=own, actor=ANNA, now=NOW)

    assert codes(lambda: move({})) == ["records.field_missing", "records.field_missing"]
    assert codes(lambda: move({"melt": "A"})) == ["records.field_missing"]
    assert codes(lambda: move({"melt": " ", "heat": "x"})) == [
        "records.not_number",
    ]
    taken = move({"melt": "A", "heat": "20.5"})
    assert own_values(Header.objects.get(pk=taken.pk)) == {"melt": "A", "heat": "20.5"}
    assert codes(
        lambda: edit(made.pk, typed={}, own={"melt": None}, expected_version=2, actor=ANNA, now=NOW)
    ) == ["records.field_missing"]


def test_a_required_first_state_asks_at_once_and_no_is_an_answer() -> None:
    define("checked", "yes_no", required_at=("draft",))
    assert codes(make) == ["records.field_missing"]
    make({"checked": False})


def test_the_values_stand_in_version_difference_and_search() -> None:
    define("melt")
    made = make({"melt": "Überlingen-17"})
    edit(
        made.pk, typed={}, own={"melt": "Köln-18"}, expected_version=1, reason="mistyped", actor=ANNA, now=NOW
    )
    assert [(c.name, c.old, c.new) for c in changes(made.pk, 2)] == [("own.melt", "Überlingen-17", "Köln-18")]
    past = record_as_of(made.pk, NOW)
    assert past is not None
    assert "Köln" in past.header["own_fields"]
    assert [hit.id for hit in search("koln", actor=ANNA)] == [made.pk]
    assert search("uberlingen", actor=ANNA) == ()


def test_an_edit_that_sets_only_an_own_field_is_a_change_and_the_same_value_is_none() -> None:
    define("melt")
    made = make()
    edit(made.pk, typed={}, own={"melt": "A"}, expected_version=1, actor=ANNA, now=NOW)
    edit(made.pk, typed={}, own={"melt": "A"}, expected_version=2, actor=ANNA, now=NOW)
    assert Header.objects.get(pk=made.pk).version == 2


def test_no_service_stores_a_value_that_does_not_fit() -> None:
    define("heat", "number")
    made = make()
    made.header.own_fields = '{"heat": "hot"}'
    with pytest.raises(Refused), recording(actor=ANNA, now=NOW) as work:
        change_record(work, made, action="edit")


def test_a_definition_is_versioned_and_its_kind_never_changes() -> None:
    define("melt", label="Melt")
    assert define("melt", label="Melt number", required_at=("taken",)).revision == 2
    assert codes(lambda: define("melt", "number")) == ["own.kind_changed"]
    assert [row.label for row in OwnField.objects.order_by("id")] == ["Melt", "Melt number"]
    assert verify().sound


def test_a_retired_field_is_asked_no_more_and_its_values_stay() -> None:
    define("melt", required_at=("taken",))
    made = make({"melt": "A"})
    assert codes(lambda: retire_own_field(kind=SPECIMEN, key="melt", reason="", actor=ANNA, now=NOW)) == [
        "records.no_right",
        "records.reason_missing",
    ]
    retire_own_field(kind=SPECIMEN, key="melt", reason="not used", actor=ROOT, now=NOW)
    assert definitions("specimen", "HAL") == ()
    take_move(made.pk, "take", typed={"weight": 1}, actor=ANNA, now=NOW)
    page = object_page(made.pk, actor=ANNA, now=NOW)
    assert [(item.name, item.value) for item in page.own.fields] == [("melt", "A")]
    assert page.own_form == ()
    assert codes(
        lambda: retire_own_field(kind=SPECIMEN, key="melt", reason="again", actor=ROOT, now=NOW)
    ) == ["own.unknown"]
    assert define("melt").revision == 3


def test_every_fault_of_a_definition_is_named(hal: Site) -> None:
    wrong = lambda: define("Melt-No", "colour", label=" ", required_at=("gone",), actor=ANNA)  # noqa: E731
    assert codes(wrong) == [
        "records.no_right",
        "own.key_invalid",
        "records.field_missing",
        "own.kind_unknown",
        "own.state_unknown",
    ]
    assert codes(lambda: define("melt", "choice", choices=("a", " a"))) == ["own.choices_missing"]
    assert codes(lambda: define("melt", actor=ADA)) == ["records.no_right"]
    assert define("melt", actor=ADA, site=hal).site == "HAL"


def test_the_page_shows_own_fields_and_what_they_ask() -> None:
    define("colour", "choice", choices=("red", "green"), required_at=("taken",))
    made = make({"colour": "red"})
    page = object_page(made.pk, actor=ANNA, now=NOW)
    assert [(item.label, item.value) for item in page.own.fields] == [("Colour", "red")]
    assert [(field.name, field.choices[1], field.required_at) for field in page.own_form] == [
        ("colour", ("green", "green"), ("taken",))
    ]


def listed(address: str = "", actor: Actor = ANNA) -> list[Any]:
    """The colours (or whatever ``melt`` is) of a list, as an address asks for it."""
    screen = with_own(SCREEN, actor)
    pairs = [(key, value) for key, _, value in (part.partition("=") for part in address.split("&")) if key]
    page = list_page(screen, read_query(screen, pairs), actor=actor)
    return [row.values["own-melt"] for row in page.rows]


ASKED: list[tuple[str, dict[str, Any], list[Any], dict[str, list[Any]]]] = [
    ("text", {}, ["A-17", "b", None], {"own-melt.has=a-1": ["A-17"], "own-melt=b": ["b"],
     "own-melt.empty=yes": [None], "sort=-own-melt": ["b", "A-17", None]}),
    ("number", {}, ["9.5", "10", None], {"own-melt.from=9.6": ["10"], "own-melt=9.50": ["9.5"],
     "own-melt.from=9&own-melt.to=9.5": ["9.5"], "sort=own-melt": ["9.5", "10", None]}),
    ("date", {}, ["2026-03-31", "2026-04-01"], {"own-melt.to=2026-03-31": ["2026-03-31"],
     "sort=-own-melt": ["2026-04-01", "2026-03-31"]}),
    ("choice", {"choices": ("red", "green, dark")}, ["red", "green, dark"],
     {"own-melt=green, dark": ["green, dark"], "sort=own-melt": ["green, dark", "red"]}),
    ("yes_no", {}, [True, False, None], {"own-melt=no": [False], "own-melt=yes": [True],
     "sort=own-melt": [False, True, None]}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "more", "held", "answers"), ASKED)
def test_a_list_has_a_column_a_filter_and_an_order_of_it(
    what: str, more: dict[str, Any], held: list[Any], answers: dict[str, list[Any]]
) -> None:
    define("melt", what, **more)
    for value in held:
        make({} if value is None else {"melt": value})
    assert listed() == held[::-1]
    for address, expected in answers.items():
        assert listed(address) == expected, address
        assert [listed(f"{address}&limit=1&after={mark}")[0] for mark in marks(address)] == expected


def marks(address: str) -> list[str]:
    """The mark of each page of a list of one row a page."""
    screen, found = with_own(SCREEN, ANNA), [""]
    while True:
        parts = f"{address}&limit=1&after={found[-1]}".split("&")
        pairs = [(key, value) for key, _, value in (part.partition("=") for part in parts)]
        after = list_page(screen, read_query(screen, pairs), actor=ANNA).after
        if after is None:
            return found
        found.append(after)


def test_a_list_has_the_fields_of_the_sites_that_one_may_see_and_those_of_that_day(hal: Site) -> None:
    ulm = Site.objects.get(code="ULM")
    define("melt", label="Melt", site=hal)
    define("cavity", "number", label="Cavity", site=ulm)
    reader = Actor("person", "person:4", "Uwe", frozenset({("reader", "ULM")}))
    columns = {
        actor.name: [column.name for column in with_own(SCREEN, actor).columns] for actor in (ANNA, reader)
    }
    assert columns["Anna"][-2:] == ["own-cavity", "own-melt"]
    assert columns["Uwe"][-1] == "own-cavity"
    assert "own-melt" not in columns["Uwe"]
    assert codes(lambda: listed("own-melt=x", reader)) == ["records.filter_unknown"]
    later = NOW + timedelta(days=1)
    retire_own_field(kind=SPECIMEN, key="melt", site=hal, reason="no more", actor=ROOT, now=later)
    assert "own-melt" not in [column.name for column in with_own(SCREEN, ANNA).columns]
    assert "own-melt" in [column.name for column in with_own(SCREEN, ANNA, at=NOW).columns]


def test_two_sites_that_mean_different_things_by_a_key_are_listed_as_texts(hal: Site) -> None:
    define("melt", "number", site=hal)
    define("melt", "text", site=Site.objects.get(code="ULM"))
    make({"melt": "9.5"})
    make({"melt": "nine"}, site="ULM")
    assert listed("own-melt.has=9") == ["9.5"]
    assert listed("sort=own-melt") == ["9.5", "nine"]
