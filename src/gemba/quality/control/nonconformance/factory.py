"""Nonconformances for tests: a staff with every role, and a nonconformance in any state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, get_args

from gemba.quality.control.nonconformance import services
from gemba.quality.control.nonconformance.inputs import (
    CorrectiveAnswer,
    Execution,
    LineInput,
    LocationAnswer,
    NonconformanceInput,
    Opinion,
    Place,
)
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.people import services as people
from gemba.quality.people.models import Person
from gemba.quality.people.queries import actor_of
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.models import Site
from gemba.quality.records.signatures import Proof

SECRET = "correct-horse-battery"  # noqa: S105 (of people who exist in tests only)
SETUP = system("setup")
WAY = (
    "draft",
    "reported",
    "contained",
    "under_review",
    "dispositioned",
    "in_execution",
    "verified",
    "closed",
)
"""The states on the straight way, in their order."""


@dataclass(frozen=True)
class Staff:
    """One person for each role at a site, and a second quality manager."""

    operator: Actor
    inspector: Actor
    engineer: Actor
    approver: Actor
    quality_manager: Actor
    deputy: Actor
    auditor: Actor

    @property
    def everybody(self) -> tuple[Actor, ...]:
        """All of them."""
        return tuple(getattr(self, name) for name in self.__dataclass_fields__)


def make_staff(site: Site, *, now: datetime) -> Staff:
    """People who may sign, each with the role of the same name; the deputy is a quality manager too."""
    roles = {name: name for name in Staff.__dataclass_fields__} | {"deputy": "quality_manager"}
    return Staff(**{name: make_person(name, role, site=site, now=now) for name, role in roles.items()})


def make_person(name: str, role: str, *, site: Site, now: datetime) -> Actor:
    """Somebody with one role at a site who may sign."""
    person = people.create_person(username=name, name=name.title(), actor=SETUP, now=now)
    people.grant_role(person=person, role=role, site=site, actor=SETUP, now=now)
    people.check_identity(person=person, how="passport", actor=SETUP, now=now)
    people.record_training(person=person, training="Signing", actor=SETUP, now=now)
    made = known(person)
    people.accept_signing(person=person, secret=SECRET, actor=made, now=now)
    return made


def known(person: Person) -> Actor:
    """A person as an actor with the rights of now."""
    found = actor_of(person.pk)
    if found is None:
        raise LookupError(person.username)
    return found


def proof_of(actor: Actor) -> Proof:
    """What this person gives to sign."""
    person = Person.objects.get(pk=int(actor.id.removeprefix("person:")))
    return Proof(SECRET, identifier=person.username)


def finding(now: datetime, **changes: Any) -> NonconformanceInput:
    """Twelve of two hundred housings with a bore that is too large."""
    given = NonconformanceInput(
        title="Bore too large",
        required="9.95 to 10.05 mm",
        found="10.07 mm on twelve pieces",
        place="Machine M2",
        found_at=now,
        detection_point="process",
        item="Housing 12",
        lot="L-77",
        quantity_inspected=Decimal(200),
        quantity_nonconforming=Decimal(12),
        severity="major",
    )
    return replace(given, **changes)


def containment(**changes: LocationAnswer) -> tuple[LocationAnswer, ...]:
    """Every location looked at, nothing found; ``customer=LocationAnswer(...)`` says otherwise."""
    places: tuple[Place, ...] = get_args(Place)
    given: dict[str, LocationAnswer] = {
        name: LocationAnswer(location=name, answer="none", words="looked") for name in places
    }
    return tuple((given | changes).values())


SCRAP_ALL = (LineInput(quantity=Decimal(12), decision="scrap", reason="cannot be reworked"),)
SCRAPPED = Execution(line=1, quantity=Decimal(12), evidence="skip 4", cost=Decimal("36.00"), currency="EUR")
NO_ACTION = CorrectiveAnswer(needed=False, ground="cost", why="worn tool, changed at once")


def nonconformance_in(
    state: str,
    *,
    site: Site,
    staff: Staff,
    now: datetime,
    lines: tuple[LineInput, ...] = SCRAP_ALL,
    **changes: Any,
) -> Nonconformance:
    """A nonconformance that came to this state the straight way, each step by the right person."""
    ncr = services.open_nonconformance(
        site=site, given=finding(now, **changes), actor=staff.inspector, now=now
    )
    if state == "void":
        return services.discard(nonconformance=ncr, reason="mistaken", actor=staff.engineer, now=now)
    steps: dict[str, Callable[[], object]] = {
        "reported": lambda: services.report(nonconformance=ncr, actor=staff.inspector, now=now),
        "contained": lambda: services.contain(
            nonconformance=ncr, locations=containment(), actor=staff.operator, now=now
        ),
        "under_review": lambda: _review(ncr, staff, now),
        "dispositioned": lambda: services.decide_disposition(
            nonconformance=ncr, lines=lines, actor=staff.quality_manager, now=now
        ),
        "in_execution": lambda: services.execute_line(
            nonconformance=ncr, given=SCRAPPED, actor=staff.operator, now=now
        ),
        "verified": lambda: services.verify(nonconformance=ncr, actor=staff.inspector, now=now),
        "closed": lambda: _close(ncr, staff, now),
    }
    for name in WAY[1 : WAY.index(state) + 1]:
        steps[name]()
    return ncr


def _review(ncr: Nonconformance, staff: Staff, now: datetime) -> None:
    for actor, given in (
        (staff.engineer, Opinion(function="engineering", opinion="no use for it")),
        (staff.quality_manager, Opinion(function="quality", opinion="scrap it")),
    ):
        services.review(nonconformance=ncr, given=given, actor=actor, now=now)


def _close(ncr: Nonconformance, staff: Staff, now: datetime) -> None:
    services.answer_corrective(nonconformance=ncr, given=NO_ACTION, actor=staff.engineer, now=now)
    services.close(nonconformance=ncr, proof=proof_of(staff.approver), actor=staff.approver, now=now)
