"""A text of a record that names other records, by number or title: what it may say, which links follow.

A record type declares which of its columns mention what; whoever makes or edits one needs no line for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.db.models import Q

from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.links import keep_links
from gemba.quality.records.models import Header
from gemba.quality.records.reasons import Reason
from gemba.quality.records.types import Mention, RecordType, record_type
from gemba.quality.records.work import Work

SUGGESTED = 100


def link_mentioned(work: Work, kind: RecordType, record: models.Model) -> None:
    """Make the links of a record those that its texts state."""
    header: Header = record.header  # type: ignore[attr-defined]
    for name, mention in kind.mentions.items():
        if mention.relation:
            texts = _texts(kind, record, name)
            found = [target.pk for _, target in _targets(texts, mention, header.site_id) if target]
            keep_links(work, header.id, mention.relation, found, type_name=mention.type)


def mention_faults(kind: RecordType, record: models.Model, site: str) -> list[Reason]:
    """Each text of a record that names what is not there, or what has ended; those of its rows apart."""
    return row_faults(kind, "", record, site)


def row_faults(kind: RecordType, relation: str, row: models.Model, site: str) -> list[Reason]:
    """The same of one row that belongs to a record by this relation."""
    found = []
    for name, mention in kind.mentions.items():
        of_rows, _, column = name.rpartition(".")
        if of_rows != relation:
            continue
        for text, target in _targets([getattr(row, column)], mention, site):
            if target is None and (mention.only_known or _is_number(text, mention)):
                found.append(Reason("records.mention_unknown", {"field": column, "given": text}))
    return found


def _texts(kind: RecordType, record: models.Model, name: str) -> list[str]:
    relation, _, column = name.rpartition(".")
    rows = kind.rows(record, relation) if relation else [record]
    return [getattr(row, column) for row in rows]


def _targets(texts: list[str], mention: Mention, site: str) -> Iterator[tuple[str, Header | None]]:
    for text in (name for whole in texts for name in mentioned(whole, mention)):
        yield text, named(text, mention, site=site)


def mentioned(text: str, mention: Mention) -> Iterator[str]:
    """The names in a text: one, or as many as commas and lines part."""
    parts = text.replace("\n", ",").split(",") if mention.many else [text]
    yield from dict.fromkeys(part.strip() for part in parts if part.strip())


def named(text: str, mention: Mention, *, site: str) -> Header | None:
    """The living record that a text names by its number, or by a title or label that only one has."""
    rows = Header.objects.filter(type=mention.type).exclude(category__in=LOCKED)
    if not mention.anywhere:
        rows = rows.filter(site=site)
    named_so = Q(number=text) | Q(title=text)
    if mention.label:
        labelled = record_type(mention.type).model._default_manager.filter(**{mention.label: text})  # noqa: SLF001 (Django's public name)
        named_so |= Q(pk__in=labelled.values("pk"))
    found = list(rows.filter(named_so).order_by("pk")[:3])
    exact = [header for header in found if header.number == text]
    return exact[0] if exact else found[0] if len(found) == 1 else None


def suggested(mention: Mention, actor: Actor) -> list[tuple[str, str]]:
    """What a person may mean: number (or name, of a draft) and title of the newest living records he sees."""
    kind = record_type(mention.type)
    rows = Header.objects.filter(type=mention.type).exclude(category__in=LOCKED)
    sites = actor.sites(kind.readers)
    if EVERY_SITE not in sites:
        rows = rows.filter(site__in=sites)
    found = rows.order_by("-pk").values_list("number", "title")[:SUGGESTED]
    return [(number or title, title if number else "") for number, title in found]


def _is_number(text: str, mention: Mention) -> bool:
    """Whether a text looks like a number of such a record: then it means one."""
    return text.startswith(f"{record_type(mention.type).prefix}-")
