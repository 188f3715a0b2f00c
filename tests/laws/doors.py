"""The doors by which a person edits and moves a record: service, edge, page, form's twin, API, shell, bulk.

Each takes plain values, as JSON holds them, and answers in one form: what came of it, and the codes of every
reason against it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from urllib.parse import parse_qs, urlsplit

from django.http import HttpResponse
from django.test import Client

from gemba.cli.commands import record
from gemba.cli.plant import OpenPlant
from gemba.quality.people.models import Person
from gemba.quality.records.actions import Action, Asked, actions_of
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.advance import advance
from gemba.quality.records.edge import edit, take_move
from gemba.quality.records.editing import begins_with, edit_plain
from gemba.quality.records.given import read_given
from gemba.quality.records.reading import readable
from gemba.quality.records.reasons import Conflict, Refused, refuse_if
from gemba.quality.records.signatures import Proof
from gemba.quality.records.store.folder import DataFolder
from gemba.server.clock import now

PASSWORD = "battery-staple-correct"
What = Literal["done", "refused", "conflict", "turned away"]
Typed = Mapping[str, Any]


@dataclass(frozen=True)
class Try:
    """What somebody tries with one record; ``move`` is empty where it is an edit."""

    header: int
    type: str
    move: str
    actor: Actor
    typed: Typed = field(default_factory=dict)
    reason: str = ""
    version: int | None = None
    proof: Proof | None = None
    then: str = ""
    """The move that the form of an edit is asked to take along."""


@dataclass(frozen=True)
class Came:
    """What came of it."""

    what: What
    codes: frozenset[str] = frozenset()


class Door(Protocol):
    """One way to try it."""

    def __call__(self, tried: Try, current: int) -> Came:
        """Try it on a record that is at version ``current``."""


def called(work: Any) -> Came:
    """What a call into the program came to."""
    try:
        work()
    except Refused as refused:
        return Came("refused", frozenset(reason.code for reason in refused.reasons))
    except Conflict:
        return Came("conflict")
    return Came("done")


def by_service(tried: Try, current: int) -> Came:
    """The service of the slice itself, as a job or another slice would call it."""
    return called(lambda: _serve(tried, current))


def _serve(tried: Try, current: int) -> None:
    kind, record = readable(tried.header, tried.actor)
    actions, moment = actions_of(kind.name), now()
    action = (actions.moves.get(tried.move, Action()) if tried.move else actions.edit) or Action()
    base = None if tried.move else begins_with(record, action)
    given, faults = read_given(action.given, tried.typed, base=base)
    refuse_if(faults)
    if action.service is not None:
        action.service(
            Asked(given=given, record=record, actor=tried.actor, now=moment, reason=tried.reason,
                  expected_version=tried.version, proof=tried.proof)
        )  # fmt: skip
    elif tried.move:
        advance(record, tried.move, actor=tried.actor, now=moment, inputs={"reason": tried.reason},
                expected_version=tried.version, proof=tried.proof)  # fmt: skip
    else:
        edit_plain(record=record, given=given, reason=tried.reason, actor=tried.actor, now=moment,
                   expected_version=current)  # fmt: skip


def by_edge(tried: Try, current: int) -> Came:
    """The edge of the kernel, as the shell and any other program inside would."""
    moment = now()
    if not tried.move:
        version = current if tried.version is None else tried.version
        return called(
            lambda: edit(tried.header, typed=tried.typed, expected_version=version, reason=tried.reason,
                         actor=tried.actor, now=moment)
        )  # fmt: skip
    return called(
        lambda: take_move(tried.header, tried.move, typed=tried.typed, reason=tried.reason,
                          expected_version=tried.version, proof=tried.proof, actor=tried.actor, now=moment)
    )  # fmt: skip


class Clients:
    """A signed-in browser for each person."""

    def __init__(self) -> None:
        self._held: dict[str, Client] = {}

    def of(self, actor: Actor) -> Client:
        if actor.id not in self._held:
            client = Client()
            client.force_login(Person.objects.get(pk=int(actor.id.removeprefix("person:"))))
            self._held[actor.id] = client
        return self._held[actor.id]


@dataclass(frozen=True)
class ByPage:
    """The form of a page; ``twin`` asks its JSON twin instead, which names every reason."""

    clients: Clients
    twin: bool

    def __call__(self, tried: Try, current: int) -> Came:
        what = f"moves/{tried.move}" if tried.move else "edit"
        path = f"/records/{tried.type}/{tried.header}/{what}{'.json' if self.twin else ''}"
        form = flat(tried.typed) | {"reason": tried.reason}
        form["version"] = str(current if tried.version is None else tried.version)
        if tried.proof is not None:
            form |= {"secret": tried.proof.secret, "identifier": tried.proof.identifier}
        form |= {"then": tried.then} if tried.then else {}
        answer = self.clients.of(tried.actor).post(path, form)
        if answer.status_code == 302:
            place = urlsplit(answer["Location"])
            led = tried.move and place.path.endswith(f"/{tried.header}/edit")
            mends = led and "follows" not in parse_qs(place.query)  # refused: led to the form that mends it
            return Came("refused" if mends else "done")
        if answer.status_code != 409:
            return Came("turned away", frozenset({str(answer.status_code)}))
        if not self.twin:
            return Came("conflict" if b"Somebody else changed this record" in answer.content else "refused")
        body = answer.json()
        return Came("conflict") if body.get("conflict") else Came("refused", codes_in(body))


@dataclass(frozen=True)
class ByApi:
    """The API, with If-Match where a version was seen."""

    clients: Clients

    def __call__(self, tried: Try, current: int) -> Came:
        client, path = self.clients.of(tried.actor), f"/api/v1/records/{tried.type}/{tried.header}"
        body: dict[str, Any] = {"fields": dict(tried.typed), "reason": tried.reason}
        version = tried.version if tried.move else (tried.version or current)
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        if tried.proof is not None and tried.move:
            body["signature"] = {"secret": tried.proof.secret, "identifier": tried.proof.identifier}
        send: Any = client.post if tried.move else client.patch
        where = f"{path}/moves/{tried.move}" if tried.move else path
        return api_came(send(where, json.dumps(body), content_type="application/json", headers=headers))


@dataclass
class ByShell:
    """``gemba record edit`` and ``gemba record move``, as the shell asks the plant; a move of many."""

    folder: DataFolder
    beside: tuple[int, ...] = ()
    """The other records that one line of the shell names along with it."""

    def __call__(self, tried: Try, current: int) -> Came:
        """The shell names no version: it acts on whatever is there."""
        numbers = sorted(str(header) for header in (tried.header, *self.beside))
        what = [tried.move, *numbers] if tried.move else [str(tried.header)]
        person = Person.objects.get(pk=int(tried.actor.id.removeprefix("person:")))
        asked: dict[str, Any] = {"act": "move" if tried.move else "edit", "what": what}
        asked |= {"fields": in_shell(tried.typed), "reason": tried.reason, "user": person.username}
        asked |= {"password": PASSWORD, "secret": tried.proof.secret if tried.proof else ""}
        plant, answer = OpenPlant(self.folder, system("shell"), now()), dict[str, Any]()
        came = called(lambda: answer.update(record.work(plant, asked)))
        told = [line for line in answer.get("refused", ()) if line.startswith(f"{tried.header}: ")]
        return Came("refused") if told else came


def in_shell(typed: Typed) -> dict[str, Any]:
    """Plain values as words of a shell: rows are JSON, yes and no are words."""
    words = flat({name: value for name, value in typed.items() if not isinstance(value, list)})
    return words | {name: value for name, value in typed.items() if isinstance(value, list)}


def api_came(answer: HttpResponse) -> Came:
    """What the API answered."""
    if answer.status_code in (200, 201):
        return Came("done")
    body = json.loads(answer.content)
    if answer.status_code in (409, 404, 422) and body.get("reasons"):
        return Came("refused", codes_in(body))
    if answer.status_code == 412:
        return Came("conflict")
    return Came("turned away", frozenset({str(answer.status_code)}))


def codes_in(body: Mapping[str, Any]) -> frozenset[str]:
    """The codes of the reasons in an answer."""
    return frozenset(reason["code"] for reason in body["reasons"])


def flat(typed: Typed) -> dict[str, str]:
    """Plain values as a form sends them: rows are numbered, yes and no are words."""
    form: dict[str, str] = {}
    for name, value in typed.items():
        if isinstance(value, list | tuple):
            if all(isinstance(row, str) for row in value):
                form[name] = "\n".join(value)
                continue
            for number, row in enumerate(value):
                form |= {f"{name}-{number}-{key}": text for key, text in flat(row).items()}
        elif isinstance(value, bool):
            form[name] = "yes" if value else "no"
        elif isinstance(value, datetime):
            form[name] = value.isoformat()
        else:
            form[name] = "" if value is None else str(value)
    return form
