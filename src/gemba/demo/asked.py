"""What the customers of the demo plant ask: each requirement agreed, and verified by a characteristic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from gemba.demo.book import Measured
from gemba.demo.people import ENGINEER, MANAGER, known
from gemba.quality.planning.requirements import services
from gemba.quality.planning.requirements.inputs import Feasibility, RequirementInput
from gemba.quality.records.edge import take_move
from gemba.quality.records.models import Site

NEEDS: Mapping[str, tuple[str, str, str]] = {
    "shaft": ("The bearing runs true", "Aquatec pumps", "The bearing must not knock, not even after years."),
    "wall": (
        "The impeller holds",
        "Aquatec pumps",
        "No impeller may burst at the pressure of a closed valve.",
    ),
    "leak": ("The pump is tight", "Aquatec pumps", "Not a drop on the floor of the boiler room."),
    "torque": ("No screw comes loose", "Aquatec pumps", "We do not want to tighten screws on site."),
    "time": ("The result is there in an hour", "Emergency ward", "We wait with the infusion until we know."),
}
"""What is measured -> the title of the requirement, who asks for it, and in which words."""


def agree_on(measured: Measured, site: Site, *, now: datetime) -> str:
    """The number of the requirement that a characteristic verifies; empty where nobody asks for it."""
    if measured.code not in NEEDS:
        return ""
    title, customer, voice = NEEDS[measured.code]
    engineer, manager = known(ENGINEER), known(MANAGER)
    limits = f"{measured.lsl or '…'} to {measured.usl or '…'} {measured.unit}"
    given = RequirementInput(
        title=title,
        customer=customer,
        voice=voice,
        need=f"{measured.name}: {limits}",
        importance="high",
        special_class=measured.special,
        product=measured.product,
        definition=f"{measured.name}, measured at: {measured.step}",
        unit=measured.unit,
        lower=Decimal(measured.lsl) if measured.lsl else None,
        upper=Decimal(measured.usl) if measured.usl else None,
        verification="live control chart, every shift",
    )
    made = services.propose(site=site, given=given, actor=engineer, now=now)
    take_move(made.header.pk, "submit", actor=engineer, now=now)
    made.refresh_from_db()
    answer = Feasibility(feasible="yes", feasibility="the process keeps it with room to spare")
    services.assess(requirement=made, given=answer, actor=engineer, now=now)
    services.agree(requirement=made, actor=manager, now=now)
    return str(made.header.number)
