"""Remarks: what somebody adds to a record in words, on a closed one as an addendum; none is ever changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.given import Unfit, read_text
from gemba.quality.records.ledger import SealedTable
from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.models import Header, Remark
from gemba.quality.records.reading import readable
from gemba.quality.records.reasons import Reason, refuse_if
from gemba.quality.records.recorder import lock_header
from gemba.quality.records.search import index_addition
from gemba.quality.records.trail import install_sealed
from gemba.quality.records.work import recording
from gemba.stats.results import N_

REMARK = SealedTable(
    "records_remark",
    ("id", "tx", "header_id", "version", "addendum", "about_id", "text", "actor", "at"),
)
install_sealed(REMARK)
LONGEST = 10_000
REMARKS: Mapping[str, str] = {
    "remarks.elsewhere": N_("The remark that this one is about stands on another record."),
}


def add_remark(*, header: int, text: str, about: int | None = None, actor: Actor, now: datetime) -> Remark:
    """Add a remark to a record, also to a closed one; ``about`` is a remark that it answers or corrects.

    Raises
    ------
    Refused
        When it is empty or too long, or the actor only reads such records.
    """
    kind, record = readable(header, actor)
    head: Header = record.header  # type: ignore[attr-defined]
    reasons = list(_faults(text))
    if not actor.has_any(kind.working_roles, head.site_id):
        reasons.append(Reason("records.no_right", {"site": head.site_id}))
    if about is not None and not Remark.objects.filter(pk=about, header_id=header).exists():
        reasons.append(Reason("remarks.elsewhere"))
    refuse_if(reasons)
    with recording(actor=actor, now=now) as work:
        current = lock_header(header)
        row = Remark(
            id=store.next_values("remark", 1)[0],
            tx=work.ledger.tx,
            header_id=header,
            version=current.version,
            addendum=int(current.category in LOCKED),
            about_id=about,
            text=text.strip(),
            actor=actor.id,
            at=work.at,
        )
        work.write(REMARK, [[getattr(row, column) for column in REMARK.columns]])
        work.enter("remark.add", header=header, version=current.version, detail={"remark": row.pk})
        index_addition(header, row.text)
    return row


def remarks_of(header: int) -> list[Remark]:
    """The remarks of a record, oldest first."""
    return list(Remark.objects.filter(header_id=header).order_by("id"))


def _faults(text: str) -> tuple[Reason, ...]:
    try:
        plain = read_text(text)
    except Unfit as unfit:
        return (Reason(unfit.code, {"field": "text"}),)
    if not plain:
        return (Reason("records.field_missing", {"field": "text"}),)
    if len(plain) > LONGEST:
        return (Reason("records.too_long", {"field": "text", "limit": LONGEST}),)
    return ()
