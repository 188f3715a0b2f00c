"""Whoever may ask, and what the declared law answers: the rules of the access table, of types and lifecycles.

Nothing here asks the program whether something is allowed: only its tables are read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from gemba.quality.people import services
from gemba.quality.people.models import Grant, Person
from gemba.quality.people.roles import ROLES
from gemba.quality.records.actor import system
from gemba.quality.records.lifecycle import LOCKED, Move
from gemba.quality.records.models import Entry, Site
from gemba.quality.records.types import RecordType, record_type
from gemba.server.access import ACCESS, ANYBODY, SIGNED_IN
from gemba.server.identity import forget
from server.everything import HERE, THERE, Everything, Held

Grants = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Asker:
    """Somebody with rights: a person, a token, or a stranger."""

    name: str
    kind: str
    grants: Grants = frozenset()

    def has(self, roles: tuple[str, ...], site: str = HERE) -> bool:
        return any((role, place) in self.grants for role in roles for place in (site, "*"))


def askers() -> list[Asker]:
    """Every role here, everywhere, elsewhere, elsewhere beside reading here; no role; tokens; strangers."""
    found = [Asker("nobody", "person"), Asker("stranger", "stranger"), Asker("ended token", "stranger")]
    for role in ROLES:
        found.append(Asker(f"{role} here", "person", frozenset({(role, HERE)})))
        found.append(Asker(f"{role} everywhere", "person", frozenset({(role, "*")})))
        found.append(Asker(f"{role} elsewhere", "person", frozenset({(role, THERE)})))
        both = frozenset({("reader", HERE), (role, THERE)})
        found.append(Asker(f"reader here, {role} elsewhere", "person", both))
    found += [
        Asker(f"token {scope} {site}", "token", frozenset({(role, site)}))
        for scope, role in (("read", "reader"), ("ingest", "operator"))
        for site in (HERE, THERE, "*")
    ]
    return found


@dataclass
class Door:
    """Lets askers in: one person whose rights change, one token for each scope and site."""

    plant: Everything
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, asker: Asker) -> Client:
        """A client for an asker, with exactly these rights from now on."""
        if asker.kind != "person":
            if asker.name not in self.clients:
                self.clients[asker.name] = self._other(asker)
            return self.clients[asker.name]
        pat = Person.objects.get(username="pat")
        if "pat" not in self.clients:
            self.clients["pat"] = Client()
            self.clients["pat"].force_login(pat)
        Grant.objects.filter(person=pat).delete()
        about: dict[str, Any] = {"person": pat, "granted_at": 0, "granted_by": "system:test"}
        for role, site in asker.grants:
            Grant.objects.create(role=role, site=Site.objects.filter(pk=site).first(), **about)
        forget()
        return self.clients["pat"]

    def _other(self, asker: Asker) -> Client:
        if asker.name == "stranger":
            return Client()
        now = self.plant.now
        scope, site = ("read", "*") if asker.kind == "stranger" else asker.name.split()[1:]
        early = now - timedelta(days=2 if asker.kind == "stranger" else 0)
        _, text = services.issue_token(
            name=asker.name,
            scopes=(scope,),
            expires=early + timedelta(days=1),
            site=Site.objects.filter(pk=site).first(),
            actor=system("setup"),
            now=early,
        )
        return Client(headers={"Authorization": f"Bearer {text}"})


def gate(route: str, method: str, asker: Asker) -> int:
    """What the access table says: 0 come in, else the status that turns away."""
    rule = ACCESS[route]
    who = rule.who(method)
    if who is None:
        return 405
    if asker.kind == "token" and not rule.tokens:
        return 403
    held = {role for role, _ in asker.grants}
    if who == ANYBODY or (asker.kind != "stranger" and (who == SIGNED_IN or held & set(who))):
        return 0
    return 401 if asker.kind == "stranger" else 403


Law = Callable[[RecordType, Held, Asker], set[str]]


@dataclass(frozen=True)
class Question:
    """One way to ask about a record, and the codes with which the law refuses it."""

    route: str
    method: str
    path: str
    law: Law
    body: Any = None
    needs_version: bool = False
    judged: frozenset[str] = frozenset()

    def ask(self, client: Client, version: int) -> Any:
        headers = {"If-Match": f'"{version}"'} if self.needs_version else {}
        if self.route.startswith("api:"):
            sent = "" if self.body is None else json.dumps(self.body)
            return client.generic(
                self.method, self.path, sent, content_type="application/json", headers=headers
            )
        if self.method == "GET":
            return client.get(self.path)
        return client.post(self.path, self.body or {}, headers={"Accept": "application/json"})


def questions(held: Held) -> Iterator[Question]:
    """Everything that can be asked about one record, by page and by API."""
    kind = record_type(held.type)
    page, api = f"/records/{held.type}/{held.header}", f"/api/v1/records/{held.type}/{held.header}"
    beside = f"/api/v1/records/{held.header}"
    yield Question("record", "GET", f"{page}.json", _open)
    yield Question("record", "GET", f"{page}.json?as_of=2126-01-01", _open)
    yield Question("differences", "GET", f"{page}/versions/1.json", _open)
    yield Question("record_thread", "GET", f"{page}/thread.json", _open)
    yield Question("api:record", "GET", api, _open)
    yield Question("api:record_thread", "GET", f"{beside}/thread", _open)
    yield Question("api:remarks", "GET", f"{beside}/remarks", _open)
    work = frozenset({"records.no_right"})
    remark, task = {"text": "seen"}, {"text": "look", "assignee": "role:engineer"}
    yield Question("api:remarks", "POST", f"{beside}/remarks", _work, remark, judged=work)
    yield Question("api:record_tasks", "POST", f"{beside}/tasks", _work, task, judged=work)
    link = {"relation": "affects", "target": str(held.header)}
    yield Question("api:links", "POST", f"{beside}/links", _work, link, judged=work)
    yield Question("api:link_end", "POST", f"{beside}/links/1/end", _work, {"why": "no"}, judged=work)
    for what, more in (("remark", remark), ("link", link)):
        yield Question("record_add", "POST", f"{page}/add", _work, {"what": what, **more}, judged=work)
    if kind.edit_roles:
        yield Question("api:record", "PATCH", api, _edit, {"fields": {}}, needs_version=True, judged=EDITING)
    for move in kind.lifecycle.moves:
        law = _move(move)
        yield Question("api:record_move", "POST", f"{api}/moves/{move.name}", law, {}, judged=MOVING)
        yield Question(
            "record_move", "POST", f"{page}/moves/{move.name}.json", law, {"version": ""}, judged=MOVING
        )


REFUSES_EDITING = {
    "records.locked": "may not be edited",
    "records.not_editable": "may not be edited",
    "products.not_editable": "may not be edited",
    "monitoring.not_proposed": "may not be edited",
    "records.role_missing": "may not be edited",
    "records.no_right": "may not be edited",
}
"""Codes that say the same: a type may word it in its own way, such as how to get on."""
EDITING = frozenset(REFUSES_EDITING)
MOVING = frozenset({"records.wrong_state", "records.role_missing", "records.own_work"})


def _open(kind: RecordType, held: Held, asker: Asker) -> set[str]:
    return set()


def _work(kind: RecordType, held: Held, asker: Asker) -> set[str]:
    return set() if asker.has(kind.working_roles) else {"records.no_right"}


def _edit(kind: RecordType, held: Held, asker: Asker) -> set[str]:
    if kind.lifecycle.state(held.state).category in LOCKED:
        return {"may not be edited"}
    may = asker.has(kind.edit_roles.get(held.state, ()))
    return set() if may else {"may not be edited"}


def _move(move: Move) -> Law:
    def law(kind: RecordType, held: Held, asker: Asker) -> set[str]:
        found = set() if held.state in move.sources else {"records.wrong_state"}
        if not asker.has(move.roles):
            found.add("records.role_missing")
        mine = (
            {action.removeprefix("move:") for action in done_by_pat(held)}
            if asker.kind == "person"
            else set()
        )
        if mine & not_by_whom(move):
            found.add("records.own_work")
        return found

    return law


def done_by_pat(held: Held) -> set[str]:
    """What Pat has done to a record, as the trail says."""
    pat = Person.objects.get(username="pat").actor_id
    return set(Entry.objects.filter(header=held.header, actor=pat).values_list("action", flat=True))


def not_by_whom(move: Move) -> set[str]:
    """The moves whose takers a move is closed to, as its guards declare them."""
    found: set[str] = set()
    for guard in move.guards:
        about: Any = guard
        if about.__qualname__.startswith("not_who."):
            found |= set(about.__closure__[0].cell_contents)
    return found
