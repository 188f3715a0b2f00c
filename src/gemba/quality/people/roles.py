"""The roles of a plant: rights are role x site x state. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

ROLES: Mapping[str, str] = {
    "reader": N_("Reads records and charts"),
    "operator": N_("Enters readings and follows reaction plans"),
    "inspector": N_("Inspects, enters and re-measures, reports nonconformances"),
    "engineer": N_("Plans characteristics, charts and limits, investigates"),
    "approver": N_("Approves what others made"),
    "quality_manager": N_("Decides dispositions, reopens, extends"),
    "auditor": N_("Reads all records and the whole trail"),
    "access_administrator": N_("Manages people and rights, sees no quality data"),
    "system_administrator": N_("Manages settings, sites, backups, approves nothing"),
}

QUALITY_ROLES = (
    "reader",
    "operator",
    "inspector",
    "engineer",
    "approver",
    "quality_manager",
    "auditor",
)
"""The roles that may read quality data."""
