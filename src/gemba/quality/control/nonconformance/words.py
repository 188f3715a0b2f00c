"""The written lists of a nonconformance: each value and what people call it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

LOCATIONS: Mapping[str, str] = {
    "stock": N_("In stock"),
    "wip": N_("In work"),
    "transit": N_("In transit"),
    "customer": N_("At the customer"),
    "similar": N_("Similar products and processes"),
}
LOCATION_ANSWERS: Mapping[str, str] = {
    "none": N_("None there"),
    "secured": N_("Found and secured"),
}
DETECTION_POINTS: Mapping[str, str] = {
    "incoming": N_("Incoming inspection"),
    "process": N_("In process"),
    "final": N_("Final inspection"),
    "audit": N_("Audit"),
    "customer": N_("At the customer"),
}
ORIGINS: Mapping[str, str] = {
    "process": N_("Own process"),
    "supplier": N_("Supplier"),
    "customer": N_("Customer"),
}
SEVERITIES: Mapping[str, str] = {
    "critical": N_("Critical"),
    "major": N_("Major"),
    "minor": N_("Minor"),
}
DECISIONS: Mapping[str, str] = {
    "rework": N_("Rework: it will conform"),
    "repair": N_("Repair: it will be usable, it may not conform"),
    "use_as_is": N_("Use as it is, under concession"),
    "regrade": N_("Regrade for another use"),
    "return_to_supplier": N_("Return to the supplier"),
    "scrap": N_("Scrap"),
    "sort": N_("Sort"),
    "no_fault_found": N_("No fault found"),
}
NEEDS_CONCESSION = ("repair", "use_as_is")
NEEDS_REINSPECTION = ("rework", "repair")
GONE = ("scrap", "return_to_supplier")
"""What cannot be taken back once it is done."""

LINE_STATES: Mapping[str, str] = {
    "pending": N_("To do"),
    "done": N_("Done"),
    "overturned": N_("Overturned"),
}
FUNCTIONS: Mapping[str, str] = {
    "engineering": N_("Engineering"),
    "quality": N_("Quality"),
    "customer": N_("Customer"),
}
FUNCTION_ROLES: Mapping[str, tuple[str, ...]] = {
    "engineering": ("engineer",),
    "quality": ("quality_manager", "approver"),
    "customer": ("quality_manager",),
}
"""Who speaks for a function; the customer's word is recorded by the quality manager."""

YES_NO: Mapping[str, str] = {"yes": N_("Yes"), "no": N_("No")}
GROUNDS: Mapping[str, str] = {
    "risk": N_("Risk"),
    "recurrence": N_("Recurrence"),
    "cost": N_("Cost"),
}
