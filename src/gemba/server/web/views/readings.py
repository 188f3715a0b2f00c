"""One reading with all that was said about it; a person corrects it, measures it again, or voids it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality import loop
from gemba.quality.control.collecting import queries as collecting
from gemba.quality.control.collecting.amendments import AMENDERS
from gemba.quality.control.collecting.queries import Row
from gemba.quality.control.collecting.reading import Reading, Receipt
from gemba.quality.control.collecting.verdict import beside_of
from gemba.quality.planning.products import queries as products
from gemba.quality.records import edge
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import from_microseconds, to_microseconds
from gemba.quality.records.models import Header
from gemba.quality.records.names import printed_names
from gemba.quality.records.reading import readable
from gemba.quality.records.reasons import Reason, Refused, in_words
from gemba.server.clock import now
from gemba.server.web.numbers import typed_reading
from gemba.server.web.page import done, show, who
from gemba.stats.results import N_

KINDS = ("correction", "remeasure", "void")
AMENDMENTS = (
    ("correction", N_("Correct it"), N_("It was typed wrongly; this is what was measured.")),
    ("remeasure", N_("Measure again"), N_("A new measurement of the same piece; the first stays visible.")),
    ("void", N_("Void it"), N_("It counts no more. A second person confirms it in quarantine.")),
)
"""What a person may say about a reading: kind, word, explanation."""


def reading(request: HttpRequest, identity: int) -> HttpResponse:
    """A reading as it was sent, judged and amended."""
    row, header = _visible(identity, who(request))
    if request.method == "POST":
        return _amend(request, row, header)
    data = facts(row, header)
    may = who(request).has_any(AMENDERS, header.site_id) and not row.void
    return show(request, "reading.html", data, head=header, zone=header.site.zone, may=may,
                ways=[(kind, _(word), _(words)) for kind, word, words in AMENDMENTS])  # fmt: skip


def _visible(identity: int, actor: Actor) -> tuple[Row, Header]:
    row = collecting.reading(identity)
    if row is None:
        raise Http404
    header = collecting.stream(row.stream).characteristic
    readable(header.pk, actor)
    return row, header


def facts(row: Row, header: Header) -> dict[str, Any]:
    """A reading as JSON holds it."""
    names = printed_names(part for item in (row, *row.amendments) for part in (item.actor, item.operator))
    return {
        "characteristic": {"id": header.pk, "number": header.number, "title": header.title},
        "stream": {"id": row.stream, "key": collecting.stream(row.stream).key},
        "late": row.late,
        "void": row.void,
        "holds": row.holds.id,
        **_plain(row, names),
        "amendments": [_plain(item, names) for item in row.amendments],
    }


def _plain(row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    kept = ("id", "source", "sequence", "text", "unit", "gauge", "lot", "serial", "subgroup", "purpose",
            "validity", "kind", "spec_version", "verdict", "note",
            "beside")  # fmt: skip
    return {name: getattr(row, name) for name in kept} | {
        "measured_at": None if row.measured_at is None else from_microseconds(row.measured_at),
        "received_at": from_microseconds(row.received_at),
        "sender": names.get(row.actor, row.actor),
        "operator": names.get(row.operator, row.operator),
        "context": json.loads(row.context or "{}"),
    }


def _amend(request: HttpRequest, row: Row, header: Header) -> HttpResponse:
    typed, actor, moment = request.POST, who(request), now()
    kind: Any = typed.get("kind", "")
    with edge.attempting("amend", actor=actor, now=moment, header=header.pk):
        if not actor.has_any(AMENDERS, header.site_id):
            raise Refused([Reason("records.role_missing", {"roles": ", ".join(AMENDERS)})])
        if kind not in KINDS:
            raise Refused([Reason("collecting.kind_unknown", {"given": kind, "known": ", ".join(KINDS)})])
        if not typed.get("note", "").strip():
            raise Refused([Reason("collecting.note_missing", {"kind": kind})])
    made = by_hand(
        actor,
        moment,
        characteristic=str(header.number),
        text="" if kind == "void" else typed.get("text", "").strip(),
        unit=row.unit,
        kind=kind,
        about=row.id,
        note=typed.get("note", "").strip(),
        **_beside(header, typed.get("beside", "").strip()),
    )
    words = taken(made, actor=actor, moment=moment, header=header.pk)
    return done(request, reverse("reading", args=[row.id]), words)


def _beside(header: Header, text: str) -> dict[str, str]:
    """What stands beside an amended value, by the name that it has there; nothing typed is as it was."""
    spec = products.specification(header.pk, now())
    name = None if spec is None else beside_of(spec)
    return {name: text} if name and text else {}


def by_hand(actor: Actor, moment: datetime, **about: Any) -> Reading:
    """A reading that a person types: the person is the source, the moment its number."""
    return Reading(source=f"hand {actor.id}", sequence=to_microseconds(moment), operator=actor.id, **about)


def taken(made: Reading, *, actor: Actor, moment: datetime, header: int) -> str:
    """Send a typed reading through the one door; what it cannot take comes back with every reason."""
    with edge.attempting("reading", actor=actor, now=moment, header=header):
        made = msgspec.structs.replace(made, text=typed_reading(made.text))
    receipt: Receipt = loop.receive([made], actor=actor, now=moment)[0]
    if receipt.status == "accepted":
        return _("The reading is taken and judged.")
    if receipt.status == "quarantined":
        return " ".join([_("It waits in quarantine."), *(in_words(reason) for reason in receipt.reasons)])
    with edge.attempting("reading", actor=actor, now=moment, header=header):
        raise Refused(receipt.reasons)
