"""The only writers of products and characteristics; a product is moved the plain way of the kernel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import cast

from gemba.quality.planning.processes import queries as processes
from gemba.quality.planning.products import queries
from gemba.quality.planning.products.inputs import CharacteristicInput, ProductInput
from gemba.quality.planning.products.lifecycle import EDITABLE, LIFECYCLE
from gemba.quality.planning.products.models import Characteristic, Product
from gemba.quality.planning.products.record import CHARACTERISTIC, PRODUCT
from gemba.quality.planning.products.rules import input_reasons, member_reasons, step_reasons, turned_reasons
from gemba.quality.planning.products.specification import split_keys
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance
from gemba.quality.records.editing import create_plain
from gemba.quality.records.given import column_faults
from gemba.quality.records.mentions import mention_faults, mentioned, named
from gemba.quality.records.models import Site
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.recorder import change_record, create_record, lock_header
from gemba.quality.records.work import recording

MAKERS = ("engineer",)


def draft_product(*, site: Site, given: ProductInput, actor: Actor, now: datetime) -> Product:
    """Make a draft; ``advance(product, "release", ...)`` by somebody else puts it in force."""
    return cast(Product, create_plain(PRODUCT, site=site, given=given, actor=actor, now=now))


def create_characteristic(
    *, site: Site, given: CharacteristicInput, actor: Actor, now: datetime
) -> Characteristic:
    """Make a draft; it judges nothing before it is released."""
    record = _filled_in(Characteristic(), given)
    reasons = [*_rights(actor, site.code), *input_reasons(given)]
    _refuse([*reasons, *_mention_reasons(record, site.code), *_member_reasons(given, now)])
    with recording(actor=actor, now=now) as work:
        return create_record(work, CHARACTERISTIC, record, site=site, title=record.name)


def edit_characteristic(
    *,
    characteristic: Characteristic,
    given: CharacteristicInput,
    actor: Actor,
    now: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> Characteristic:
    """Change a draft, or a characteristic under change; what is released stays in force meanwhile."""
    header = characteristic.header
    with recording(actor=actor, now=now) as work:
        state = lock_header(header.id).state
        reasons = [*_rights(actor, header.site_id), *input_reasons(given)]
        if state not in EDITABLE:
            reasons.append(Reason("products.not_editable", {"state": LIFECYCLE.state(state).label}))
        if header.number:
            reasons += turned_reasons(characteristic.data_kind, given)
        _filled_in(characteristic, given)
        reasons += _member_reasons(given, now)
        _refuse([*reasons, *_mention_reasons(characteristic, header.site_id)])
        header.title = characteristic.name
        return change_record(
            work, characteristic, action="edit", reason=reason, expected_version=expected_version
        )


def release(
    *,
    characteristic: Characteristic,
    actor: Actor,
    now: datetime,
    effective_from: datetime | None = None,
    reason: str = "",
) -> Characteristic:
    """Put the specification in force, from now or from a moment on."""
    return advance(
        characteristic,
        "release",
        actor=actor,
        now=now,
        inputs={"reason": reason},
        effective_from=effective_from,
    )


def start_change(
    *, characteristic: Characteristic, reason: str, actor: Actor, now: datetime
) -> Characteristic:
    """Open a released characteristic for change; readings are judged by the released one meanwhile."""
    return advance(characteristic, "start_change", actor=actor, now=now, inputs={"reason": reason})


def retire(*, characteristic: Characteristic, reason: str, actor: Actor, now: datetime) -> Characteristic:
    """End a characteristic: no reading is taken for it any more."""
    return advance(characteristic, "retire", actor=actor, now=now, inputs={"reason": reason})


def discard(*, characteristic: Characteristic, reason: str, actor: Actor, now: datetime) -> Characteristic:
    """Throw a draft away; it stays readable."""
    return advance(characteristic, "discard", actor=actor, now=now, inputs={"reason": reason})


def _filled_in(record: Characteristic, given: CharacteristicInput) -> Characteristic:
    for item in fields(given):
        value = getattr(given, item.name)
        setattr(record, item.name, value.strip() if isinstance(value, str) else value)
    return record


def _mention_reasons(record: Characteristic, site: str) -> list[Reason]:
    """What it names that is not there: product, process and its step, requirements."""
    reasons = list(column_faults(record, ("product", "process", "step", "verifies", "members")))
    mention = CHARACTERISTIC.mentions["process"]
    process = next((named(text, mention, site=site) for text in mentioned(record.process, mention)), None)
    if process is not None:
        reasons += step_reasons(record.step, processes.steps_of(process.pk))
    return [*reasons, *mention_faults(CHARACTERISTIC, record, site)]


def _member_reasons(given: CharacteristicInput, now: datetime) -> list[Reason]:
    """What cannot be judged together; a number that is unknown is told by the mention."""
    ids = queries.ids_by_number(split_keys(given.members)) if given.members.strip() else {}
    asked = {number: queries.specification(identity, now) for number, identity in ids.items()}
    rows = {number: queries.characteristic(identity) for number, identity in ids.items()}
    about = {number: (row.product, row.process) for number, row in rows.items()}
    return list(member_reasons(given, asked, about))


def _rights(actor: Actor, site: str) -> list[Reason]:
    return [] if actor.has_any(MAKERS, site) else [Reason("records.no_right", {"site": site})]


def _refuse(reasons: Iterable[Reason]) -> None:
    found = list(reasons)
    if found:
        raise Refused(found)
