"""Who is this, what may they do, what are they called: read afresh, so that a change works at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from django.db.models import Q

from gemba.quality.people.models import FailedSigning, Grant, Person, PersonName, Token
from gemba.quality.people.roles import ROLES
from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.outbox import reactions
from gemba.quality.records.reasons import Reason, Refused
from gemba.stats.results import N_, translator

PROGRAM: Mapping[str, str] = MappingProxyType(
    {
        "authenticators": N_("authenticators"),
        "bringing": N_("bringing"),
        "clock": N_("clock"),
        "competences": N_("competences"),
        "controlplans": N_("control plans"),
        "demo": N_("demo"),
        "effectiveness": N_("effectiveness"),
        "escalation": N_("escalation"),
        "gauges": N_("gauges"),
        "limits": N_("limits"),
        "keeping": N_("keeping"),
        "link": N_("link"),
        "login": N_("login"),
        "outbox": N_("outbox"),
        "receive": N_("receive"),
        "rejudging": N_("rejudging"),
        "setup": N_("setup"),
        "shell": N_("shell"),
        "subgroups": N_("subgroups"),
        "watch-access": N_("watch over access"),
    }
)
"""The parts of the program that act by themselves, and what people call them."""
SCOPES = {"ingest": "operator", "read": "reader"}
"""What a token may do, and the role that it then has."""


def actor_of(person: int, *, client: str = "") -> Actor | None:
    """A person as an actor with the rights of now; ``None`` for one who may no longer work here."""
    found = Person.objects.filter(pk=person, is_active=True).first()
    if found is None:
        return None
    rows = Grant.objects.filter(person=found, ended_at=None).values_list("role", "site_id")
    grants = frozenset((role, site or EVERY_SITE) for role, site in rows)
    return Actor("person", found.actor_id, printed_name(found.actor_id), grants, client)


def actor_of_token(text: str, *, now: datetime, client: str = "") -> Actor | None:
    """A token as an actor, or ``None`` when it is unknown, expired or revoked."""
    token = Token.objects.filter(digest=digest(text), revoked_at=None).first()
    if token is None or token.expires_at <= to_microseconds(now):
        return None
    site = token.site_id or EVERY_SITE
    grants = frozenset((SCOPES[scope], site) for scope in token.scopes.split())
    return Actor("token", token.actor_id, token.name, grants, client)


def people_with(roles: Iterable[str], site: str) -> dict[str, str]:
    """Those who hold one of these roles at a site: their ids and printed names."""
    rows = Grant.objects.filter(Q(site=site) | Q(site=None), role__in=roles, ended_at=None)
    people = Person.objects.filter(pk__in=rows.values("person"), is_active=True).order_by("username")
    return {person.actor_id: printed_name(person.actor_id) for person in people}


def refuse_unknown_assignee(assignee: str) -> None:
    """Refuse to put something on the list of nobody: an assignee is a role, or a person who works here."""
    kind, _, name = assignee.partition(":")
    known = name in ROLES if kind == "role" else False
    if kind == "person" and name.isascii() and name.isdigit() and len(name) < 19:
        known = Person.objects.filter(pk=int(name), is_active=True).exists()
    if not known:
        raise Refused([Reason("tasks.assignee_unknown", {"assignee": assignee})])


def name_in_force(actor: str) -> int:
    """The row of the printed name that is in force for a person."""
    return PersonName.objects.filter(person_id=_person_id(actor)).latest("since", "pk").pk


def printed_name(actor: str) -> str:
    """What an actor is called today; the id itself where there is no name."""
    kind, _, identity = actor.partition(":")
    if kind == "person":
        row = PersonName.objects.filter(person_id=identity).order_by("-since", "-pk").first()
        return row.name if row else actor
    if kind == "token":
        token = Token.objects.filter(pk=identity).first()
        return token.name if token else actor
    if kind == "role":
        return translator()(identity.replace("_", " ").capitalize())
    return translator()(PROGRAM.get(identity, "") or _sentence(identity)) or actor


def _sentence(rule: str) -> str:
    """What a reaction of the loop does, in words: it is what people know it by."""
    return next((item.sentence for item in reactions() if item.name == rule), rule)


def printed_names(actors: set[str]) -> dict[str, str]:
    """What many actors are called, in one query for persons."""
    people = {_person_id(actor) for actor in actors if actor.startswith("person:")}
    rows = PersonName.objects.filter(person_id__in=people).order_by("since", "pk")
    named = {f"person:{row.person_id}": row.name for row in rows}
    others = {actor: printed_name(actor) for actor in actors if not actor.startswith("person:")}
    return {actor: named.get(actor) or others.get(actor, actor) for actor in actors}


def everybody(most: int) -> dict[str, str]:
    """The people whose names there are, by actor id, in the order of their names; at most so many."""
    named = {f"person:{row.person_id}": row.name for row in PersonName.objects.order_by("since", "pk")}
    return dict(sorted(named.items(), key=lambda item: item[1].casefold())[:most])


def name_of_row(row: int) -> str:
    """The printed name that a signature was given under."""
    return PersonName.objects.get(pk=row).name


def open_failures(person: Person) -> int:
    """How often signing failed since the last success or unlocking."""
    return FailedSigning.objects.filter(person=person, cleared_at=None).count()


def digest(secret: str) -> str:
    """How tokens and links are stored; they are long random texts, so one SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _person_id(actor: str) -> int:
    return int(actor.removeprefix("person:"))
