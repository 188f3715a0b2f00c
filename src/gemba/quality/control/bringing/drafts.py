"""What watching needs before a characteristic: a name of its own, and the product that it is measured on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from gemba.quality.planning.products.inputs import ProductInput
from gemba.quality.planning.products.record import CHARACTERISTIC
from gemba.quality.planning.products.services import draft_product
from gemba.quality.records.actor import Actor
from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.mentions import named
from gemba.quality.records.models import Header, Site
from gemba.quality.records.reasons import Reason
from gemba.quality.records.tasks import Rung, open_task

FIRST_REVISION = "1"
RELEASE_MINUTES = 8 * 60
RELEASE_PRODUCT = "bringing.task_product"


def name_reasons(name: str, *, site: str) -> Iterator[Reason]:
    """Why a characteristic cannot be called so: a line of a plan could not tell it from another one."""
    rows = Header.objects.filter(type=CHARACTERISTIC.name, site=site, title=name).exclude(category__in=LOCKED)
    held = rows.order_by("pk").first()
    if held is not None:
        yield Reason("bringing.name_taken", {"name": name, "number": held.number or f"#{held.pk}"})


def draft_missing_product(name: str, *, site: Site, actor: Actor, now: datetime) -> None:
    """Make the draft of a product that nobody has made yet, and ask an approver to release it."""
    if named(name, CHARACTERISTIC.mentions["product"], site=site.code) is not None:
        return
    given = ProductInput(title=name, revision=FIRST_REVISION)
    made = draft_product(site=site, given=given, actor=actor, now=now)
    open_task(
        what=RELEASE_PRODUCT,
        values={"name": name},
        assignee="role:approver",
        header=made.header,
        due_minutes=RELEASE_MINUTES,
        ladder=(Rung(RELEASE_MINUTES, "role:quality_manager"),),
        subject=f"product:{made.pk}",
        actor=actor,
        now=now,
    )
