"""The writer of drafts that rules make: one episode of a stream gives one draft, whatever joins it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gemba.quality.control.collecting.stretches import Stretch, stretch
from gemba.quality.control.nonconformance import events
from gemba.quality.control.nonconformance.inputs import Suspicion
from gemba.quality.control.nonconformance.lifecycle import JOINABLE
from gemba.quality.control.nonconformance.models import Location, Nonconformance
from gemba.quality.control.nonconformance.record import NONCONFORMANCE
from gemba.quality.control.nonconformance.words import LOCATIONS
from gemba.quality.planning.products import queries as products
from gemba.quality.planning.products.specification import Specification
from gemba.quality.records import store
from gemba.quality.records.history import done_by
from gemba.quality.records.lifecycle import LOCKED, Linked
from gemba.quality.records.links import add_link, linked_headers
from gemba.quality.records.models import Header, Site
from gemba.quality.records.outbox import emit
from gemba.quality.records.recorder import change_record, create_record, lock_header, whole_snapshot
from gemba.quality.records.work import Work
from gemba.stats.results import N_, NN_, translator

SEVERITY_OF_CLASS = {"CC": "critical", "SC": "major"}


def draft_suspect(
    *, suspicion: Suspicion, asked: Specification, opens: bool = True, work: Work
) -> Nonconformance | None:
    """Let a draft say what is suspect: a new one, or the one of the same stream and episode.

    The same suspicion told twice changes nothing. Without ``opens`` it only joins one that is there.
    """
    store.lock_name(f"gemba.suspect.{suspicion.stream}")
    held = _joinable(suspicion)
    if held is not None:
        return _join(work, held, suspicion)
    return _open(work, suspicion, asked) if opens else None


def create_draft(
    work: Work, record: Nonconformance, *, site: Site, title: str, raised_from: int | None
) -> Nonconformance:
    """Store a new draft with its open questions and its links, and say so."""

    def ask(made: Nonconformance) -> None:
        Location.objects.bulk_create(Location(nonconformance=made, location=name) for name in LOCATIONS)

    create_record(work, NONCONFORMANCE, record, site=site, title=title, children=ask)
    if raised_from is not None:
        add_link(work, record.pk, "raised_from", raised_from)
    link_characteristic(work, record)
    emit(work, events.DRAFTED, record.header, {"title": title})
    return record


def link_characteristic(work: Work, record: Nonconformance) -> None:
    """Link the characteristic that was not met, at the version that was in force."""
    found = products.by_number(record.characteristic) if record.characteristic else None
    if found is not None:
        version = record.characteristic_version
        add_link(work, record.pk, "affects", found.pk, target_version=version)


def _joinable(suspicion: Suspicion) -> Nonconformance | None:
    """The newest nonconformance of the stream that still grows, unless its episode is over."""
    rows = Nonconformance.objects.select_related("header", "header__site")
    for (identity,) in store.fetch(_GROWING, [suspicion.stream, *JOINABLE]):
        record = rows.get(pk=identity)
        signals = _signals(record.pk)
        same = any(item.id == suspicion.signal for item in signals)
        if same or not signals or any(item.category not in LOCKED for item in signals):
            record.header.state = lock_header(record.pk).state
            if record.header.state in JOINABLE:
                return record
    return None


_GROWING = f"""
    SELECT n.header_id FROM nonconformance_nonconformance n JOIN records_header h ON h.id = n.header_id
    WHERE n.stream = %s AND h.state IN ({", ".join("%s" for _ in JOINABLE)}) ORDER BY n.header_id DESC
"""  # noqa: S608 (marks only)


def _signals(record: int) -> Sequence[Linked]:
    return [item for item in linked_headers(record).get("raised_from", ()) if item.type == "signal"]


def _open(work: Work, suspicion: Suspicion, asked: Specification) -> Nonconformance:
    found = stretch(suspicion.stream, after=suspicion.after, to=suspicion.last)
    measured = products.characteristic(asked.characteristic)
    record = Nonconformance(
        stream=suspicion.stream,
        characteristic=asked.number,
        characteristic_version=asked.version,
        required=_required(asked),
        place=_fitted(suspicion.key or _where(measured.process, measured.step), 120),
        item=measured.product,
        detection_point="process",
        severity=SEVERITY_OF_CLASS.get(asked.special_class, ""),
    )
    _say_suspect(record, found)
    _say_finding(record, found)
    site = Site.objects.get(pk=asked.site)
    title = _fitted(f"{asked.name} {suspicion.key}".strip(), 200)
    return create_draft(work, record, site=site, title=title, raised_from=suspicion.signal)


def _join(work: Work, record: Nonconformance, suspicion: Suspicion) -> Nonconformance:
    header: Header = record.header
    before = whole_snapshot(NONCONFORMANCE, record, header)
    after, last = suspicion.after, suspicion.last
    if record.suspect_last is not None:
        after, last = (*after, record.suspect_after), (*last, record.suspect_last)
    found = stretch(suspicion.stream, after=after, to=last)
    _say_suspect(record, found)
    if header.state == "draft" and "edit" not in done_by(record.pk):
        _say_finding(record, found)
    if whole_snapshot(NONCONFORMANCE, record, header) != before:
        change_record(work, record, action="join", detail={"signal": suspicion.signal, "to": found.last})
    if suspicion.signal is not None:
        add_link(work, record.pk, "raised_from", suspicion.signal)
    return record


def _say_suspect(record: Nonconformance, found: Stretch) -> None:
    """The range since the last good check: the program keeps it, whatever people say of the finding."""
    record.suspect_after, record.suspect_last = found.after, found.last
    record.last_good_at, record.suspect_readings = found.since, found.readings


def _say_finding(record: Nonconformance, found: Stretch) -> None:
    """What a person finds in the draft and may correct: how many pieces, which, and the last value."""
    record.found = _found_in_words(found)
    record.found_at = found.at
    record.quantity_inspected = record.quantity_suspect = Decimal(found.readings)
    record.quantity_nonconforming = Decimal(found.nonconforming) if found.nonconforming else None
    record.lot = _fitted(", ".join(found.lots), 400)
    record.serials = ", ".join(found.serials)


def _found_in_words(found: Stretch) -> str:
    t = translator()
    since = t.counted(
        NN_("{count} reading since the last good one", "{count} readings since the last good one"),
        found.readings,
    ).format(count=found.readings)
    bad = t(N_("none outside the specification"))
    if found.nonconforming:
        bad = t(N_("{count} outside the specification")).format(count=found.nonconforming)
    measured_by = f" ({found.operator})" if found.operator else ""
    return (
        t(N_("{since}, {bad}; the last {value}")).format(since=since, bad=bad, value=found.text) + measured_by
    )


def _where(process: str, step: str) -> str:
    """Process and step, each said once: a step is often called like its process."""
    return process if step in process else f"{process}, {step}" if process else step


def _required(asked: Specification) -> str:
    """The specification as a drawing says it, in the digits of the characteristic."""
    low, high = (None if limit is None else f"{limit.normalize():f}" for limit in (asked.lsl, asked.usl))
    if low is None and high is None:
        return asked.name
    limits = f"{low} … {high}" if low and high else (f"≥ {low}" if low else f"≤ {high}")
    return f"{asked.name} ({asked.number}): {limits} {asked.unit}".strip()


def _fitted(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
