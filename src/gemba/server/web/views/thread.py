"""The thread of a record as a picture that is a list: what it stands on, what came of it, what is broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from gemba.quality.records.links import INVERSE
from gemba.quality.records.models import Header
from gemba.quality.records.reading import readable
from gemba.quality.records.reasons import in_words
from gemba.quality.records.thread.graph import RECORD, Card, Key, Thread, Tie
from gemba.quality.records.thread.layout import Picture, lay_out
from gemba.quality.records.thread.walk import USUAL, thread_of
from gemba.server.web.page import show, who
from gemba.server.web.places import icon_of
from gemba.server.web.views.objects import wanted

LEADS: Mapping[str, Callable[[int], str]] = {
    RECORD: str,
    "chart": lambda identity: reverse("chart", args=[identity]),
    "verdict": lambda identity: reverse("record", args=["capa", identity]),
}
"""Where what is no record leads."""
ICON = {"chart": "chart", "verdict": "check"}


@dataclass(frozen=True)
class Said:
    """One tie of a card in words: the relation read from the card, and the card at its other end."""

    relation: str
    other: Card
    fault: str


@dataclass(frozen=True)
class Place:
    """A card as the page draws it: where it leads, its ties in words, what is wrong with it."""

    card: Card
    address: str
    icon: str
    here: bool
    left: int
    ties: tuple[Said, ...]
    faults: tuple[str, ...]


def told(thread: Thread) -> dict[str, Any]:
    """A thread as JSON holds it."""
    return thread.to_dict(in_words)


def thread(request: HttpRequest, type_name: str, reference: str) -> HttpResponse:
    """The whole thread of one record."""
    kind, row = readable(wanted(reference), who(request))
    header: Header = row.header  # type: ignore[attr-defined]
    if kind.name != type_name:
        return HttpResponseRedirect(reverse("record_thread", args=[kind.name, header.id]))
    found = thread_of(header.id, actor=who(request))
    picture = lay_out(found)
    places = _places(found, picture)
    columns = [
        (
            column.title,
            [(None if slot.card is None else places[slot.card.key], slot.dropped) for slot in column.rows],
        )
        for column in picture.columns
    ]
    return show(request, "thread.html", told(found), head=header, kind=kind, thread=found, picture=picture,
                columns=columns, broken=[in_words(reason) for reason in found.faults], bounds=USUAL,
                zone=header.site.zone)  # fmt: skip


def _places(thread: Thread, picture: Picture) -> dict[Key, Place]:
    slots = [slot for column in picture.columns for slot in column.rows]
    cards = {slot.card.key: slot.card for slot in slots if slot.card is not None}
    said: dict[Key, list[Said]] = {key: [] for key in cards}
    faults: dict[Key, list[str]] = {key: [] for key in cards}
    for tie in picture.ties:
        fault = "" if tie.fault is None else in_words(tie.fault)
        said[tie.source].append(Said(tie.relation, cards[tie.target], fault))
        said[tie.target].append(Said(_read_back(tie), cards[tie.source], fault))
        if fault:
            at = tie.target if tie.target[0] != RECORD else tie.source
            faults[at].append(fault)
    return {
        key: Place(
            card,
            _address(card),
            ICON.get(card.type) or icon_of(card.type),
            key == thread.start,
            thread.left.get(key, 0),
            tuple(said[key]),
            tuple(faults[key]),
        )
        for key, card in cards.items()
    }


def _read_back(tie: Tie) -> str:
    return INVERSE.get(tie.relation, "belongs_to")


def _address(card: Card) -> str:
    """Where a card leads; nowhere where the reader may not see it, or where there is nothing."""
    kind, identity = card.key
    if not card.readable or kind not in LEADS:
        return ""
    return reverse("record_thread", args=[card.type, identity]) if kind == RECORD else LEADS[kind](identity)
