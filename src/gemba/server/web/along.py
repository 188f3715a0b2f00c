"""Two steps in one form: what the same person goes on with at once, where it is known already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from gemba.quality.control.nonconformance import forms as nonconformances
from gemba.quality.improvement.capa import following
from gemba.quality.records.actions import actions_of
from gemba.quality.records.editing import begins_with
from gemba.quality.records.models import Header
from gemba.quality.records.screen.objects import Choice, choice_of
from gemba.quality.records.types import RecordType, record_type
from gemba.server.clock import now
from gemba.server.web.forms import fields_with_values
from gemba.server.web.own import asked_at
from gemba.server.web.page import who
from gemba.server.web.whole import whole

PREFIX = "then-"
"""What stands before the names of the fields of the second step."""


@dataclass(frozen=True)
class Joins:
    """The step that may be taken in the form of another; in which states, and what it begins with."""

    move: str
    states: tuple[str, ...] = ()
    begins: Callable[[Any], Mapping[str, Any]] | None = None


JOINED: Mapping[tuple[str, str], Joins] = {
    ("nonconformance", "review"): Joins("decide", states=("under_review",)),
    ("nonconformance", "execute"): Joins("execute", begins=nonconformances.line_after),
    ("nonconformance", "answer_corrective"): Joins("close"),
    ("capa", "contain"): Joins("propose"),
    ("control-plan", "approve"): Joins("put_in_force"),
}
"""Steps that the same person often takes one after the other; each keeps its guards and its signature.

No two of a pair are signed: a secret that is typed signs once (21 CFR 11.200).
"""


@dataclass(frozen=True)
class Along:
    """The second step of a form, with its fields as a template draws them."""

    choice: Choice
    fields: list[dict[str, Any]]


@dataclass(frozen=True)
class Begins:
    """A record whose next revision can be begun with the step: its id, number, version, and why."""

    id: int
    number: str
    version: int
    reason: str


def present(request: HttpRequest, row: Any, kind: RecordType, move: str) -> dict[str, Any]:
    """What the form of a move begins with."""
    action = actions_of(kind.name).moves.get(move)
    if action is None:
        return {}
    if action.begin is not None:
        return dict(action.begin(row, who(request), now()))
    return begins_with(row, action)


def along_of(request: HttpRequest, row: Any, kind: RecordType, move: str) -> Along | None:
    """The step that the person may take in the same form, if any; what stands against it is said then."""
    joins, first = JOINED.get((kind.name, move)), kind.lifecycle.move(move)
    second = None if joins is None else kind.lifecycle.move(joins.move)
    header: Header = row.header
    if joins is None or first is None or second is None or first.target not in second.sources:
        return None
    if joins.states and header.state not in joins.states:
        return None
    if not who(request).has_any(second.roles, header.site_id) or asked_at(header, second.target).form:
        return None
    begins = present(request, row, kind, second.name) if joins.begins is None else joins.begins(row)
    if joins.begins is not None and not begins:
        return None
    choice = choice_of(kind, second)
    return Along(choice, fields_with_values(choice.form, begins, zone=header.site.zone, prefix=PREFIX))


def begun_with(request: HttpRequest, row: Any, kind: RecordType, move: str) -> list[Begins]:
    """The control plans whose next revision may be begun with the last action of a corrective action."""
    if (kind.name, move) != ("capa", "do_action") or row.actions.filter(done_at=None).count() > 1:
        return []
    revise = record_type("control-plan").lifecycle.move("revise")
    if revise is None or not who(request).has_any(revise.roles, row.header.site_id):
        return []
    offered = following.panel(row)
    return [
        Begins(plan["id"], plan["number"], plan["version"], offered["reason"])
        for plan in offered.get("plans", ())
    ]


def chosen(request: HttpRequest, offered: list[Begins]) -> Begins | None:
    """The one whose button was pressed."""
    wanted = whole(request.POST.get("begin", ""))
    return next((item for item in offered if item.id == wanted), None)
