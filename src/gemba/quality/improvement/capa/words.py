"""The written lists of a corrective action: each value and what people call it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

SOURCES: Mapping[str, str] = {
    "nonconformance": N_("Nonconformance"),
    "signal": N_("Signal of a chart"),
    "complaint": N_("Complaint"),
    "audit": N_("Audit finding"),
    "internal": N_("Our own suggestion"),
}
RISKS: Mapping[str, str] = {
    "": "",
    "low": N_("Low"),
    "medium": N_("Medium"),
    "high": N_("High"),
}
CAUSE_KINDS: Mapping[str, str] = {
    "occurrence": N_("Why it happened"),
    "non_detection": N_("Why it was not detected"),
    "systemic": N_("Why the system allowed it"),
}
FACTORS: Mapping[str, str] = {
    "machine": N_("Machine"),
    "material": N_("Material"),
    "method": N_("Method"),
    "measurement": N_("Measurement"),
    "environment": N_("Environment"),
    "management": N_("Management"),
    "human": N_("Human error"),
}
ACTION_KINDS: Mapping[str, str] = {
    "corrective": N_("Corrective"),
    "preventive": N_("Preventive"),
    "containment_removal": N_("Removal of the containment"),
}
METRICS: Mapping[str, str] = {
    "": "",
    "mean": N_("Mean"),
    "shift": N_("Distance of the mean from the nominal"),
    "sd": N_("Standard deviation"),
    "fraction": N_("Nonconforming fraction of the readings"),
    "rate": N_("Signals of the chart per reading"),
}
CHANGES: Mapping[str, str] = {
    "control_plan": N_("Control plan"),
    "fmea": N_("FMEA"),
    "document": N_("Work instruction and other documents"),
    "training": N_("Training"),
}
CHANGE_ANSWERS: Mapping[str, str] = {
    "": "",
    "updated": N_("Updated"),
    "not_applicable": N_("Not applicable"),
}
ACROSS_ANSWERS: Mapping[str, str] = {
    "applied": N_("Done there too"),
    "not_applicable": N_("Does not apply there"),
}
VERDICTS: Mapping[str, str] = {
    "": "",
    "effective": N_("Effective"),
    "not effective": N_("Not effective"),
    "not yet shown": N_("Not yet shown"),
}
