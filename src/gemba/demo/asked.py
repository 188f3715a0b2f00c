"""What the customers of the demo plant ask: each requirement agreed, and verified by a characteristic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from gemba.demo.book import Measured
from gemba.demo.people import ENGINEER, MANAGER, known
from gemba.demo.planned import MAKER, WARD
from gemba.quality.planning.requirements import services
from gemba.quality.planning.requirements.inputs import Feasibility, RequirementInput
from gemba.quality.records.edge import take_move
from gemba.quality.records.models import Site


@dataclass(frozen=True)
class Need:
    """What a customer asks: the title of the requirement, who asks, in which words."""

    title: str
    customer: str
    voice: str


NEEDS: Mapping[str, Need] = {
    "shaft": Need("The bearing runs true", MAKER, "The bearing must not knock, not even after years."),
    "bore": Need("The coupling fits", MAKER, "Our fitters push the coupling on by hand, without a hammer."),
    "rough": Need("The seal is not worn out", MAKER, "We do not change seals before five years are over."),
    "weight": Need("The impeller is balanced", MAKER, "It must not shake the pipe."),
    "wall": Need("The impeller holds", MAKER, "No impeller may burst at the pressure of a closed valve."),
    "torque": Need("No screw comes loose", MAKER, "We do not want to tighten screws on site."),
    "leak": Need("The pump is tight", MAKER, "Not a drop on the floor of the boiler room."),
    "force": Need("The bearing stays in its seat", MAKER, "A bearing that wandered cost us a winter."),
    "noise": Need("Nobody hears the pump", MAKER, "It stands below a bedroom."),
    "time": Need("The result is there in an hour", WARD, "We wait with the infusion until we know."),
    "control": Need("The result is right", WARD, "We treat by this number."),
}
"""What is measured -> what is asked."""
SHARED: Mapping[str, str] = {"warp": "weight"}
"""What is measured for a requirement that another characteristic has brought up."""
NOT_MEASURED = Need("The pump survives a dry run", MAKER, "Somebody always forgets to open the valve.")
"""What was agreed, and no characteristic verifies yet: the gap that coverage shows."""


def agree_on(measured: Measured, site: Site, agreed: Mapping[str, str], *, now: datetime) -> str:
    """The number of the requirement that a characteristic verifies; empty where nobody asks for it.

    ``agreed`` are the numbers of what was agreed so far, by what is measured.
    """
    need = NEEDS.get(measured.code)
    if need is None:
        return agreed.get(SHARED.get(measured.code, ""), "")
    limits = f"{measured.lsl or '…'} to {measured.usl or '…'} {measured.unit}"
    given = replace(
        _given(need),
        need=f"{measured.name}: {limits}",
        special_class=measured.special,
        product=measured.product,
        definition=f"{measured.name}, measured at: {measured.step}",
        unit=measured.unit,
        lower=Decimal(measured.lsl) if measured.lsl else None,
        upper=Decimal(measured.usl) if measured.usl else None,
        verification="live control chart, every shift",
    )
    return _agree(given, site, now)


def agree_beyond(site: Site, *, now: datetime) -> str:
    """Agree on what nothing measures yet; its number."""
    given = replace(
        _given(NOT_MEASURED),
        need="ten minutes without water, tight afterwards",
        product="Pump P-20",
        definition="leak rate after ten minutes dry",
        verification="test bench, once it is there",
    )
    return _agree(given, site, now)


def _given(need: Need) -> RequirementInput:
    return RequirementInput(title=need.title, customer=need.customer, voice=need.voice, importance="high")


def _agree(given: RequirementInput, site: Site, now: datetime) -> str:
    engineer, manager = known(ENGINEER), known(MANAGER)
    made = services.propose(site=site, given=given, actor=engineer, now=now)
    take_move(made.header.pk, "submit", actor=engineer, now=now)
    made.refresh_from_db()
    answer = Feasibility(feasible="yes", feasibility="the process keeps it with room to spare")
    services.assess(requirement=made, given=answer, actor=engineer, now=now)
    services.agree(requirement=made, actor=manager, now=now)
    return str(made.header.number)
