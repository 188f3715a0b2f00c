"""Fields of one's own in a list: columns, filters and an order like those that a screen declares.

They are named ``own-KEY``, so that no field of a plant hides one of the program. Where two sites gave one key
different kinds, the list takes its values as texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.quality.records.models import Header
from gemba.quality.records.ownfields import Definition, every_definition, own_values
from gemba.quality.records.screen.declare import Column, Filter, Screen
from gemba.quality.records.screen.sources import Kind, Source

PREFIX = "own-"
_KINDS: Mapping[str, Kind] = {
    "text": "text",
    "number": "number",
    "date": "date",
    "choice": "choice",
    "yes_no": "yes_no",
}
_TYPES: Mapping[str, models.Field[Any, Any]] = {"number": models.FloatField(), "date": models.DateField()}


@dataclass(frozen=True)
class OwnSource(Source):
    """A field of one's own as a value of a list; its ``path`` is the name of ``expression`` in the query."""

    key: str = ""

    def of(self, record: models.Model) -> Any:
        """The value of one record as JSON holds it."""
        header: Header = record.header  # type: ignore[attr-defined]
        return own_values(header).get(self.key)

    @property
    def expression(self) -> Any:
        """The value in a query: a number, a date, yes or no, or a text."""
        text = KeyTextTransform(self.key, Cast(F("header__own_fields"), models.JSONField()))
        if self.kind == "yes_no":
            said = Cast(text, models.TextField())
            return Case(
                When(models.Q(models.lookups.In(said, ["true", "1"])), then=Value(True)),
                When(models.Q(models.lookups.In(said, ["false", "0"])), then=Value(False)),
                default=None,
                output_field=models.BooleanField(null=True),
            )
        return Cast(text, _TYPES.get(self.kind, models.TextField()))


@dataclass(frozen=True, kw_only=True)
class OwnScreen(Screen):
    """A screen with the fields of one's own that a reader meets in its list."""

    own: Mapping[str, OwnSource] = field(default_factory=dict)

    def source(self, name: str) -> Source:
        """Where a name leads, those of fields of one's own too."""
        return self.own.get(name) or super().source(name)


def with_own(screen: Screen, actor: Actor, *, at: datetime | None = None) -> Screen:
    """The screen with the fields of one's own of the sites that the actor may see, now or as of a moment."""
    known = every_definition(screen.kind.name, at=at)
    sites = actor.sites(screen.kind.readers)
    seen: dict[str, list[Definition]] = {}
    for item in sorted(known, key=lambda item: (item.key, item.site or "")):
        if not item.retired and (item.site is None or item.site in sites or EVERY_SITE in sites):
            seen.setdefault(item.key, []).append(item)
    if not seen:
        return screen
    own = {
        f"{PREFIX}{key}": _source(place, held, {item.kind for item in known if item.key == key})
        for place, (key, held) in enumerate(seen.items())
    }
    given = {item.name: getattr(screen, item.name) for item in fields(Screen)}
    given["columns"] = (*screen.columns, *(Column(name) for name in own))
    given["filters"] = (*screen.filters, *(Filter(name) for name in own))
    return OwnScreen(**given, own=own)


def past_own(header: Mapping[str, Any]) -> dict[str, Any]:
    """The values of fields of one's own in a past header, under the names of a list."""
    values = own_values(Header(own_fields=header.get("own_fields") or "{}"))
    return {f"{PREFIX}{key}": value for key, value in values.items()}


def _source(place: int, held: list[Definition], kinds: set[str]) -> OwnSource:
    first = held[0]
    kind = _KINDS[first.kind] if len(kinds) == 1 else "text"
    listed = dict.fromkeys(choice for item in held for choice in item.choices) if kind == "choice" else {}
    choices = tuple((choice, choice) for choice in listed)
    return OwnSource(
        f"{PREFIX}{first.key}", f"ownfield{place}", kind, first.label, choices, True, None, True, first.key
    )
