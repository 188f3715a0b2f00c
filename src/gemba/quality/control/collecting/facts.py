"""Telling others: events once for a batch, and a line in the trail for what was refused."""

from __future__ import annotations

from collections.abc import Sequence

from gemba.quality.control.collecting import events
from gemba.quality.control.collecting.examining import Barred, Held, Taken
from gemba.quality.records.models import Header
from gemba.quality.records.outbox import emit
from gemba.quality.records.work import Work

REACTED = frozenset({"production", "first-piece"})
"""The purposes for which a value outside the specification has consequences."""


def tell_nonconforming(work: Work, ids: Sequence[int], taken: Sequence[Taken]) -> None:
    """One event for each stream with values outside the specification."""
    streams: dict[int, list[tuple[int, Taken]]] = {}
    for identity, item in zip(ids, taken, strict=True):
        if item.verdict == "nonconform" and item.purpose in REACTED:
            streams.setdefault(item.stream, []).append((identity, item))
    for stream, rows in streams.items():
        first = rows[0][1]
        lots = dict.fromkeys(item.reading.lot for _, item in rows if item.reading.lot)
        payload = {
            "stream": stream,
            "number": first.asked.spec.number,
            "site": first.asked.spec.site,
            "readings": [identity for identity, _ in rows[: events.LISTED]],
            "count": len(rows),
            "lots": list(lots)[: events.LISTED],
            "received_at": work.at,
        }
        emit(work, events.NONCONFORMING, Header.objects.get(pk=first.characteristic), payload)


def tell_quarantined(work: Work, held: Sequence[tuple[int, Held]]) -> None:
    """One event for all that a batch left in quarantine."""
    if held:
        payload = {
            "quarantined": [identity for identity, _ in held[: events.LISTED]],
            "count": len(held),
            "sites": sorted({item.site for _, item in held}),
        }
        emit(work, events.QUARANTINED, None, payload)


def tell_barred(work: Work, barred: Sequence[Barred]) -> None:
    """A line in the trail: what was refused and not stored, with codes and values."""
    if barred:
        listed = [
            {
                "source": item.reading.source[:80].encode("ascii", "backslashreplace").decode(),
                "sequence": str(item.reading.sequence)[:20],
                "reasons": [reason.to_dict() for reason in item.reasons],
            }
            for item in barred[: events.LISTED]
        ]
        work.enter("refused:receive", detail={"refused": listed, "count": len(barred)})


def tell_decided(work: Work, site: str) -> None:
    """Tell that a person decided on a reading that waited."""
    emit(work, events.DECIDED, None, {"site": site})
