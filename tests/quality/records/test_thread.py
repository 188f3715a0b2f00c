"""The thread of a record: the picture has room for every card, and what is broken is told, nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.services import create_characteristic, release
from gemba.quality.records.actor import Actor
from gemba.quality.records.edge import create, take_move
from gemba.quality.records.linking import end_record_link, joints_of, link_records
from gemba.quality.records.links import add_link
from gemba.quality.records.models import Entry, Site
from gemba.quality.records.reasons import Reason, Refused, in_words
from gemba.quality.records.thread.folding import ACROSS, DOWN, HEAD, HEIGHT, WIDTH, Fold
from gemba.quality.records.thread.graph import RECORD, Card, Gap, Thread, Tie
from gemba.quality.records.thread.layout import FOLDS, Picture, lay_out
from gemba.quality.records.thread.walk import Bounds, thread_of
from gemba.quality.records.thread.ways import onward
from gemba.quality.records.work import recording
from specimen.types import SPECIMEN
from trials import Trials

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
BOTH = frozenset((role, "*") for role in ("engineer", "inspector"))
ANNA = Actor("person", "person:1", "Anna", BOTH)
BERT = Actor("person", "person:2", "Bert", frozenset({("approver", "*")}))
ULMER = Actor("person", "person:4", "Uwe", frozenset({("reader", "ULM"), ("inspector", "ULM")}))
SEEDED, FULL = 40, 200


def card(number: int, place: int) -> Card:
    return Card((RECORD, number), place, "specimen", f"Column {place}", f"S-{number}")


@st.composite
def threads(draw: st.DrawFn) -> Thread:
    places = draw(st.lists(st.sampled_from((10, 20, 30, 40, 60, 80)), min_size=1, max_size=40))
    cards = [card(number, place) for number, place in enumerate(places)]
    ends = st.integers(0, len(cards) - 1)
    pairs = draw(st.lists(st.tuples(ends, ends).filter(lambda pair: pair[0] != pair[1]), max_size=60))
    ties = [Tie(cards[a].key, "affects", cards[b].key) for a, b in dict.fromkeys(pairs)]
    missing = Card(("missing", 0), 50, "gauge", "Gauge", None, category="missing")
    gap = Gap(cards[0].key, "measured_with", missing, Reason("specimen.alone", {}))
    gaps = (gap,) if draw(st.booleans()) else ()
    return Thread(cards[0].key, tuple(cards), tuple(ties), gaps)


def boxes(picture: Picture, fold: Fold) -> Iterator[tuple[Card, float, float]]:
    """Where the page puts each card: a column's rows follow each other, without those that the fold drops."""
    for number, held in enumerate(picture.columns):
        band, beside = divmod(number, fold.across)
        drawn = [slot for slot in held.rows if fold.name not in slot.dropped]
        assert all(slot.card is None for slot in held.rows if fold.name in slot.dropped)
        for row, slot in enumerate(drawn):
            if slot.card is not None:
                yield slot.card, beside * (WIDTH + ACROSS), fold.top(band) + HEAD + row * (HEIGHT + DOWN)


@given(threads())
@settings(max_examples=60)
def test_no_two_cards_and_no_line_and_card_lie_on_each_other(thread: Thread) -> None:
    picture = lay_out(thread)
    assert len(picture.ties) == len(thread.ties) + len(thread.gaps)
    for fold in picture.folds:
        places = list(boxes(picture, fold))
        assert Counter(item.key for item, _, _ in places) == Counter(
            [*(item.key for item in thread.cards), *(gap.card.key for gap in thread.gaps)]
        )
        assert len({(x, y) for _, x, y in places}) == len(places)
        assert fold.across <= FOLDS[fold.name]
        assert all(x + WIDTH <= fold.width and y + HEIGHT <= fold.height for _, x, y in places)
        assert [line.tie for line in fold.lines] == list(picture.ties)
        for line in fold.lines:
            tied = [(x, y) for item, x, y in places if item.key in (line.tie.source, line.tie.target)]
            edges = {(x + side, y + HEIGHT / 2) for x, y in tied for side in (0, WIDTH)}
            assert {line.points[0], line.points[-1]} <= edges
            for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
                if y1 == y2:  # what runs across runs in the free lane between two rows
                    left, right = sorted((x1, x2))
                    over = [
                        item
                        for item, x, y in places
                        if left < x + WIDTH and x < right and y < y1 < y + HEIGHT
                    ]
                    assert over == []
                else:  # what goes up or down does so between two columns
                    assert abs(x2 - x1) <= ACROSS


def test_a_card_stands_beside_what_it_is_tied_to_and_the_columns_in_the_order_of_the_thread() -> None:
    one, two, three, four = card(1, 80), card(2, 10), card(3, 30), card(4, 30)
    ties = (Tie(four.key, "verifies", two.key), Tie(one.key, "affects", four.key))
    picture = lay_out(Thread(one.key, (one, three, two, four), ties))
    assert [column.title for column in picture.columns] == ["Column 10", "Column 30", "Column 80"]
    row = {item.number: y for item, _, y in boxes(picture, picture.folds[0])}
    assert row["S-1"] == row["S-2"] == row["S-4"] != row["S-3"]
    assert {fold.width for fold in lay_out(Thread(one.key, (), ())).folds} == {0}


def test_a_thread_that_fans_out_begins_at_the_top() -> None:
    asked, made, *signals = (card(number, place) for number, place in enumerate((10, 30, *[60] * 9)))
    ties = (Tie(made.key, "verifies", asked.key), *(Tie(made.key, "raised", one.key) for one in signals))
    picture = lay_out(Thread(asked.key, (asked, made, *signals), ties))
    row = {item.number: y for item, _, y in boxes(picture, picture.folds[0])}
    assert row["S-0"] == row["S-1"] == min(row.values()) == HEAD


def test_the_thread_does_not_come_down_again_to_everything_beside_it() -> None:
    assert onward("start", "contained_in", 30, 20) == "back"
    assert onward("back", "contains", 20, 30) is None
    assert onward("back", "controlled_by", 30, 40) == "beside"
    assert onward("beside", "controls", 40, 30) is None
    assert onward("ahead", "raised", 70, 80) == "ahead"
    assert onward("ahead", "controls", 40, 30) is None
    assert onward("ahead", "affects", 80, 30) == "end"
    assert onward("end", "verifies", 30, 10) is None


@dataclass
class Plant:
    """Characteristics and specimens that control them, with the faults that were put in."""

    now: datetime = NOW
    seeded: set[tuple[str, int]] = field(default_factory=set)
    specimens: list[int] = field(default_factory=list)

    def characteristic(self, *moves: str) -> int:
        self.now += timedelta(minutes=1)
        site = Site.objects.get(pk="HAL")
        wanted = CharacteristicInput(name="Bore", unit="mm", usl=Decimal(5))
        made = create_characteristic(site=site, given=wanted, actor=ANNA, now=self.now)
        for move in moves:
            if move == "release":
                release(characteristic=made, actor=BERT, now=self.now)
            else:
                actor = BERT if move == "retire" else ANNA
                take_move(made.pk, move, reason="as asked", actor=actor, now=self.now)
            made.refresh_from_db()
        return int(made.pk)

    def specimen(self, *moves: str) -> int:
        made = create("specimen", site="HAL", typed={"title": "Piece"}, actor=ANNA, now=self.now)
        for move in moves:
            typed = {"weight": "2"} if move == "take" else {}
            take_move(made.pk, move, typed=typed, reason="as asked", actor=ANNA, now=self.now)
        self.specimens.append(made.pk)
        return int(made.pk)

    def link(self, source: int, target: int, relation: str = "controls", version: int | None = None) -> int:
        with recording(actor=ANNA, now=self.now) as work:
            return add_link(work, source, relation, target, target_version=version)

    def found(self) -> set[tuple[str, int]]:
        told: set[tuple[str, int]] = set()
        for identity in self.specimens:
            thread = thread_of(identity, actor=ANNA)
            told |= {(tie.fault.code, tie.link or 0) for tie in thread.ties if tie.fault is not None}
            told |= {(gap.reason.code, gap.at[1]) for gap in thread.gaps if gap.at[1] in self.specimens}
        return told


@pytest.fixture
def plant(db: None) -> Plant:
    Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")
    Site.objects.create(code="ULM", name="Ulm", zone="Europe/Berlin")
    return Plant()


def break_threads(plant: Plant, faults: int, chance: Random) -> None:
    """So many faults of all kinds, and beside each of them something that looks like one and is none."""
    good = [plant.characteristic("release") for _ in range(5)]
    gone = [plant.characteristic("release", "retire"), plant.characteristic("discard")]
    revised = [plant.characteristic("release", "start_change", "release") for _ in range(3)]
    changing = plant.characteristic("release", "start_change")

    def broken() -> None:
        made = plant.specimen("take")
        plant.link(made, chance.choice(good))
        plant.seeded.add(("thread.gone", plant.link(made, chance.choice(gone))))

    def stale() -> None:
        link = plant.link(plant.specimen("take"), chance.choice(revised), version=2)
        plant.seeded.add(("thread.revision", link))

    def alone() -> None:
        plant.seeded.add(("specimen.alone", plant.specimen("take")))

    def left_behind() -> None:
        made = plant.specimen("take")
        link = plant.link(made, chance.choice(gone))
        plant.seeded |= {("thread.gone", link), ("specimen.alone", made)}

    def none() -> None:
        plant.link(plant.specimen("take"), chance.choice(revised), version=4)
        plant.link(plant.specimen("take"), changing, version=2)
        plant.link(plant.specimen("throw"), chance.choice(gone))
        plant.link(plant.specimen(), chance.choice(revised))
        follower = plant.specimen("take")
        plant.link(follower, chance.choice(good))
        plant.link(follower, plant.specimen("throw"), "supersedes")
        ended = plant.link(follower, gone[0])
        end_record_link(header=follower, link=ended, why="a mistake", actor=ANNA, now=plant.now)

    kinds: tuple[Callable[[], None], ...] = (broken, stale, alone, left_behind)
    while len(plant.seeded) < faults:
        kinds[len(plant.specimens) % 4]()
        if len(plant.seeded) % 4 == 0:
            none()


def test_every_broken_link_of_a_plant_is_found_and_none_that_is_whole(
    plant: Plant, trials: Trials, show: Callable[[str], None]
) -> None:
    count = trials(SEEDED, FULL)
    break_threads(plant, count, Random(7))  # noqa: S311 (a plant for a test)
    found = plant.found()
    assert found == plant.seeded
    assert {code for code, _ in found} == {"thread.gone", "thread.revision", "specimen.alone"}
    show(f"thread: {len(found)} faults seeded and found, 0 false")


def test_what_is_wrong_is_said_in_words(plant: Plant) -> None:
    old, new = (
        plant.characteristic("release", "retire"),
        plant.characteristic("release", "start_change", "release"),
    )
    made = plant.specimen("take")
    plant.link(made, old)
    plant.link(made, new, version=2)
    assert sorted(in_words(reason) for reason in thread_of(made, actor=ANNA).faults) == [
        "CHR-HAL-26-0002 is released and no control plan has a line for it.",
        "SPE-HAL-26-0001 is tied to version 2 of CHR-HAL-26-0002; version 4 is in force since.",
        "SPE-HAL-26-0001 stands on CHR-HAL-26-0001, which is 'Obsolete'.",
    ]


def test_the_thread_takes_the_same_statements_for_three_neighbours_and_for_thirty(
    plant: Plant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    few, many = plant.characteristic("release"), plant.characteristic("release")
    for target, count in ((few, 3), (many, 30)):
        for _ in range(count):
            plant.link(plant.specimen("take"), target)
    for target in (few, many):
        with django_assert_num_queries(6):
            thread_of(target, actor=ANNA, bounds=Bounds(each=50))


def test_what_is_cut_is_told(plant: Plant) -> None:
    hub = plant.characteristic("release")
    for _ in range(12):
        plant.link(plant.specimen("take"), hub)
    short = thread_of(hub, actor=ANNA)
    assert (len(short.cards), short.left, short.whole) == (9, {(RECORD, hub): 4}, True)
    assert [item.key[1] for item in short.cards[1:]] == plant.specimens[:3:-1]
    few = thread_of(hub, actor=ANNA, bounds=Bounds(most=5))
    assert (len(few.cards), few.whole) == (5, False)
    near = thread_of(plant.specimens[0], actor=ANNA, bounds=Bounds(steps=1))
    assert (len(near.cards), near.whole) == (2, False)


def test_of_a_record_that_one_may_not_see_only_number_and_state_are_told(plant: Plant) -> None:
    hub = plant.characteristic("release")
    mine = create("specimen", site="ULM", typed={"title": "Mine"}, actor=ANNA, now=NOW).pk
    plant.link(mine, hub)
    plant.link(plant.specimen("take"), hub)
    thread = thread_of(mine, actor=ULMER)
    other = thread.cards[1]
    assert (other.number, other.said, other.title) == ("CHR-HAL-26-0001", "Released", "")
    assert (other.opened_at, other.readable, len(thread.cards)) == (None, False, 2)


def refused(work: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        work()
    return [reason.code for reason in caught.value.reasons]


def test_a_link_by_hand_joins_what_fits_and_stands_in_the_trail_of_both(plant: Plant) -> None:
    one, two = plant.specimen("take"), plant.characteristic("release")

    def link(relation: str, source: int, target: int, actor: Actor = ANNA, **more: Any) -> int:
        return link_records(header=source, relation=relation, target=target, actor=actor, now=NOW, **more)

    made = link("controlled_by", two, one, why=" as planned ")
    assert link("controls", one, two) == made
    for header, relation in ((one, "controls"), (two, "controlled_by")):
        entry = Entry.objects.filter(header=header, action="link").order_by("pk").first()
        assert entry is not None
        assert (entry.reason, f'"relation":"{relation}"' in entry.detail) == ("as planned", True)
    assert refused(lambda: link("is_like", one, two)) == ["records.relation_unknown"]
    assert refused(lambda: link("controls", two, one)) == ["records.relation_unfit"]
    assert refused(lambda: link("controlled_by", one, two)) == ["records.relation_unfit"]
    assert refused(lambda: link("affects", one, one)) == ["records.link_to_itself"]
    assert refused(lambda: link("affects", one, two, BERT, why="x" * 1001)) == ["records.too_long"]
    assert refused(lambda: link("affects", one, two, why="\x00")) == ["records.not_text"]
    assert refused(lambda: link("affects", two, one, ULMER)) == ["records.unknown"]
    assert "controls" in {joint.relation for joint in joints_of(SPECIMEN)}


def test_a_link_ends_with_a_reason_and_once(plant: Plant) -> None:
    one, two = plant.specimen("take"), plant.characteristic("release")
    link = plant.link(one, two)

    def end(header: int, why: str = "the drawing changed", actor: Actor = ANNA) -> None:
        end_record_link(header=header, link=link, why=why, actor=actor, now=NOW)

    assert refused(lambda: end(one, " ")) == ["records.reason_missing"]
    assert refused(lambda: end(plant.specimen("take"))) == ["records.link_unknown"]
    reader = Actor("person", "person:9", "Rita", frozenset({("reader", "*")}))
    assert refused(lambda: end(one, actor=reader)) == ["records.no_right"]
    end(two)
    assert refused(lambda: end(one)) == ["records.link_unknown"]
    assert Entry.objects.filter(action="link.end", header__in=[one, two]).count() == 2
    assert thread_of(two, actor=ANNA).ties == ()


def test_a_link_to_another_version_takes_the_place_of_the_older_one(plant: Plant) -> None:
    one, two = plant.specimen("take"), plant.characteristic("release", "start_change", "release")
    old = plant.link(one, two, version=2)
    assert plant.link(one, two) == old
    assert thread_of(one, actor=ANNA).ties[0].fault is not None
    assert plant.link(one, two, version=4) != old
    (tie,) = thread_of(one, actor=ANNA).ties
    assert (tie.target_version, tie.fault) == (4, None)
