"""Reads of requirements for screens and neighbours."""

from __future__ import annotations

from gemba.quality.planning.requirements.models import Requirement
from gemba.quality.planning.requirements.rules import STANDS_ON
from gemba.quality.records.lifecycle import LOCKED, Linked
from gemba.quality.records.links import linked_headers

BEYOND = ("controlled_by", "contained_in", "measured_with", "mitigated_by")
"""Relations of what verifies a requirement to what changes with it: plan, product, process, gauge, risk."""


def requirement(identity: int) -> Requirement:
    """The requirement of a header."""
    return Requirement.objects.select_related("header", "header__site").get(pk=identity)


def by_number(number: str, *, site: str) -> Requirement | None:
    """The requirement with this human number, if it belongs to the site."""
    rows = Requirement.objects.select_related("header", "header__site")
    return rows.filter(header__number=number, header__site=site).first()


def stands_on(identity: int) -> list[Linked]:
    """Every record that lives and stands on a requirement: what verifies it, and what that leads to."""
    near = [item for name in STANDS_ON for item in linked_headers(identity).get(name, ())]
    far = [item for one in near for name in BEYOND for item in linked_headers(one.id).get(name, ())]
    found = {item.id: item for item in (*near, *far) if item.category not in LOCKED}
    return list(found.values())
