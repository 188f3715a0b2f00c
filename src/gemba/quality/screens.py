"""The one written list of screens."""

from __future__ import annotations

from dataclasses import replace

from gemba.quality.assurance.coverage.queries import coverage_panel
from gemba.quality.control.gauges.screen import SCREEN as GAUGE_SCREEN
from gemba.quality.control.monitoring.screen import LIMIT_SET_SCREEN, SIGNAL_SCREEN
from gemba.quality.control.nonconformance.screen import SCREEN as NONCONFORMANCE_SCREEN
from gemba.quality.improvement.capa.screen import SCREEN as CAPA_SCREEN
from gemba.quality.people.competences.screen import COMPETENCE_SCREEN, QUALIFICATION_SCREEN
from gemba.quality.people.parties.screen import SCREEN as PARTY_SCREEN
from gemba.quality.planning.controlplans.screen import SCREEN as CONTROL_PLAN_SCREEN
from gemba.quality.planning.processes.screen import SCREEN as PROCESS_SCREEN
from gemba.quality.planning.products.queries import goal_panel
from gemba.quality.planning.products.screen import PRODUCT_SCREEN
from gemba.quality.planning.products.screen import SCREEN as CHARACTERISTIC_SCREEN
from gemba.quality.planning.requirements.screen import SCREEN as REQUIREMENT_SCREEN
from gemba.quality.records.screen import Panel, Screen
from gemba.stats.results import N_

_COVERAGE = Panel("coverage", N_("Covered, measured, met"), coverage_panel, timed=True)

_GOAL = Panel("goal", N_("Capability of its characteristics"), goal_panel)

SCREENS: tuple[Screen, ...] = (
    PARTY_SCREEN,
    COMPETENCE_SCREEN,
    QUALIFICATION_SCREEN,
    replace(REQUIREMENT_SCREEN, panels=(_COVERAGE,)),
    replace(PRODUCT_SCREEN, panels=(_GOAL,)),
    PROCESS_SCREEN,
    CHARACTERISTIC_SCREEN,
    CONTROL_PLAN_SCREEN,
    GAUGE_SCREEN,
    SIGNAL_SCREEN,
    LIMIT_SET_SCREEN,
    NONCONFORMANCE_SCREEN,
    CAPA_SCREEN,
)
