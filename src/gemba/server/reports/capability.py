"""The capability of a chart as a document, from the readings that are stored."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from gemba import __version__
from gemba.quality.control.collecting import queries as collecting
from gemba.quality.planning.products import queries as products
from gemba.quality.planning.products.specification import Specification
from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.models import Header
from gemba.quality.records.reading import readable
from gemba.quality.records.reasons import Reason, Refused
from gemba.server.reports.document import Document, Fact, words_of
from gemba.server.reports.paper import DRAWING, paper_of
from gemba.server.reports.record import Teller
from gemba.server.web.numbers import shown_number
from gemba.stats.results import N_, speaking, spoken, translator

MOST = 1000
"""The last readings that a report judges."""
TASK = "gemba.server.reports.study:setting"


def print_capability(
    stream: int,
    *,
    actor: Actor,
    now: datetime,
    language: str | None = None,
    form: Literal["pdf", "svg"] = "pdf",
) -> tuple[str, bytes]:
    """The capability report of a stream on one page: a name for the file, and its bytes.

    Raises
    ------
    Refused
        When the actor may not read its characteristic, or there is nothing that can be judged.
    """
    asked = asked_of(stream, actor=actor, now=now, language=language)
    name = f"{asked['document']['number'].split(' ')[0]}-capability-{stream}.{form}"
    return name, paper_of(asked | {"form": form}, task=TASK, bounds=DRAWING)


def asked_of(stream: int, *, actor: Actor, now: datetime, language: str | None = None) -> dict[str, Any]:
    """All that the report needs to know: the head of the document, the values, the limits."""
    with speaking(language or spoken()):
        return _asked_of(stream, actor, now)


def _asked_of(stream: int, actor: Actor, now: datetime) -> dict[str, Any]:
    row = collecting.stream(stream)
    readable(row.characteristic_id, actor)
    header = Header.objects.select_related("site").get(pk=row.characteristic_id)
    asks = products.specification(header.id, now)
    if asks is None:
        why = translator()(N_("the characteristic was never released."))
        raise Refused([Reason("print.no_study", {"why": why})])
    if asks.chart is not None and asks.chart.kind == "z-mr":
        why = translator()(N_("its readings are of several parts, each with a capability of its own."))
        raise Refused([Reason("print.no_study", {"why": why})])
    rows = [item for item in collecting.latest_readings(stream, limit=MOST) if not item.void]
    held = [(item, item.holds) for item in rows if item.holds.value is not None]
    labels = [item.subgroup for item, _ in held]
    document = _document(header, row.key, asks, [value for _, value in held], actor, now)
    return {
        "language": document.language,
        "document": asdict(document),
        "values": [value.value for _, value in held],
        "subgroups": labels if labels and all(labels) else [],
        "size": 1 if asks.chart is None else asks.chart.subgroup_size,
        **{
            name: None if getattr(asks, name) is None else float(getattr(asks, name))
            for name in ("lsl", "usl", "target")
        },
    }


def _document(
    header: Header,
    key: str,
    asks: Specification,
    held: Sequence[collecting.Row],
    actor: Actor,
    now: datetime,
) -> Document:
    t = translator()
    tell = Teller(header.site.zone, {}, t)
    printed = f"{t(N_('Printed by'))} {actor.name}, {tell.moment(now)}"
    told = "\n".join(f"{item.id} {item.text} {item.unit}" for item in held)
    digest = hashlib.sha256(told.encode()).hexdigest()
    number = f"{header.number} {collecting.key_in_words(key)}".strip()
    state = t(N_("{count} readings")).format(count=len(held))
    seal: Any = store.fetch("SELECT number, hash FROM records_seal ORDER BY number DESC LIMIT 1")
    proof: tuple[Fact, ...] = (
        (t(N_("Characteristic")), f"{header.number}, {t(N_('version'))} {asks.version}", False),
        (t(N_("As of")), now.isoformat(timespec="seconds"), False),
        (t(N_("Digest of the readings (SHA-256)")), digest, True),
        *((t(N_("Newest seal of the trail")), f"{row[0]} {bytes(row[1]).hex()}", True) for row in seal),
        (t(N_("Print")), printed, False),
        (t(N_("Program")), f"gemba {__version__}", False),
    )
    return Document(
        plant=header.site.name,
        kind=t(N_("Capability report")),
        number=number,
        title=header.title,
        state=state,
        tone="plain",
        strip=_strip(header, asks, held, tell, now),
        parts=(),
        foot=f"{number} · {digest[:16]} · {printed}",
        proof=proof,
        language=spoken(),
        words=words_of(t),
    )


def _strip(
    header: Header, asks: Specification, held: Sequence[collecting.Row], tell: Teller, now: datetime
) -> tuple[Fact, ...]:
    t = tell.t
    moments = [tell.moment(from_microseconds(item.measured_at or item.received_at)) for item in held]
    limits = {t(N_("LSL")): asks.lsl, t(N_("Target")): asks.target, t(N_("USL")): asks.usl}
    facts = [
        (t(N_("As of")), tell.moment(now), False),
        (t(N_("Site")), header.site_id, False),
        *(
            (name, f"{shown_number(f'{limit.normalize():f}')} {asks.unit}", False)
            for name, limit in limits.items()
            if limit is not None
        ),
        *((t(N_("First reading")), text, False) for text in moments[:1]),
        *((t(N_("Last reading")), text, False) for text in moments[-1:]),
    ]
    return tuple(facts)
