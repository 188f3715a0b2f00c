"""The people of the demo plant: six whom one can be, each with a secret that is shown in the demo only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gemba.demo.book import SHIFT_HOURS, WORKS
from gemba.quality.people import services
from gemba.quality.people.models import Person
from gemba.quality.people.queries import actor_of
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.models import Site
from gemba.quality.records.signatures import Proof, prove
from gemba.stats.results import N_

SETUP = system("demo")


@dataclass(frozen=True)
class Role:
    """Somebody in the plant: what he is called, what he may do, and by which secret he signs."""

    username: str
    name: str
    title: str
    roles: tuple[str, ...]
    secret: str
    password: str
    site: str = ""


INSPECTOR = Role(
    "ines", "Ines Okafor", N_("Inspector"), ("inspector", "operator"), "rivet-harbour-17", "open-rivet-17"
)
ENGINEER = Role(
    "emil", "Emil Weber", N_("Quality engineer"), ("engineer", "approver"), "copper-lantern-41",
    "open-copper-41",
)  # fmt: skip
MANAGER = Role(
    "quinn", "Quinn Larsson", N_("Quality manager"), ("quality_manager",), "granite-violin-58",
    "open-granite-58",
)  # fmt: skip
AUDITOR = Role("aiko", "Aiko Mori", N_("Auditor"), ("auditor",), "willow-compass-23", "open-willow-23")
GUEST = Role(
    "luca", "Luca Ferri", N_("Guest from a supplier"), ("reader",), "meadow-anchor-36", "open-meadow-36",
    WORKS,
)  # fmt: skip
ADMINISTRATOR = Role(
    "ada", "Ada Novak", N_("Administrator"), ("access_administrator", "system_administrator"),
    "slate-orchard-72", "open-slate-72",
)  # fmt: skip
CAST: Mapping[str, Role] = {
    role.username: role for role in (INSPECTOR, ENGINEER, MANAGER, AUDITOR, GUEST, ADMINISTRATOR)
}


def hire(sites: Mapping[str, Site], *, now: datetime) -> None:
    """Make the people, each with rights, training, a confirmed identity and a secret to sign with."""
    for role in CAST.values():
        person = services.create_person(username=role.username, name=role.name, actor=SETUP, now=now)
        services.set_password(person=person, password=role.password, actor=SETUP, now=now)
        for right in role.roles:
            services.grant_role(
                person=person, role=right, site=sites.get(role.site), actor=SETUP, now=now
            )  # fmt: skip
        services.check_identity(person=person, how="lives in the demo", actor=SETUP, now=now)
        services.record_training(person=person, training="how to sign", actor=SETUP, now=now)
        services.accept_signing(person=person, secret=role.secret, actor=known(role), now=now)


def known(role: Role) -> Actor:
    """Somebody of the cast with the rights of now."""
    found = actor_of(Person.objects.get(username=role.username).pk)
    if found is None:
        raise LookupError(f"{role.username} may no longer work here")
    return found


def proof_of(role: Role, *, now: datetime) -> Proof:
    """What somebody gives to sign, checked before anybody waits for the signature."""
    return prove(known(role), Proof(role.secret, identifier=role.username, session="demo"), now=now)


@dataclass(frozen=True)
class Shift:
    """A shift in the office: its moment, the day of the plant, and who works; each proves once who he is."""

    now: datetime
    day: float
    inspector: Actor
    engineer: Actor
    manager: Actor
    proofs: dict[str, Proof] = field(default_factory=dict)

    def proof(self, role: Role) -> Proof:
        """What somebody signs with in this shift."""
        if role.username not in self.proofs:
            self.proofs[role.username] = proof_of(role, now=self.now)
        return self.proofs[role.username]

    def is_due(self, day: float) -> bool:
        """Whether a day of the plant is reached in this shift."""
        return day <= self.day < day + SHIFT_HOURS / 24
