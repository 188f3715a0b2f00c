"""Linking two records by hand, and ending a link: which kinds fit, who may, with a reason and a trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gemba.quality.records.actor import Actor
from gemba.quality.records.given import Unfit, read_text
from gemba.quality.records.links import INVERSE, STORED, add_link, end_link, links_of
from gemba.quality.records.models import Header
from gemba.quality.records.reading import readable
from gemba.quality.records.reasons import Reason, refuse_if
from gemba.quality.records.recorder import lock_header
from gemba.quality.records.types import RecordType, record_types
from gemba.quality.records.work import recording

LONGEST_WHY = 1000


@dataclass(frozen=True)
class Joint:
    """A relation that a record may be linked by, read from its own side, and to which types (none: any)."""

    relation: str
    types: tuple[str, ...]


def joints_of(kind: RecordType) -> tuple[Joint, ...]:
    """The relations that fit a type: those that it names itself, those that others name it in, the free ones.

    A relation that some type names joins only what is named; one that no type names joins anything.
    """
    named = {relation for other in record_types() for relation in other.strand.links}
    own = [Joint(relation, types) for relation, types in kind.strand.links.items()]
    of_others: dict[str, list[str]] = {}
    for other in record_types():
        for relation, types in other.strand.links.items():
            if kind.name in types:
                of_others.setdefault(INVERSE[relation], []).append(other.name)
    free = [Joint(relation, ()) for relation in INVERSE if relation not in named]
    return (*own, *(Joint(relation, tuple(types)) for relation, types in of_others.items()), *free)


def link_records(
    *, header: int, relation: str, target: int | str, why: str = "", actor: Actor, now: datetime
) -> int:
    """Link a record to another one by a relation read from its own side; the trail of both says so.

    Raises
    ------
    Refused
        When the relation does not join such records, or the actor only reads the first one.
    """
    kind, record = readable(header, actor)
    other_kind, other = readable(target, actor)
    head, far = _header(record), _header(other)
    text, reasons = _read(why)
    reasons += _no_right(kind, head, actor)
    if head.id == far.id:
        reasons.append(Reason("records.link_to_itself"))
    if relation not in INVERSE and relation not in STORED:
        reasons.append(Reason("records.relation_unknown", {"relation": relation}))
    elif not _fits(kind, relation, other_kind):
        values = {"relation": relation, "source": kind.label, "target": other_kind.label}
        reasons.append(Reason("records.relation_unfit", values))
    refuse_if(reasons)
    source, stored, end = (head, relation, far) if relation in INVERSE else (far, STORED[relation], head)
    with recording(actor=actor, now=now) as work:
        made = add_link(work, source.id, stored, end.id, why=text)
        work.enter("link", header=head.id, reason=text, detail=_detail(relation, far))
        work.enter("link", header=far.id, reason=text, detail=_detail(_inverse(relation), head))
    return made


def end_record_link(*, header: int, link: int, why: str, actor: Actor, now: datetime) -> None:
    """State that a link of a record no longer holds, and why; it stays readable, the trail of both says so.

    Raises
    ------
    Refused
        Without a reason, or when the record has no such link.
    """
    kind, record = readable(header, actor)
    head = _header(record)
    text, reasons = _read(why)
    reasons += _no_right(kind, head, actor)
    if not text and not reasons:
        reasons.append(Reason("records.reason_missing"))
    with recording(actor=actor, now=now) as work:
        lock_header(head.id)
        found = [item for item in links_of(head.id) if item.id == link]
        refuse_if([*reasons, *(() if found else (Reason("records.link_unknown"),))])
        for item in found:
            far = Header.objects.get(pk=item.other.id)
            end_link(work, link, why=text)
            work.enter("link.end", header=head.id, reason=text, detail=_detail(item.relation, far))
            work.enter("link.end", header=far.id, reason=text, detail=_detail(_inverse(item.relation), head))


def _fits(kind: RecordType, relation: str, other: RecordType) -> bool:
    joints = joints_of(kind) if relation in INVERSE else joints_of(other)
    stored, far = (relation, other) if relation in INVERSE else (STORED[relation], kind)
    return any(item.relation == stored and far.name in (item.types or (far.name,)) for item in joints)


def _inverse(relation: str) -> str:
    return INVERSE.get(relation) or STORED[relation]


def _detail(relation: str, other: Header) -> dict[str, str | int | None]:
    return {"relation": relation, "target": other.number, "record": other.id}


def _no_right(kind: RecordType, header: Header, actor: Actor) -> list[Reason]:
    may = actor.has_any(kind.working_roles, header.site_id)
    return [] if may else [Reason("records.no_right", {"site": header.site_id})]


def _read(why: str) -> tuple[str, list[Reason]]:
    try:
        text = read_text(why) or ""
    except Unfit as unfit:
        return "", [Reason(unfit.code, {"field": "why"})]
    if len(text) > LONGEST_WHY:
        return "", [Reason("records.too_long", {"field": "why", "limit": LONGEST_WHY})]
    return text.strip(), []


def _header(record: object) -> Header:
    header: Header = record.header  # type: ignore[attr-defined]
    return header
