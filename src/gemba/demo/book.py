"""What the demo plant is: its sites, its lines, what is measured there, and what happens to it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gemba.stats.results import N_

DAYS = 90
SEED = 8
SHIFT_HOURS = 8
STUDY_DAYS = 9.0
"""How long a changed process runs before limits are calculated from it."""
WORKS, HOSPITAL = "HAL", "LAB"
SITES: Mapping[str, tuple[str, str]] = {
    WORKS: ("Pump works Halle", "Europe/Berlin"),
    HOSPITAL: ("Hospital laboratory", "Europe/Berlin"),
}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One characteristic as the demo makes it: how it is specified, how it behaves, how often it is measured.

    ``centre`` and ``sigma`` describe the process in control; ``keys`` are the values of its stream key, where
    it has one; ``often`` is how many points a shift gives on each stream.
    """

    code: str
    line: str
    site: str = WORKS
    name: str
    product: str
    step: str
    unit: str
    decimals: int
    centre: float
    sigma: float
    lsl: str = ""
    target: str = ""
    usl: str = ""
    natural_low: str = ""
    size: int = 1
    often: int = 1
    rules: str = "platform"
    special: Literal["", "CC", "SC"] = ""
    suspect: Literal["either", "nonconforming", "never"] = "nonconforming"
    lots: str = ""
    key: str = ""
    keys: tuple[str, ...] = ("",)
    gauges: tuple[str, ...] = ("",)
    plan: str = "Measure once more. If it stays: stop, call the engineer."

    @property
    def chart(self) -> Literal["xbar-r", "i-mr"]:
        """The chart that suits how it is measured."""
        return "xbar-r" if self.size > 1 else "i-mr"


TURNING, MOULDING, ASSEMBLY, LABORATORY = (
    "Line 1 · Turning",
    "Line 2 · Moulding",
    "Line 3 · Assembly",
    "Laboratory",
)
MEASURED: tuple[Measured, ...] = (
    Measured(
        code="shaft", line=TURNING, name="Shaft diameter", product="Pump shaft PS-20", step="Finish turning",
        unit="mm", decimals=4, centre=20.0, sigma=0.003, lsl="19.970", target="20.000", usl="20.030", size=5,
        rules="1,2,3", special="SC", lots="S", gauges=("MIC-11",),
        plan="Measure once more. Look at the edge of the insert; worn: change it.",
    ),
    Measured(
        code="bore", line=TURNING, name="Bore diameter", product="Pump shaft PS-20", step="Boring",
        unit="mm", decimals=3, centre=8.015, sigma=0.0028, lsl="8.000", target="8.015", usl="8.030", often=2,
        suspect="either", lots="S", gauges=("BOR-03",),
        plan="Measure once more. If it stays: stop, find out why.",
    ),
    Measured(
        code="rough", line=TURNING, name="Surface roughness Ra", product="Pump shaft PS-20",
        step="Finish turning", unit="µm", decimals=2, centre=0.9, sigma=0.11, usl="1.6", natural_low="0",
        gauges=("ROU-01",),
    ),
    Measured(
        code="weight", line=MOULDING, name="Impeller weight", product="Impeller IM-7", step="Moulding",
        unit="g", decimals=2, centre=42.6, sigma=0.28, lsl="40.6", target="42.0", usl="43.8", size=4,
        lots="G",
        gauges=("SCA-02",),
    ),
    Measured(
        code="wall", line=MOULDING, name="Wall thickness", product="Impeller IM-7", step="Moulding",
        unit="mm", decimals=3, centre=2.4, sigma=0.022, lsl="2.30", target="2.40", usl="2.50", size=4,
        special="SC", suspect="either", lots="G", gauges=("CAL-07",),
        plan="Stop. Look which lot of granulate is in the hopper; call the engineer.",
    ),
    Measured(
        code="warp", line=MOULDING, name="Warpage", product="Impeller IM-7", step="Cooling",
        unit="mm", decimals=3, centre=0.28, sigma=0.045, usl="0.6", natural_low="0", gauges=("CMM-01",),
    ),
    Measured(
        code="torque", line=ASSEMBLY, name="Tightening torque", product="Pump P-20", step="Screwing",
        unit="Nm", decimals=2, centre=12.0, sigma=0.16, lsl="11.0", target="12.0", usl="13.0",
        key="station", keys=("1", "2"), gauges=("TW-01", "TW-02"),
        plan="Measure with the wrench of the other station. If they differ: block it, call metrology.",
    ),
    Measured(
        code="leak", line=ASSEMBLY, name="Leak rate", product="Pump P-20", step="Leak test",
        unit="ml/min", decimals=2, centre=3.4, sigma=0.42, usl="5.5", natural_low="0", size=3, special="CC",
        gauges=("LKT-01",),
    ),
    Measured(
        code="force", line=ASSEMBLY, name="Press-in force", product="Pump P-20", step="Pressing",
        unit="kN", decimals=2, centre=6.2, sigma=0.22, lsl="5.0", target="6.2", usl="7.4", gauges=("PRS-01",),
    ),
    Measured(
        code="noise", line=ASSEMBLY, name="Running noise", product="Pump P-20", step="End test",
        unit="dB", decimals=1, centre=56.0, sigma=0.9, usl="62", natural_low="0", gauges=("MIC-90",),
    ),
    Measured(
        code="time", line=LABORATORY, site=HOSPITAL, name="Turnaround time, emergency potassium",
        product="Emergency samples", step="From ward to result", unit="min", decimals=0, centre=38.0,
        sigma=4.5, usl="60", natural_low="0", often=2, suspect="never",
        plan="Look where the samples wait; tell the ward.",
    ),
    Measured(
        code="control", line=LABORATORY, site=HOSPITAL, name="Control sample potassium",
        product="Emergency samples", step="Analysis", unit="mmol/l", decimals=2, centre=4.1, sigma=0.035,
        lsl="3.9", target="4.1", usl="4.3", gauges=("ANA-2",),
    ),
)  # fmt: skip
PAIR = ("force", "noise")
"""Measured on the same pumps, by their serial numbers: what is pressed in too tightly runs louder."""
TOGETHER = "together"
"""The code of both on one chart."""
BY_CODE: Mapping[str, Measured] = {item.code: item for item in MEASURED}


@dataclass(frozen=True, kw_only=True)
class Story:
    """Something that happens to one stream between two days of the plant, and how its people end it.

    ``size`` is in standard deviations of a reading: a ``shift`` is there at once, a ``trend`` has grown
    so far at its end, a ``change`` stays for good, a ``relapse`` comes back from ``back`` to ``ends``.
    ``rules`` are those of which one must find it. What is ``left`` is left to whoever opens the demo, until
    it ends: then the crew finds the cause, and ``afterwards`` is told instead of the ``sentence``.
    """

    name: str
    code: str
    key: str = ""
    kind: Literal["shift", "trend", "change", "relapse"]
    begins: float
    ends: float
    size: float
    back: float = 0.0
    rules: tuple[str, ...]
    lot: str = ""
    changed: str = ""
    left: bool = False
    title: str
    sentence: str
    afterwards: str = ""
    event: str
    cause: str
    action: str
    recurs: str = ""
    """Why it could come again: then a corrective action is asked for."""

    @property
    def watched(self) -> float:
        """Until which day people see a signal of the stream as a part of this story."""
        return {"change": self.begins + STUDY_DAYS, "relapse": self.ends + STUDY_DAYS}.get(
            self.kind, self.ends + 1
        )


STORIES: tuple[Story, ...] = (
    Story(
        name="open", code="bore", kind="shift", begins=89.7, ends=94, size=3.4, rules=("1", "5"), left=True,
        title=N_("What happens now?"),
        sentence=N_("Bores have come out wide for hours, and nobody knows why yet: the signal is yours."),
        afterwards=N_("Bores came out wide, and the cause was found: a boring bar that was set too far out."),
        event="tool", cause="boring bar reground and set 10 µm too far out after the change of shift",
        action="boring bar set by the master; its setting is checked by a second person",
    ),
    Story(
        name="tool-wear", code="shaft", kind="trend", begins=60, ends=65, size=7.0, rules=("3",),
        title=N_("Tool wear"),
        sentence=N_("An insert wore off, and the trend of the shafts said so before one of them was bad."),
        event="tool", cause="insert worn: 1,900 parts instead of 1,200 since the last change",
        action="insert changed; its counter is read at each shift change",
    ),
    Story(
        name="mixed-lot", code="wall", kind="shift", begins=83, ends=85, size=-3.4, rules=("1",),
        lot="G-2217",
        title=N_("A mixed-up lot"),
        sentence=N_("Walls were thin for two days, on one lot and no other. Why did nobody notice?"),
        afterwards=N_("Walls were thin on one lot. Each lot is measured at the door now, and it has worked."),
        event="material", cause="lot G-2217 is another grade of granulate: mixed up at the supplier",
        action="lot blocked, hopper emptied, next lot taken",
        recurs="another grade can come again, and nobody looks for it at the door",
    ),
    Story(
        name="gauge-drift", code="torque", key="2", kind="trend", begins=50, ends=57, size=4.5,
        rules=("2", "5", "1"),
        title=N_("A gauge that drifted"),
        sentence=N_("Torque rose at station 2 and not at station 1: a calibration found the wrench."),
        event="measurement", cause="wrench TW-02 reads 6 % high against the master; station 1 is quiet",
        action="wrench TW-02 blocked and sent to metrology, TW-05 in use",
    ),
    Story(
        name="held", code="leak", kind="change", begins=45, ends=90, size=-2.2, rules=("2", "5", "1"),
        changed="new seal ring",
        title=N_("An improvement that held"),
        sentence=N_("A new seal brought the leak rate down, and the readings since have proved it."),
        event="improvement", cause="new seal ring since the cut-in: the level is lower, as intended",
        action="limits calculated anew from the cut-in",
    ),
    Story(
        name="not-held", code="weight", kind="relapse", begins=38, ends=64, back=52, size=-2.1,
        rules=("2", "5", "1"), changed="dosing set to the target",
        title=N_("One that did not hold"),
        sentence=N_("The dosing was set right, then the weight crept back: not effective, said the verdict."),
        event="method", cause="the dosing screw loosens again: the improvement did not hold",
        action="screw secured for now; another solution is being looked for",
    ),
    Story(
        name="second-try", code="weight", kind="change", begins=75, ends=90, size=-2.1,
        rules=("2", "5", "1"), changed="lock nut on the dosing screw",
        title=N_("The second try"),
        sentence=N_("A lock nut holds the dosing screw now. Four weeks of readings decide whether it works."),
        afterwards=N_("A lock nut holds the dosing screw, and four weeks of readings have proved it."),
        event="improvement", cause="lock nut on the dosing screw since the cut-in: on target, as intended",
        action="limits calculated anew from the cut-in",
    ),
    Story(
        name="service", code="time", kind="shift", begins=78, ends=80, size=4.6, rules=("1", "5"),
        title=N_("Two slow days in the laboratory"),
        sentence=N_("Emergency results took 20 minutes longer while the pneumatic tube stood still."),
        event="equipment", cause="pneumatic tube out of order; samples were carried on foot every half hour",
        action="tube repaired; a porter is called at once when it stands still",
    ),
)  # fmt: skip


def story_at(code: str, key: str, day: float) -> Story | None:
    """The story of a stream on a day."""
    for story in STORIES:
        if (story.code, story.key) == (code, key) and story.begins <= day < story.watched:
            return story
    return None
