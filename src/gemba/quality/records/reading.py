"""Who may read which record: one place for pages, API, search and files."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet

from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.quality.records.models import Header
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.types import RecordType, record_type


def may_read(kind: RecordType, actor: Actor, site: str) -> bool:
    """Whether the actor may read records of this type at the site."""
    return actor.has_any(kind.readers, site)


def sees(header: int, actor: Actor) -> bool:
    """Whether there is such a record and the actor may read it."""
    found = Header.objects.filter(pk=header).first()
    return found is not None and may_read(record_type(found.type), actor, found.site_id)


def visible(kind: RecordType, actor: Actor) -> QuerySet[Any]:
    """The records of a type that the actor may read, with their headers."""
    rows = kind.model._default_manager.select_related("header", "header__site")  # noqa: SLF001 (public)
    sites = actor.sites(kind.readers)
    return rows if EVERY_SITE in sites else rows.filter(header__site__in=sites)


def refuse_stranger(header: Header, actor: Actor, *, called: int | str | None = None) -> RecordType:
    """Refuse whoever may not read a record, in the words of one that does not exist; else its type."""
    kind = record_type(header.type)
    if not may_read(kind, actor, header.site_id):
        raise Refused([Reason("records.unknown", {"record": header.pk if called is None else called})])
    return kind


def header_called(reference: int | str) -> Header | None:
    """The header of a record by its id or its number, whoever asks."""
    wanted = {"number": reference} if isinstance(reference, str) else {"pk": reference}
    return Header.objects.filter(**wanted).first()


def readable(header: int | str, actor: Actor) -> tuple[RecordType, Model]:
    """A record by its id or its number, for somebody who may read it.

    What does not exist and what the actor may not see are refused in the same words.
    """
    found = header_called(header)
    if found is None:
        raise Refused([Reason("records.unknown", {"record": header})])
    kind = refuse_stranger(found, actor, called=header)
    rows = kind.model._default_manager.select_related("header", "header__site")  # noqa: SLF001 (public)
    return kind, rows.get(pk=found.pk)
