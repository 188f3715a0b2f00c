from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.quality.records.actor import Actor
from gemba.quality.records.attachments import keep_attachment
from gemba.quality.records.edge import create, edit, take_move
from gemba.quality.records.models import Header, Site
from gemba.quality.records.remarks import add_remark
from gemba.quality.records.screen import list_page, read_query
from gemba.quality.records.search import rebuild_index, search
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.store.words import fold, put_words, ranked, read_words
from gemba.quality.records.work import recording
from specimen.models import Specimen
from specimen.screen import SCREEN

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ANNA = Actor("person", "person:1", "Anna", frozenset({("inspector", "*")}))
BERT = Actor("person", "person:2", "Bert", frozenset({("approver", "HAL")}))
NOBODY = Actor("person", "person:5", "Ned", frozenset({("access_administrator", "*")}))

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sites() -> None:
    Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")
    Site.objects.create(code="ULM", name="Ulm", zone="Europe/Berlin")


def make(site: str = "HAL", **typed: Any) -> Specimen:
    made = create("specimen", site=site, typed={"title": "A piece"} | typed, actor=ANNA, now=NOW)
    assert isinstance(made, Specimen)
    return made


def found(words: str, actor: Actor = ANNA) -> list[int]:
    return [hit.id for hit in search(words, actor=actor)]


def test_every_word_is_the_beginning_of_a_word_without_case_and_accents() -> None:
    made = make(title="Gehäuse GROẞ", note="Öl an der Dichtfläche")
    assert found("gehau") == found("DICHT geh") == found("gross öl") == [made.pk]
    assert found("gehause zylinder") == found("häuse") == []


def test_a_number_is_found_as_it_is_written_and_in_part() -> None:
    made = make(weight="1")
    take_move(made.pk, "take", typed={"weight": 1}, actor=ANNA, now=NOW)
    number = Header.objects.get(pk=made.pk).number
    assert found(str(number)) == found("spe-hal") == found("0001") == [made.pk]


def test_a_hit_in_the_number_comes_before_one_in_the_title_and_that_before_one_in_the_text() -> None:
    text = make(note="about spe and more")
    title = make(title="spe")
    number = make(weight="1")
    take_move(number.pk, "take", typed={"weight": 1}, actor=ANNA, now=NOW)
    assert found("spe") == [number.pk, title.pk, text.pk]


def test_who_may_not_read_a_record_does_not_find_it() -> None:
    here, there = make(title="flange"), make(site="ULM", title="flange")
    assert set(found("flange")) == {here.pk, there.pk}
    assert found("flange", BERT) == [here.pk]
    assert found("flange", NOBODY) == []
    assert search("flange", actor=ANNA, types=[]) == ()
    assert [hit.id for hit in search("flange", actor=BERT, types=["specimen"])] == [here.pk]


def test_an_edit_changes_what_a_record_is_found_by_and_one_that_fails_does_not() -> None:
    made = make(note="scratch")
    edit(made.pk, typed={"note": "dent"}, expected_version=1, actor=ANNA, now=NOW)
    assert found("dent") == [made.pk]
    assert found("scratch") == []
    with pytest.raises(ZeroDivisionError), recording(actor=ANNA, now=NOW):  # noqa: PT012 (it fails at its end)
        put_words(made.pk, "", "", "burr")
        _ = 1 / 0
    assert found("burr") == []


def test_remarks_and_names_of_files_find_their_record(tmp_path_factory: pytest.TempPathFactory) -> None:
    made = make(note="scratch")
    add_remark(header=made.pk, text="Der Kunde rief an.", actor=ANNA, now=NOW)
    folder = DataFolder(tmp_path_factory.mktemp("plant"))
    keep_attachment(
        header=made.pk, name="Foto Nut.txt", content=b"x", folder=folder, actor=ANNA, now=NOW, note="links"
    )
    edit(made.pk, typed={"note": "dent"}, expected_version=1, actor=ANNA, now=NOW)
    assert found("kunde foto links dent") == [made.pk]


def test_the_index_can_be_made_anew_from_the_records() -> None:
    made = make(note="scratch")
    add_remark(header=made.pk, text="Kunde", actor=ANNA, now=NOW)
    before = read_words(made.pk)
    put_words(made.pk, "wrong", "wrong", "wrong", "wrong")
    assert rebuild_index() == 1
    assert read_words(made.pk) == before


def test_a_list_is_narrowed_by_the_same_words() -> None:
    one, _ = make(note="scratch"), make(note="dent")

    def rows(words: str) -> list[int]:
        page = list_page(SCREEN, read_query(SCREEN, [("q", words)]), actor=ANNA)
        return [row.id for row in page.rows]

    assert rows("scra") == [one.pk]
    assert rows("scra dent") == []
    assert rows("...") == []


@pytest.mark.parametrize(
    "words", ["", "  ", "*", '"', "' OR 1=1 --", "a AND NOT b", "NEAR(a b)", "a\x00b", "(", "title:x"]
)
def test_nothing_that_somebody_types_is_a_command(words: str) -> None:
    make(title="plain")
    assert found(words) == []


@settings(max_examples=40, deadline=None)
@given(words=st.lists(st.text(max_size=12), max_size=5))
def test_whatever_stands_in_a_record_finds_it(words: list[str]) -> None:
    text = " ".join(words)
    put_words(1, "", text, text)
    tokens = fold(text)
    assert read_words(1) is not None
    for token in tokens:
        assert ranked_without_header(token) == [1]


def ranked_without_header(token: str) -> list[int]:
    from gemba.quality.records import store
    from gemba.quality.records.store.words import matching

    raw = matching(token)
    assert raw is not None
    return [int(row[0]) for row in store.fetch(raw.sql, raw.params)]


def test_a_long_text_is_indexed_as_far_as_both_databases_can() -> None:
    text = " ".join(f"word{number}" for number in range(6000))
    put_words(1, "", "", text)
    assert ranked_without_header("word4999") == [1]
    assert ranked_without_header("word5001") == []
    assert ranked("word1", "h.id > %s", [0], 5) == []
