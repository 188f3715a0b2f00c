"""The only writers of readings and quarantine; called by the one door only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, islice
from operator import attrgetter
from typing import Any

import msgspec

from gemba.quality.control.collecting.accepted import Accepted
from gemba.quality.control.collecting.amendments import AMENDERS
from gemba.quality.control.collecting.examining import USUAL, Barred, Examiner, Held, Taken
from gemba.quality.control.collecting.facts import (
    tell_barred,
    tell_decided,
    tell_nonconforming,
    tell_quarantined,
)
from gemba.quality.control.collecting.intake import (
    Claims,
    claim,
    read_reading,
    repeat_receipts,
    want_keys,
    write_reading,
    write_reasons,
)
from gemba.quality.control.collecting.models import Quarantined, Waiting
from gemba.quality.control.collecting.order import Bound, arrange, bind, lock_streams, positions
from gemba.quality.control.collecting.reading import Reading, Receipt
from gemba.quality.control.collecting.sheet import Sheet
from gemba.quality.control.collecting.tables import DECISION, QUARANTINED, READING
from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.work import Work

__all__ = ["accept", "discard", "release"]
Batch = tuple[Actor, Sequence[Reading]]


def accept(
    work: Work,
    batches: Sequence[Batch],
    bound_for: Callable[[Sequence[int], int], None] | None = None,
) -> tuple[Accepted, list[list[Receipt]]]:
    """Take readings in: each exactly once, judged against its specification, or held with every reason.

    ``bound_for`` is told, once these are locked, for which streams how many readings are bound, and may ask
    for something along with what is asked next.

    Returns
    -------
    tuple
        What was stored, in the order in which it is judged, and a receipt for each reading of each batch.
    """
    sheet = Sheet(list(chain.from_iterable(given for _, given in batches)))
    actors = list(chain.from_iterable([actor] * len(given) for actor, given in batches))
    found = Examiner(work, sheet, at=work.at).look_over(actors, arrange(sheet))
    taken = [item for item in found if type(item) is Taken]
    others = [item for item in found if type(item) is not Taken] if len(taken) < len(found) else []
    streams = lock_streams(taken)
    if bound_for is not None:
        bound_for(streams, len(taken))
    sheet = sheet.only([item.reading for item in taken])
    bound = bind(taken, sheet)
    held = [item for item in others if isinstance(item, Held)]
    claims = claim(work, taken, sheet, held, want_keys(sheet, held))
    if claims.taken is not taken:
        sheet = sheet.only([item.reading for item in claims.taken])
        bound = bind(claims.taken, sheet)
    accepted = _store(work, claims.ids, bound, sheet)
    _hold(work, claims.held)
    barred = [*(item for item in others if isinstance(item, Barred)), *claims.barred]
    tell_barred(work, barred)
    parts = iter(_receipts(len(found), claims, accepted, barred))
    return accepted, [list(islice(parts, len(given))) for _, given in batches]


def release(
    work: Work, *, quarantined: int, mended: Reading | None, reason: str, actor: Actor
) -> tuple[Accepted, Receipt]:
    """Take a reading out of quarantine, mended or as it is.

    Raises
    ------
    Refused
        With everything that still stands against it; it stays in quarantine.
    """
    waiting = _waiting(quarantined, actor)
    kept = waiting.quarantined
    given = read_reading(kept.content)
    reading = given if mended is None else mended
    if (reading.source, reading.sequence) != (given.source, given.sequence):
        raise Refused([Reason("collecting.key_changed")])
    sheet = Sheet([reading])
    examiner = Examiner(work, sheet, at=kept.received_at, second=kept.actor != actor.id)
    found = examiner.look_over([actor], [0])[0]
    if not isinstance(found, Taken):
        raise Refused(found.reasons)
    lock_streams([found])
    identity = store.next_values("reading", 1)[0]
    store.fetch(
        "UPDATE collecting_intake SET reading = %s WHERE source = %s AND sequence = %s RETURNING sequence",
        [identity, reading.source, reading.sequence],
    )
    bound = bind([msgspec.structs.replace(found, actor=kept.actor)], sheet)
    accepted = _store(work, [identity], bound, sheet)
    changed = "" if reading == given else write_reading(reading)
    _decide(work, waiting, "released", actor, reason, changed, identity)
    receipts = _receipts(1, Claims([identity], [found], [], [], []), accepted, [])
    return accepted, msgspec.structs.replace(receipts[0], quarantine=quarantined)


def discard(work: Work, *, quarantined: int, reason: str, actor: Actor) -> None:
    """Decide that a quarantined reading is not taken; it stays readable."""
    waiting = _waiting(quarantined, actor)
    if not reason.strip():
        raise Refused([Reason("records.reason_missing")])
    _decide(work, waiting, "discarded", actor, reason, "", None)


def _store(work: Work, ids: Sequence[int], bound: Bound, sheet: Sheet) -> Accepted:
    """Store what is taken; ``sheet`` holds its readings."""
    taken = bound.taken
    if not taken:
        return Accepted((), (), (), work.at, {})
    accepted = Accepted(ids, positions(ids, bound, sheet), taken, work.at, bound.streams)
    work.write_columns(READING, _columns(accepted, sheet, work.ledger.tx))
    tell_nonconforming(work, ids, taken)
    return accepted


def _columns(accepted: Accepted, sheet: Sheet, tx: int) -> store.Columns:
    """The columns of the sealed table; of usual readings most are known without a look."""
    taken, usual = accepted.taken, accepted.usual

    def each(name: str) -> Sequence[Any] | store.Same:
        return store.Same(USUAL[name]) if usual else list(map(attrgetter(name), taken))

    return (
        accepted.ids,
        store.Same(tx),
        [item.stream for item in taken],
        accepted.positions,
        sheet["source"],
        sheet["sequence"],
        sheet["text"],
        [None if item.reading.kind == "void" else item.value for item in taken],
        [item.reading.unit or item.asked.unit for item in taken],
        each("qualifier"),
        [item.measured_at for item in taken],
        [item.offset for item in taken],
        store.Same(accepted.at),
        [item.actor for item in taken],
        *(sheet[name] for name in ("operator", "gauge", "lot", "serial")),
        [item.subgroup for item in taken],
        each("purpose"),
        each("validity"),
        sheet["kind"],
        each("about"),
        [item.asked.version for item in taken],
        [item.verdict for item in taken],
        each("context"),
        sheet["note"],
        each("beside"),
    )


def _hold(work: Work, held: Sequence[tuple[int, Held]]) -> None:
    if not held:
        return
    rows = [
        (
            identity,
            work.ledger.tx,
            item.reading.source,
            item.reading.sequence,
            work.at,
            item.actor,
            item.site,
            write_reading(item.reading),
            write_reasons(item.reasons),
        )
        for identity, item in held
    ]
    work.write(QUARANTINED, rows)
    columns = ("quarantined_id", "characteristic", "site", "received_at")
    waiting = [
        (identity, _printable(item.reading.characteristic), item.site, work.at) for identity, item in held
    ]
    store.insert_many("collecting_waiting", columns, waiting)
    tell_quarantined(work, held)


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in text[:80])


def _receipts(count: int, claims: Claims, accepted: Accepted, barred: Sequence[Barred]) -> list[Receipt]:
    """A receipt for each place."""
    taken = list(map(_receipt, accepted.ids, accepted.positions, accepted.taken))
    if [item.place for item in accepted.taken] == list(range(count)):
        return taken
    found: dict[int, Receipt] = repeat_receipts(claims.repeated) if claims.repeated else {}
    found |= {item.place: receipt for item, receipt in zip(accepted.taken, taken, strict=True)}
    for identity, held in claims.held:
        found[held.place] = Receipt(
            source=held.reading.source,
            sequence=held.reading.sequence,
            status="quarantined",
            quarantine=identity,
            reasons=held.reasons,
        )
    for place, reading, reasons in barred:
        found[place] = Receipt(
            source=reading.source, sequence=reading.sequence, status="refused", reasons=reasons
        )
    return [found[place] for place in range(count)]


def _receipt(identity: int, position: int, item: Taken) -> Receipt:
    reading = item.reading
    return Receipt(
        source=reading.source,
        sequence=reading.sequence,
        status="accepted",
        reading=identity,
        verdict=item.verdict,
        late=position < identity,
    )


def _waiting(quarantined: int, actor: Actor) -> Waiting:
    """The waiting row, locked, for a person who may decide on it."""
    reasons: list[Reason] = []
    if actor.kind != "person":
        reasons.append(Reason("collecting.person_needed"))
    kept = Quarantined.objects.filter(pk=quarantined).first()
    waiting = store.lock_rows(Waiting.objects.filter(pk=quarantined)).first()
    if kept is None or not _may_decide(actor, kept.site):
        reasons.append(Reason("collecting.quarantine_unknown", {"quarantined": quarantined}))
    elif waiting is None:
        reasons.append(Reason("collecting.decided"))
    if reasons or waiting is None or kept is None:
        raise Refused(reasons)
    waiting.quarantined = kept
    return waiting


def _may_decide(actor: Actor, site: str) -> bool:
    return actor.has_any(AMENDERS, site) if site else bool(actor.sites(AMENDERS))


def _decide(
    work: Work,
    waiting: Waiting,
    action: str,
    actor: Actor,
    reason: str,
    mended: str,
    reading: int | None,
) -> None:
    identity, quarantined = store.next_values("decision", 1)[0], waiting.quarantined_id
    site = waiting.quarantined.site
    row = (identity, work.ledger.tx, quarantined, action, actor.id, work.at, reason, mended, reading)
    work.write(DECISION, [row])
    waiting.delete()
    detail = {"quarantined": quarantined, "reading": reading, "mended": bool(mended)}
    work.enter(f"quarantine:{action}", reason=reason, detail=detail)
    tell_decided(work, site)
