"""The corrective actions of the demo plant: what was found and done, by which data it is judged. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gemba.quality.improvement.capa.inputs import CapaInput

Kind = Literal["occurrence", "non_detection", "systemic"]
Factor = Literal["machine", "material", "method", "measurement", "environment", "management", "human"]
ActionKind = Literal["corrective", "preventive", "containment_removal"]


@dataclass(frozen=True)
class Found:
    """A cause, from which day it is known, and what showed that it switches the problem on and off."""

    day: float
    kind: Kind
    factor: Factor
    cause: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """One attempt: when its steps are taken (days of the plant), what is done, and the criterion.

    ``proposed`` are the days on which the plan is proposed, again after it was sent back.
    """

    causes: tuple[Found, ...]
    proposed: tuple[float, ...]
    sent_back: float | None = None
    missing: str = ""
    approved: float
    done: float
    verified: float
    actions: tuple[tuple[ActionKind, str], ...]
    evidence: str
    metric: Literal["mean", "shift", "sd"]
    target: str
    margin: str = ""
    baseline: tuple[float, float]
    window: int


@dataclass(frozen=True, kw_only=True)
class Case:
    """One corrective action; that of a nonconformance is asked for by the loop, when the answer is yes."""

    stories: tuple[str, ...]
    code: str
    begins: float
    given: CapaInput
    containment: str
    cycles: tuple[Cycle, ...]
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    across: tuple[tuple[str, str], ...] = ()
    new_operation: str = ""
    """What the control plan says from then on; empty where it is not touched."""
    lessons: str

    @property
    def from_nonconformance(self) -> bool:
        """Whether the loop asks for it."""
        return self.given.source == "nonconformance"


HELD = Case(
    stories=("held",), code="leak", begins=38,
    given=CapaInput(
        title="Pumps leak more than Aquatec wants", source="complaint", customer="Aquatec pumps",
        team="Emil Weber (lead), Ines Okafor, assembly shift leader",
        problem="Pumps leave with 3.4 ml/min on average; Aquatec found drops at two of 200.",
        where_found="leak test bench T-1, and the boiler room of the customer", since="first delivery",
        how_many="2 of 200 pumps", is_not="pumps with the soft ring of the sample build: never",
    ),
    containment="each pump above 4.5 ml/min is tested a second time before it is packed",
    cycles=(
        Cycle(
            causes=(
                Found(40, "occurrence", "material", "The seal ring is too hard when it is cold",
                      "20 pumps with the soft ring: 2.5 ml/min; hard ring back in: 3.4; soft again: 2.5"),
                Found(40, "non_detection", "method", "The bench tests warm pumps only",
                      "the same pump: 2.9 ml/min warm, 3.5 after a night in the cold"),
            ),
            proposed=(41.5,), approved=42, done=45, verified=46,
            actions=(("corrective", "Use seal ring SR-2 in each pump P-20"),
                     ("preventive", "Let pumps cool for an hour before the leak test"),
                     ("containment_removal", "Stop the second test")),
            evidence="from the cut-in on; stock of the old ring scrapped",
            metric="mean", target="2.9", baseline=(12, 41), window=14,
        ),
    ),
    changes={
        "fmea": ("not_applicable", "the failure is known there; its detection was rated too well"),
        "document": ("updated", "work instruction WI-31 names ring SR-2, revision 4"),
        "training": ("updated", "assembly, all three shifts"),
    },
    across=(("Pump P-25", "the same ring, changed with it"),),
    new_operation="Leak test, cold, with seal ring SR-2",
    lessons="Test as the customer uses it: cold. A sample build had told us a year ago.",
)  # fmt: skip
NOT_HELD = Case(
    stories=("not-held", "second-try"), code="weight", begins=31,
    given=CapaInput(
        title="Impellers are too heavy", source="internal",
        team="Emil Weber (lead), moulding shift leader",
        problem="Impellers weigh 42.6 g instead of 42.0 g: material for nothing, and out of balance.",
        where_found="moulding machine M-2", since="the new granulate", how_many="all",
        is_not="machine M-1 with the same granulate",
    ),
    containment="impellers above 43.4 g are ground again",
    cycles=(
        Cycle(
            causes=(
                Found(33, "occurrence", "machine", "The dosing is set too far up",
                      "half a turn down: 42.0 g; back: 42.6 g"),
            ),
            proposed=(34.6,), approved=35, done=38, verified=39,
            actions=(("corrective", "Set the dosing of M-2 to the target"),),
            evidence="set half a turn down, written on the setting sheet",
            metric="shift", target="42.0", margin="0.1", baseline=(10, 34), window=30,
        ),
        Cycle(
            causes=(
                Found(70, "occurrence", "machine", "The dosing screw works loose by itself",
                      "marked with paint: a quarter of a turn in six days; with a lock nut: none in two"),
                Found(70, "systemic", "method", "Nobody looks at a setting once it is right",
                      "no setting of M-2 was ever read again after a change"),
            ),
            proposed=(71,), approved=71.6, done=75, verified=75.6,
            actions=(("corrective", "Secure the dosing screw with a lock nut"),
                     ("preventive", "Read the setting at each change of shift")),
            evidence="fitted at the cut-in, painted mark in line",
            metric="shift", target="42.0", margin="0.1", baseline=(64, 71), window=28,
        ),
    ),
    changes={
        "control_plan": ("not_applicable", "the weight is charted already; the chart found it"),
        "fmea": ("not_applicable", "no FMEA of the dosing exists yet"),
        "document": ("updated", "setting sheet of M-2, revision 3"),
        "training": ("updated", "setters"),
    },
    lessons="A setting that can move will move: secure it, or read it every shift.",
)  # fmt: skip
IN_WORK = Case(
    stories=("mixed-lot",), code="wall", begins=85,
    given=CapaInput(
        title="Another grade of granulate was moulded", team="Emil Weber (lead), purchasing, goods-in",
        problem="Walls down to 2.27 mm instead of at least 2.30 mm: the impeller may burst.",
        where_found="moulding machine M-2, lot G-2217", since="the lot was opened",
        is_not="other lots of the same week, and the other machines",
    ),
    containment="lot G-2217 is blocked in store and hopper; each new lot is weighed before it is opened",
    cycles=(
        Cycle(
            causes=(
                Found(86, "occurrence", "material", "The supplier packed another grade into our bags",
                      "melt flow of a retained sample: 19 instead of 12; three other lots: 12"),
                Found(94, "non_detection", "method", "Goods-in looks at the label, never at the granulate",
                      "a bag of grade 19 with our label passed goods-in again, in a trial"),
            ),
            proposed=(88, 95), sent_back=89, approved=95.6, done=97, verified=98.6,
            missing="Say why nobody noticed it at goods-in, and verify that; then I sign.",
            actions=(("corrective", "Supplier packs each grade on a line of its own"),
                     ("preventive", "Goods-in measures the melt flow of each lot")),
            evidence="seen at the supplier; melt flow book of goods-in",
            metric="sd", target="0.024", baseline=(73, 87), window=21,
        ),
    ),
    changes={
        "control_plan": ("not_applicable", "the wall is charted already; goods-in gets a plan of its own"),
        "fmea": ("not_applicable", "no FMEA of goods-in exists yet"),
        "document": ("updated", "goods-in instruction, revision 7"),
        "training": ("updated", "goods-in, both people"),
    },
    lessons="A label proves nothing about what is in the bag.",
)  # fmt: skip
CASES: tuple[Case, ...] = (HELD, NOT_HELD, IN_WORK)
