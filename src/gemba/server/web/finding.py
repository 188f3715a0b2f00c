"""What the command palette finds: places one may go to, records one may make, records one may read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality.records.actor import Actor
from gemba.quality.records.search import search
from gemba.quality.records.types import record_types
from gemba.server.access import ACCESS, allows
from gemba.server.web.language import within
from gemba.server.web.places import PLACES

MOST_RECORDS = 12


def found_anywhere(words: str, actor: Actor) -> list[dict[str, Any]]:
    """Everything that fits: a record of that very number, pages, what can be made, other records."""
    records = list(_records(words, actor)) if words and allows(ACCESS["search"].read or (), actor) else []
    exact = [item for item in records if item["number"].casefold() == words.casefold()]
    others = [item for item in records if item not in exact]
    return [*exact, *_fitting(words, _places(actor)), *_fitting(words, _new(actor)), *others]


def _places(actor: Actor) -> Iterator[dict[str, Any]]:
    for place in PLACES:
        if allows(ACCESS[place.route].read or (), actor):
            yield _entry(_(place.label), _("page"), place.address)


def _new(actor: Actor) -> Iterator[dict[str, Any]]:
    for kind in record_types():
        if actor.sites(kind.create_roles):
            label = _("New {kind}").format(kind=within(_(kind.label)))
            yield _entry(label, _("make"), reverse("record_new", args=[kind.name]))


def _records(words: str, actor: Actor) -> Iterator[dict[str, Any]]:
    labels = {kind.name: _(kind.label) for kind in record_types()}
    for hit in search(words, actor=actor, limit=MOST_RECORDS):
        address = reverse("record", args=[hit.type, hit.id])
        yield _entry(hit.title, labels[hit.type], address, hit.number or "", hit.category)


def _entry(label: str, kind: str, address: str, number: str = "", category: str = "") -> dict[str, Any]:
    return {"label": label, "kind": kind, "address": address, "number": number, "category": category}


def _fitting(words: str, entries: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those in whose label every word begins a word."""
    asked = words.casefold().split()
    return [
        item
        for item in entries
        if all(any(part.startswith(word) for part in item["label"].casefold().split()) for word in asked)
    ]
