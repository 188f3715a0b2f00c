"""The only writers of brought files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gemba.quality.control.bringing.drafts import RELEASE_MINUTES, draft_missing_product, name_reasons
from gemba.quality.control.bringing.models import BroughtFile, TakenFile
from gemba.quality.control.bringing.tables import BROUGHT, TAKEN
from gemba.quality.planning.controlplans.inputs import LineInput
from gemba.quality.planning.controlplans.services import add_line
from gemba.quality.planning.controlplans.words import specification_in_words
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.services import create_characteristic
from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.attachments import keep_attachment
from gemba.quality.records.canonical import canonical_json
from gemba.quality.records.hostile import judge_apart
from gemba.quality.records.models import Header, Site
from gemba.quality.records.names import printed_names
from gemba.quality.records.reasons import Reason, Refused, refuse_if
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.tasks import Rung, open_task
from gemba.quality.records.work import recording
from gemba.stats.results import N_

RELEASE = "bringing.task_release"
NOTE = N_("Its readings are taken when the characteristic is released.")


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """A file as its person saw it: its bytes, how it is read, and what was seen in it."""

    name: str
    content: bytes
    reading: Mapping[str, Any]
    readings: int
    points: int


@dataclass(frozen=True, kw_only=True)
class Fates:
    """What became of the readings of a file; ``fault`` when none could be read."""

    accepted: int = 0
    quarantined: int = 0
    refused: int = 0
    repeated: int = 0
    fault: str = ""


def keep_watching(
    *,
    dropped: Dropped,
    given: CharacteristicInput,
    line: LineInput,
    site: Site,
    folder: DataFolder,
    actor: Actor,
    now: datetime,
) -> BroughtFile:
    """Make the drafts of what the file is about, keep it with them, ask an approver to release them.

    These are the product, where nobody has made it yet, the characteristic, and its line of the control plan
    of the product. The readings are taken when somebody else has released the characteristic: nothing is
    judged by what nobody checked.

    Raises
    ------
    Refused
        With everything that is wrong with the draft or the file, and with who may not make it.
    """
    refuse_if([] if dropped.readings else [Reason("bringing.no_values")])
    refuse_if(judge_apart(dropped.name, dropped.content).reasons)
    about: dict[str, Any] = {"actor": actor, "now": now}
    header = _draft(given, line, site, actor, now)
    file = keep_attachment(
        header=header.pk, name=dropped.name, content=dropped.content, folder=folder, note=NOTE, **about
    )
    with recording(**about) as work:
        row = BroughtFile(
            id=store.next_values("brought", 1)[0],
            tx=work.ledger.tx,
            header_id=header.pk,
            attachment_id=file.pk,
            reading=canonical_json(dropped.reading),
            readings=dropped.readings,
            points=dropped.points,
            actor=actor.id,
            at=work.at,
        )
        work.write(BROUGHT, [[getattr(row, column) for column in BROUGHT.columns]])
        work.enter("file.brought", header=header.pk, detail={"brought": row.pk, "file": file.name})
        open_task(
            what=RELEASE,
            values={"name": header.title, "readings": dropped.readings, "file": file.name},
            assignee="role:approver",
            header=header,
            due_minutes=RELEASE_MINUTES,
            ladder=(Rung(RELEASE_MINUTES, "role:quality_manager"),),
            subject=f"brought:{row.pk}",
            **about,
        )
    return row


def _draft(given: CharacteristicInput, line: LineInput, site: Site, actor: Actor, now: datetime) -> Header:
    """Product, characteristic and plan line, all of them or none."""
    name, product = given.name.strip(), given.product.strip() or given.name.strip()
    refuse_if(list(name_reasons(name, site=site.code)))
    with recording(actor=actor, now=now):
        draft_missing_product(product, site=site, actor=actor, now=now)
        whole = replace(given, product=product)
        made = create_characteristic(site=site, given=whole, actor=actor, now=now)
        limits = specification_in_words(given.lsl, given.usl, given.unit)
        named = replace(line, characteristic=name, specification=limits)
        team = printed_names([actor.id])[actor.id]
        add_line(product=product, line=named, team=team, site=site, actor=actor, now=now)
    return made.header


def note_taken(*, brought: BroughtFile, fates: Fates, actor: Actor, now: datetime) -> TakenFile:
    """Keep what became of the readings of a file; a fault is a task of whoever brought it. Once."""
    with recording(actor=actor, now=now) as work:
        store.lock_name(f"gemba.brought.{brought.pk}")
        if TakenFile.objects.filter(brought=brought).exists():
            raise Refused([Reason("records.unknown", {"record": f"file {brought.pk}"})])
        row = TakenFile(
            id=store.next_values("taken", 1)[0],
            tx=work.ledger.tx,
            brought=brought,
            at=work.at,
            **{name: getattr(fates, name) for name in Fates.__dataclass_fields__},
        )
        work.write(TAKEN, [[getattr(row, column) for column in TAKEN.columns]])
        detail = {"brought": brought.pk, "accepted": fates.accepted, "fault": fates.fault}
        work.enter("file.taken", header=brought.header_id, detail=detail)
        if fates.fault:
            open_task(
                what="bringing.task_fault",
                values={"file": brought.attachment.name, "fault": fates.fault[:300]},
                assignee=brought.actor,
                header=brought.header,
                due_minutes=RELEASE_MINUTES,
                subject=f"fault:{brought.pk}",
                actor=actor,
                now=now,
            )
    return row
