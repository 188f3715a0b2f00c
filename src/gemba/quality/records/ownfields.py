"""Fields of one's own: what a plant adds to a type of record, typed, asked for at a state, kept like others.

A definition is never changed: each change is a new row, the last one counts. The values stand in the header,
and so in version, digest, trail and search.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import canonical_json, to_microseconds
from gemba.quality.records.given import Unfit, read_date, read_number, read_text, read_yes_no
from gemba.quality.records.ledger import SealedTable
from gemba.quality.records.models import Header, Site
from gemba.quality.records.reasons import Reason, refuse_if
from gemba.quality.records.trail import install_sealed
from gemba.quality.records.types import RecordType, plain_value
from gemba.quality.records.work import recording
from gemba.stats.results import N_

OWN_FIELD = SealedTable(
    "records_ownfield",
    (
        *("id", "tx", "type", "site_id", "key", "revision", "label", "kind"),
        *("choices", "required_at", "retired", "actor", "at"),
    ),
)
install_sealed(OWN_FIELD)

MAY_DEFINE = ("system_administrator", "quality_manager")
LONGEST = 2000
LAST_MOMENT = 2**63 - 1
MOST_FIELDS = 60
_KEY = re.compile(r"[a-z][a-z0-9_]{0,38}")
KINDS = ("text", "number", "date", "choice", "yes_no")
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "text": read_text,
    "number": read_number,
    "date": read_date,
    "choice": read_text,
    "yes_no": read_yes_no,
}
OWN: Mapping[str, str] = {
    "own.key_invalid": N_(
        "The short name has 1 to 39 small letters, digits and underscores: '{key}' has not."
    ),
    "own.kind_unknown": N_("A field is one of: {known}."),
    "own.kind_changed": N_(
        "'{key}' is a {kind} already and has values; give the new field another short name."
    ),
    "own.choices_missing": N_("A choice needs at least two different values to choose from."),
    "own.state_unknown": N_("There is no state '{state}' at which the field could be asked for."),
    "own.many": N_("A type of record holds at most {most} fields of one's own."),
    "own.unknown": N_("There is no field '{key}' of one's own here."),
}


@dataclass(frozen=True)
class Definition:
    """A field of one's own as it is defined now; ``site`` is ``None`` where it holds everywhere."""

    type: str
    site: str | None
    key: str
    revision: int
    label: str
    kind: str
    choices: tuple[str, ...]
    required_at: tuple[str, ...]
    retired: bool


def define_own_field(
    *,
    kind: RecordType,
    key: str,
    label: str,
    what: str,
    site: Site | None = None,
    choices: Sequence[str] = (),
    required_at: Sequence[str] = (),
    actor: Actor,
    now: datetime,
) -> Definition:
    """Add a field to a type of record, or define it anew; what was kept stays as it was.

    Parameters
    ----------
    key, label : str
        The short name for programs, and what people read.
    what : str
        ``text``, ``number``, ``date``, ``choice`` or ``yes_no``.
    site : Site, optional
        Where it holds; everywhere without one.
    required_at : sequence of str
        The states that a record reaches only with this field filled in.
    """
    place = None if site is None else site.code
    with recording(actor=actor, now=now) as work:
        store.lock_name(f"gemba.ownfield.{kind.name}")
        held = _latest(kind.name, [place]).get((place, key))
        reasons = [*_rights(actor, place), *_faults(kind, key, label, what, choices, required_at)]
        if held is not None and held.kind != what:
            reasons.append(Reason("own.kind_changed", {"key": key, "kind": held.kind}))
        if held is None and len(_latest(kind.name, [place])) >= MOST_FIELDS:
            reasons.append(Reason("own.many", {"most": MOST_FIELDS}))
        refuse_if(reasons)
        made = Definition(
            kind.name,
            place,
            key,
            1 if held is None else held.revision + 1,
            label.strip(),
            what,
            tuple(choice.strip() for choice in choices),
            tuple(required_at),
            retired=False,
        )
        _write(work, made)
    return made


def retire_own_field(
    *, kind: RecordType, key: str, site: Site | None = None, reason: str, actor: Actor, now: datetime
) -> None:
    """Ask for a field no more; the values that records hold stay readable."""
    place = None if site is None else site.code
    with recording(actor=actor, now=now) as work:
        held = _latest(kind.name, [place]).get((place, key))
        reasons = list(_rights(actor, place))
        if held is None or held.retired:
            reasons.append(Reason("own.unknown", {"key": key}))
        if not reason.strip():
            reasons.append(Reason("records.reason_missing"))
        refuse_if(reasons)
        if held is not None:
            values = {**held.__dict__, "revision": held.revision + 1, "retired": True}
            _write(work, Definition(**values), reason)


def definitions(type_name: str, site: str) -> tuple[Definition, ...]:
    """The fields of one's own for records of a type at a site; its own definition comes before a general."""
    latest = _latest(type_name, [None, site])
    found = {key: definition for (place, key), definition in latest.items() if place is None}
    found |= {key: definition for (place, key), definition in latest.items() if place is not None}
    return tuple(definition for definition in found.values() if not definition.retired)


def every_definition(type_name: str, *, at: datetime | None = None) -> tuple[Definition, ...]:
    """The fields of one's own of a type at every site, retired ones too, as defined now or at a moment."""
    return tuple(_latest(type_name, None, at).values())


def own_values(header: Header) -> dict[str, Any]:
    """The values that a record holds."""
    values: dict[str, Any] = json.loads(header.own_fields)
    return values


def merge_own(header: Header, typed: Mapping[str, Any]) -> tuple[Reason, ...]:
    """Set what was typed on a header, not yet stored; returns every reason why it cannot be kept."""
    known = {definition.key: definition for definition in definitions(header.type, header.site_id)}
    values, reasons = own_values(header), []
    for key, value in typed.items():
        if key not in known:
            reasons.append(Reason("own.unknown", {"key": key}))
            continue
        try:
            plain = _read(known[key], value)
        except Unfit as unfit:
            reasons.append(Reason(unfit.code, {"field": known[key].label, **unfit.values}))
            continue
        values.pop(key, None)
        if plain is not None:
            values[key] = plain
    header.own_fields = canonical_json(values)
    return tuple(reasons)


def missing_own(header: Header, state: str) -> tuple[Reason, ...]:
    """The fields that a record must have filled in to be in a state, and has not."""
    values = own_values(header)
    return tuple(
        Reason("records.field_missing", {"field": definition.label})
        for definition in definitions(header.type, header.site_id)
        if state in definition.required_at and values.get(definition.key) in (None, "")
    )


def faults_of_own(header: Header, before: str) -> tuple[Reason, ...]:
    """Why the changed values of a header cannot be stored; the last look, whoever set them."""
    if header.own_fields == before:
        return ()
    old = json.loads(before)
    changed = {key: value for key, value in own_values(header).items() if old.get(key) != value}
    return merge_own(Header(type=header.type, site_id=header.site_id, own_fields="{}"), changed)


def _read(definition: Definition, value: Any) -> Any:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    plain = plain_value(_READERS[definition.kind](value))
    if definition.kind == "choice" and plain not in definition.choices:
        raise Unfit("records.not_choice", choices=", ".join(definition.choices))
    if definition.kind == "text" and len(plain) > LONGEST:
        raise Unfit("records.too_long", limit=LONGEST)
    return plain


def _latest(
    type_name: str, sites: Sequence[str | None] | None, at: datetime | None = None
) -> dict[tuple[str | None, str], Definition]:
    """The last definition by site and key, of these sites or of all; the site ``None`` is everywhere."""
    rows = store.fetch(
        "SELECT site_id, key, revision, label, kind, choices, required_at, retired "
        "FROM records_ownfield WHERE type = %s AND at <= %s ORDER BY id",
        [type_name, LAST_MOMENT if at is None else to_microseconds(at)],
    )
    return {
        (site, key): Definition(
            type_name,
            site,
            key,
            revision,
            label,
            kind,
            tuple(json.loads(choices)),
            tuple(json.loads(required)),
            bool(retired),
        )
        for site, key, revision, label, kind, choices, required, retired in rows
        if sites is None or site in sites
    }


def _write(work: Any, made: Definition, reason: str = "") -> None:
    identity = store.next_values("ownfield", 1)[0]
    lists = [json.dumps(items, ensure_ascii=False) for items in (made.choices, made.required_at)]
    who = (made.type, made.site, made.key, made.revision, made.label, made.kind)
    row = (identity, work.ledger.tx, *who, *lists, int(made.retired), work.actor.id, work.at)
    work.write(OWN_FIELD, [row])
    work.enter(
        "ownfield.retire" if made.retired else "ownfield.define", reason=reason, detail={"row": identity}
    )


def _rights(actor: Actor, site: str | None) -> tuple[Reason, ...]:
    may = actor.kind == "system" or any(actor.has_role(role, site or "*") for role in MAY_DEFINE)
    return () if may else (Reason("records.no_right", {"site": site or "*"}),)


def _faults(
    kind: RecordType,
    key: str,
    label: str,
    what: str,
    choices: Sequence[str],
    required_at: Sequence[str],
) -> list[Reason]:
    reasons = []
    if not _KEY.fullmatch(key):
        reasons.append(Reason("own.key_invalid", {"key": key}))
    try:
        plain = read_text(label)
        if not plain or len(plain) > 80:
            raise Unfit("records.field_missing" if not plain else "records.too_long", limit=80)
    except Unfit as unfit:
        reasons.append(Reason(unfit.code, {"field": "label", **unfit.values}))
    if what not in _READERS:
        reasons.append(Reason("own.kind_unknown", {"known": ", ".join(_READERS)}))
    if what == "choice" and len({choice.strip() for choice in choices if choice.strip()}) < 2:
        reasons.append(Reason("own.choices_missing"))
    states = {state.name for state in kind.lifecycle.states}
    reasons += [Reason("own.state_unknown", {"state": state}) for state in required_at if state not in states]
    return reasons
