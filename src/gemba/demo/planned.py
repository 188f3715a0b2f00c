"""What is planned in the demo plant: products, processes with their steps, and the plans of control."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gemba.demo.book import (
    ASSEMBLY,
    BY_CODE,
    HOSPITAL,
    LABORATORY,
    MEASURED,
    MOULDING,
    PAIR,
    TOGETHER,
    TURNING,
    WORKS,
    Measured,
)
from gemba.demo.people import ENGINEER, INSPECTOR, MANAGER, known
from gemba.quality.people.parties.inputs import PartyInput
from gemba.quality.people.parties.services import add_party
from gemba.quality.planning.controlplans import services as plans
from gemba.quality.planning.controlplans.inputs import LineInput, PlanInput
from gemba.quality.planning.processes.inputs import ProcessInput, StepInput
from gemba.quality.planning.processes.services import draft_process
from gemba.quality.planning.products.inputs import ProductInput
from gemba.quality.planning.products.services import draft_product
from gemba.quality.records.advance import advance
from gemba.quality.records.models import Site
from gemba.quality.records.signatures import Proof

MAKER, WARD = "Aquatec pumps", "Emergency ward"
PARTIES: Mapping[str, str] = {MAKER: WORKS, WARD: HOSPITAL}
"""Who asks for something -> the site that knows them."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a line makes, in which steps and on which machines."""

    line: str
    product: str
    revision: str
    drawing: str
    customer: str
    purpose: str
    steps: tuple[tuple[str, str], ...]
    safety: bool = False


LINES: tuple[Made, ...] = (
    Made(
        line=TURNING, product="Pump shaft PS-20", revision="C", drawing="D-2041", customer=MAKER,
        purpose="shafts that run true in their bearing",
        steps=(("Boring", "Lathe L-4"), ("Finish turning", "Lathe L-5")),
    ),
    Made(
        line=MOULDING, product="Impeller IM-7", revision="B", drawing="D-2077", customer=MAKER,
        purpose="impellers that are balanced and hold",
        steps=(("Moulding", "Moulding machine M-2"), ("Cooling", "Cooling belt")),
    ),
    Made(
        line=ASSEMBLY, product="Pump P-20", revision="D", drawing="D-2100", customer=MAKER, safety=True,
        purpose="pumps that are tight, quiet and stay together",
        steps=(("Pressing", "Press P-1"), ("Screwing", "Screwing stations 1 and 2"),
               ("Leak test", "Test bench T-1"), ("End test", "Noise box")),
    ),
    Made(
        line=LABORATORY, product="Emergency samples", revision="2026", drawing="SOP-14", customer=WARD,
        purpose="right results while they still help",
        steps=(("From ward to result", "Pneumatic tube"), ("Analysis", "Analyser A-2")),
    ),
)  # fmt: skip
BY_PRODUCT: Mapping[str, Made] = {item.product: item for item in LINES}


TECHNIQUES: Mapping[str, str] = {
    "shaft": "two-point, at three heights", "bore": "three-point, at half depth",
    "rough": "stylus, along the axis", "weight": "weighed after cooling", "wall": "at four marks of the rim",
    "warp": "probed on the granite table", "torque": "turned on until it moves",
    "leak": "helium, two bar, one minute", "force": "peak of the curve",
    "noise": "one metre from the pump, full load", "time": "time stamps of the laboratory system",
    "control": "control sample, level 2",
}  # fmt: skip
CALLS: Mapping[str, str] = {
    TURNING: "setter, then the quality engineer", MOULDING: "shift leader, then the quality engineer",
    ASSEMBLY: "shift leader, then metrology", LABORATORY: "senior technician, then the ward",
}  # fmt: skip


def meet_parties(sites: Mapping[str, Site], *, now: datetime) -> None:
    """Customers become known, each at the site that works for them."""
    for name, site in PARTIES.items():
        add_party(site=sites[site], given=PartyInput(title=name), actor=known(ENGINEER), now=now)


def plan_products(sites: Mapping[str, Site], *, now: datetime) -> None:
    """Each line gets its process, and what it makes; somebody else releases both."""
    engineer, manager = known(ENGINEER), known(MANAGER)
    for made in LINES:
        site = sites[_site_of(made)]
        process = ProcessInput(
            title=made.line,
            owner=engineer.id,
            purpose=made.purpose,
            steps=tuple(
                StepInput(number=10 * place, operation=step, machine=machine,
                          predecessor=10 * (place - 1) or None)
                for place, (step, machine) in enumerate(made.steps, start=1)
            ),
        )  # fmt: skip
        product = ProductInput(
            title=made.product, revision=made.revision, drawing=made.drawing, customer=made.customer,
            safety=made.safety,
        )  # fmt: skip
        for draft in (
            draft_process(site=site, given=process, actor=engineer, now=now),
            draft_product(site=site, given=product, actor=engineer, now=now),
        ):
            advance(draft, "release", actor=manager, now=now)


def _site_of(made: Made) -> str:
    return next(item.site for item in MEASURED if item.line == made.line)


def plan_control(
    sites: Mapping[str, Site], numbers: Mapping[str, str], *, proof: Proof, now: datetime
) -> None:
    """Each product gets its control plan: reviewed, approved with a signature, put in force."""
    engineer, manager = known(ENGINEER), known(MANAGER)
    for made in LINES:
        given = PlanInput(
            title=made.product, product=made.product, product_revision=made.revision, process=made.line,
            customer=made.customer, team=f"{ENGINEER.name}, {INSPECTOR.name}, {MANAGER.name}",
            contact=ENGINEER.name, lines=_lines_of(made, numbers),
        )  # fmt: skip
        plan = plans.draft_plan(site=sites[_site_of(made)], given=given, actor=engineer, now=now)
        advance(plan, "submit", actor=engineer, now=now)
        plans.approve(plan=plan, actor=manager, now=now, proof=proof)
        plans.put_in_force(plan=plan, actor=manager, now=now)


def _lines_of(made: Made, numbers: Mapping[str, str]) -> tuple[LineInput, ...]:
    """A line for each gauge by which a characteristic of the product is measured."""
    wanted = [item for item in BY_CODE.values() if item.product == made.product and item.code in numbers]
    rows = [(item, gauge) for item in wanted for gauge in item.gauges]
    lines = [_line(10 * place, made, *row, numbers) for place, row in enumerate(rows, start=1)]
    last = BY_CODE[PAIR[-1]]
    if last in wanted:
        alone = lines[[item for item, _ in rows].index(last)]
        lines.append(
            replace(
                alone,
                number=10 * len(lines) + 10,
                characteristic=numbers[TOGETHER],
                technique="both values of one pump",
                gauge="",
            )
        )
    return tuple(lines)


def _line(number: int, made: Made, item: Measured, gauge: str, numbers: Mapping[str, str]) -> LineInput:
    return LineInput(
        number=number,
        step=item.step,
        operation=item.step,
        machine=dict(made.steps)[item.step],
        characteristic=numbers[item.code],
        technique=TECHNIQUES[item.code],
        gauge=gauge,
        sample_size=str(item.size),
        frequency="twice a shift" if item.often > 1 else "every shift",
        method="chart",
        containment="\n".join(part.strip() for part in item.plan.split(".") if part.strip()),
        call=CALLS[made.line],
        resume="the next point is within the limits and the cause is gone",
        owner="inspector",
    )
