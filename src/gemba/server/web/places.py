"""Where one can go from every page, in the order of the menu."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from gemba.stats.results import N_


@dataclass(frozen=True)
class Place:
    """One line of the menu: its word, its route, the key that goes there after ``g``, its icon."""

    label: str
    route: str
    key: str
    arguments: tuple[str, ...] = ()
    ends_group: bool = False
    icon: str = "dot"

    @cached_property
    def address(self) -> str:
        """Where it leads."""
        return reverse(self.route, args=self.arguments)


PLACES: tuple[Place, ...] = (
    Place(N_("Home"), "home", "h", icon="home"),
    Place(N_("My desk"), "tasks", "t", ends_group=True, icon="tasks"),
    Place(N_("Charts"), "charts", "c", icon="chart"),
    Place(N_("Signals"), "records", "s", ("signal",), icon="signal"),
    Place(N_("Bring data"), "upload", "u", icon="upload"),
    Place(N_("Quarantine"), "quarantine", "q", ends_group=True, icon="quarantine"),
    Place(N_("Nonconformances"), "records", "n", ("nonconformance",), icon="nonconformance"),
    Place(N_("Control plans"), "records", "x", ("control-plan",), icon="plan"),
    Place(N_("Gauges"), "records", "g", ("gauge",), icon="gauge"),
    Place(N_("Corrective actions"), "records", "a", ("capa",), icon="capa"),
    Place(N_("Limit sets"), "records", "l", ("limit-set",), ends_group=True, icon="limits"),
    Place(N_("Requirements"), "records", "w", ("requirement",), icon="requirement"),
    Place(N_("Coverage"), "coverage", "e", icon="coverage"),
    Place(N_("Products"), "records", "d", ("product",), icon="product"),
    Place(N_("Processes"), "records", "v", ("process",), icon="process"),
    Place(N_("Characteristics"), "records", "k", ("characteristic",), icon="target"),
    Place(N_("Parties"), "records", "z", ("party",), ends_group=True, icon="party"),
    Place(N_("The loop"), "loop", "o", icon="loop"),
    Place(N_("Trail"), "trail", "r", ends_group=True, icon="trail"),
    Place(N_("People"), "people", "p", icon="people"),
    Place(N_("Competences"), "records", "b", ("competence",), icon="competence"),
    Place(N_("Qualifications"), "records", "j", ("qualification",), icon="qualification"),
    Place(N_("Sites"), "sites", "i", icon="site"),
    Place(N_("Rules"), "rules", "y", icon="sign"),
    Place(N_("Own fields"), "fields", "f", icon="file"),
)


def icon_of(type_name: str) -> str:
    """The icon of a record type: that of its list in the menu."""
    return next((place.icon for place in PLACES if place.arguments == (type_name,)), "file")
