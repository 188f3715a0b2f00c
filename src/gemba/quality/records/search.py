"""Finding any record by its words: number, title, texts, fields of one's own, remarks, names of files.

The index is written with the record, in the same transaction. Who may not read a record does not find it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.quality.records.models import Attachment, Header, Remark
from gemba.quality.records.store.words import add_words, forget_words, put_words, ranked
from gemba.quality.records.types import RecordType, record_type, record_types

_searched: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True)
class Hit:
    """One record that was found."""

    id: int
    type: str
    number: str | None
    title: str
    state: str
    category: str
    site: str


def install_searched(type_name: str, names: tuple[str, ...]) -> None:
    """Say by which of its texts a type of record is found; all of them where none is named."""
    _searched[type_name] = names


def search(
    words: str, *, actor: Actor, types: Sequence[str] | None = None, limit: int = 50
) -> tuple[Hit, ...]:
    """The records that hold every word, each as a beginning, and that the actor may read; best first."""
    where, parameters = _readable(actor, types)
    if not where:
        return ()
    found = ranked(words, where, parameters, limit)
    rows = Header.objects.in_bulk(found)
    return tuple(
        Hit(row.pk, row.type, row.number, row.title, row.state, row.category, row.site_id)
        for row in (rows[identity] for identity in found)
    )


def index_record(kind: RecordType, header: Header, fields: Mapping[str, Any]) -> None:
    """Make a record findable as it is now; called by the recorder with every version."""
    put_words(header.id, header.number or "", header.title, " ".join(_texts(kind, header, fields)))


def index_addition(header: int, text: str) -> None:
    """Make a record findable by something that was added to it."""
    add_words(header, text)


def rebuild_index() -> int:
    """Fill the index anew from the records; returns how many. After a move to another database."""
    forget_words()
    count = 0
    for kind in record_types():
        rows = kind.model._default_manager.select_related("header").order_by("pk")  # noqa: SLF001 (public)
        for record in rows.iterator(chunk_size=500):
            header: Header = record.header  # type: ignore[attr-defined]
            body = " ".join(_texts(kind, header, kind.snapshot(record)))
            put_words(header.id, header.number or "", header.title, body, _additions(header.id))
            count += 1
    return count


def _additions(header: int) -> str:
    remarks = Remark.objects.filter(header_id=header).order_by("id").values_list("text", flat=True)
    files = Attachment.objects.filter(header_id=header).order_by("id").values_list("name", "note")
    return " ".join([*remarks, *(text for file in files for text in file)])


def _texts(kind: RecordType, header: Header, fields: Mapping[str, Any]) -> Iterator[str]:
    yield header.external
    yield from (str(value) for value in json.loads(header.own_fields).values() if value is not True)
    names = _searched.get(kind.name) or _text_columns(kind.model)
    yield from (str(fields[name]) for name in names if fields.get(name))
    for relation in kind.children:
        for row in fields.get(relation, ()):
            yield from (value for value in row.values() if isinstance(value, str))


def _text_columns(model: type[models.Model]) -> tuple[str, ...]:
    texts = (models.CharField, models.TextField)
    return tuple(column.attname for column in model._meta.concrete_fields if isinstance(column, texts))  # noqa: SLF001


def _readable(actor: Actor, types: Sequence[str] | None) -> tuple[str, list[str]]:
    """The condition on the header that lets through what the actor may read."""
    parts: list[str] = []
    parameters: list[str] = []
    for kind in record_types() if types is None else map(record_type, types):
        sites = sorted(actor.sites(kind.readers))
        if EVERY_SITE in sites:
            parts.append("h.type = %s")
            parameters.append(kind.name)
        elif sites:
            parts.append(f"(h.type = %s AND h.site_id IN ({', '.join('%s' for _ in sites)}))")
            parameters += [kind.name, *sites]
    return " OR ".join(parts), parameters
