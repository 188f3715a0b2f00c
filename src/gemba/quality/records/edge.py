"""The edge of the kernel: the one way in which a page, the API and the shell make, edit and move a record.

Whatever is refused here stands in the trail with its codes, their values and the English words, and a failed
signature is counted, although the transaction that was refused left nothing else behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import models

from gemba.quality.records.actions import Action, Asked, actions_of
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance, situation_of
from gemba.quality.records.editing import begins_with, create_plain, create_reasons, edit_plain, edit_reasons
from gemba.quality.records.given import read_given
from gemba.quality.records.lifecycle import Move, UnreadInputs, reasons_against
from gemba.quality.records.models import Header, Site
from gemba.quality.records.ownfields import merge_own, missing_own
from gemba.quality.records.reading import header_called, readable
from gemba.quality.records.reasons import Reason, Refused, in_words, refuse_if
from gemba.quality.records.recorder import change_record, lock_header, refuse_conflict
from gemba.quality.records.signatures import Proof, note_failed_signing, prove
from gemba.quality.records.types import RecordType, record_type
from gemba.quality.records.work import enter_refusal, in_work, recording


@contextmanager
def attempting(action: str, *, actor: Actor, now: datetime, header: int | None = None) -> Iterator[None]:
    """Let somebody try: a refusal is kept with its words, a failed signature counted, then raised on."""
    if in_work():
        raise RuntimeError("the edge stands outside every transaction; call the service instead")
    try:
        yield
    except Refused as refused:
        shown = [in_words(reason, "en") for reason in refused.reasons]  # the trail speaks one language
        enter_refusal(
            actor=actor, now=now, action=action, reasons=refused.reasons, shown=shown, header=header
        )
        note_failed_signing(refused.reasons, actor=actor, now=now, action=action)
        raise


def meant(
    reference: int | str, *, action: str, actor: Actor, now: datetime
) -> tuple[RecordType, models.Model]:
    """The record, by id or number, that somebody is about to change; ``action`` is what he is about to do.

    Raises
    ------
    Refused
        Where he may not read it, in the words of one that does not exist. It stands in the trail.
    """
    try:
        return readable(reference, actor)
    except Refused:
        header = header_called(reference)
        with attempting(action, actor=actor, now=now, header=None if header is None else header.pk):
            raise


def create(
    type_name: str,
    *,
    site: str,
    typed: Mapping[str, Any],
    own: Mapping[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> models.Model:
    """Make a record of a type from what was typed; ``own`` are fields of one's own.

    Raises
    ------
    Refused
        With every unmet condition.
    """
    with attempting(f"create:{type_name}", actor=actor, now=now):
        kind, action = record_type(type_name), actions_of(type_name).create
        place = Site.objects.filter(pk=site).first()
        if place is None or action is None:
            raise Refused([Reason("records.no_right", {"site": site})])
        given, faults = read_given(action.given, typed)
        header = Header(type=kind.name, site=place, own_fields="{}")
        faults += merge_own(header, own or {}) + missing_own(header, kind.lifecycle.initial)
        refuse_if([*faults, *create_reasons(kind, actor, site)] if faults else ())
        if action.service is None:
            fields = header.own_fields
            return create_plain(kind, site=place, given=given, own_fields=fields, actor=actor, now=now)
        with recording(actor=actor, now=now) as work:
            made = action.service(Asked(given=given, site=place, actor=actor, now=now))
            if own:
                _header(made).own_fields = header.own_fields
                change_record(work, made, action="edit")
            return made


def edit(
    header: int,
    *,
    typed: Mapping[str, Any],
    own: Mapping[str, Any] | None = None,
    expected_version: int,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> models.Model:
    """Change the declared fields of a record; what was not typed stays.

    Raises
    ------
    Refused
        With every unmet condition.
    Conflict
        With both versions, when the record is no longer the one that was edited.
    """
    with attempting("edit", actor=actor, now=now, header=_known(header)):
        kind, record = readable(header, actor)
        action = actions_of(kind.name).edit
        if action is None:
            state = kind.lifecycle.state(_header(record).state)
            raise Refused([Reason("records.not_editable", {"state": state.label})])
        with recording(actor=actor, now=now):
            refuse_conflict(lock_header(header), expected_version)
            given, faults = read_given(action.given, typed, base=begins_with(record, action))
            head = _header(record)
            faults += merge_own(head, own or {}) + missing_own(head, head.state)
            refuse_if([*faults, *edit_reasons(kind, head, actor)] if faults else ())
            if action.service is not None:
                return action.service(
                    Asked(
                        given=given,
                        record=record,
                        reason=reason,
                        expected_version=expected_version,
                        actor=actor,
                        now=now,
                    )
                )
            return edit_plain(
                record=record,
                given=given,
                reason=reason,
                actor=actor,
                now=now,
                expected_version=expected_version,
            )


def take_move(
    header: int,
    move: str,
    *,
    typed: Mapping[str, Any] | None = None,
    own: Mapping[str, Any] | None = None,
    reason: str = "",
    expected_version: int | None = None,
    effective_from: datetime | None = None,
    proof: Proof | None = None,
    actor: Actor,
    now: datetime,
) -> models.Model:
    """Take one move of a record's lifecycle by the service that its type names for it.

    Parameters
    ----------
    header : int
        The record.
    move : str
        A move of the type's lifecycle.
    typed : mapping, optional
        The fields of the move's frozen input, as plain values.
    own : mapping, optional
        Fields of one's own to set with the move.
    expected_version : int, optional
        The version that the person saw; without it the move is taken on whatever is there.
    proof : Proof, optional
        What the signer gave, where the move is signed.

    Raises
    ------
    Refused
        With every unmet condition; it stands in the trail with the words shown.
    Conflict
        With both versions.
    """
    with attempting(f"move:{move}", actor=actor, now=now, header=_known(header)):
        kind, record = readable(header, actor)
        step = kind.lifecycle.move(move)
        if step is None:
            raise Refused([Reason("records.move_unknown", {"move": move})])
        if step.signature is not None and proof is not None:
            proof = prove(actor, proof, now=now)
        action = actions_of(kind.name).moves.get(move, Action())
        given, faults = read_given(action.given, typed or {})
        faults += merge_own(_header(record), own or {})
        with recording(actor=actor, now=now):
            if expected_version is not None:
                refuse_conflict(lock_header(header), expected_version)
            refuse_if([*faults, *_against(kind, step, record, reason, actor, now)] if faults else ())
            asked = Asked(
                given=given,
                record=record,
                reason=reason,
                expected_version=expected_version,
                effective_from=effective_from,
                proof=proof,
                actor=actor,
                now=now,
            )
            return action.service(asked) if action.service is not None else _plain_move(asked, move)


def void(
    header: int,
    *,
    reason: str,
    proof: Proof | None = None,
    actor: Actor,
    now: datetime,
) -> models.Model:
    """Make a record void by the move that its lifecycle has for that; nothing is ever deleted."""
    found = Header.objects.filter(pk=header).first()
    kind = None if found is None else record_type(found.type)
    ways = [] if found is None or kind is None else _ways_to_void(kind, found.state)
    if found is not None and kind is not None and not ways:
        with attempting("void", actor=actor, now=now, header=header):
            readable(header, actor)
            label = kind.lifecycle.state(found.state).label
            raise Refused([Reason("records.no_way_to_void", {"state": label})])
    name = ways[0].name if ways else "void"
    return take_move(header, name, reason=reason, proof=proof, actor=actor, now=now)


def _ways_to_void(kind: RecordType, state: str) -> list[Move]:
    cycle = kind.lifecycle
    return [move for move in cycle.moves_from(state) if cycle.state(move.target).category == "void"]


def _plain_move(asked: Asked, move: str) -> models.Model:
    record: models.Model = asked.record
    return advance(
        record,
        move,
        actor=asked.actor,
        now=asked.now,
        inputs={"reason": asked.reason},
        proof=asked.proof,
        effective_from=asked.effective_from,
    )


def _against(
    kind: RecordType,
    step: Move,
    record: models.Model,
    reason: str,
    actor: Actor,
    now: datetime,
) -> tuple[Reason, ...]:
    """What stands against a move beside the faults of what was typed."""
    header = _header(record)
    situation = situation_of(record, header, actor=actor, now=now, inputs=UnreadInputs(reason))
    return reasons_against(kind.lifecycle, step, situation, site=header.site_id)


def _header(record: models.Model) -> Header:
    header: Header = record.header  # type: ignore[attr-defined]
    return header


def _known(header: int) -> int | None:
    return header if Header.objects.filter(pk=header).exists() else None
