"""Where one can go from every page, in the order of the menu."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Place:
    """One line of the menu: its word, its route, the key that goes there after ``g``, its icon."""

    label: str
    route: str
    key: str
    arguments: tuple[str, ...] = ()
    ends_group: bool = False
    icon: str = "dot"

    @property
    def address(self) -> str:
        """Where it leads."""
        return reverse(self.route, args=self.arguments)


PLACES: tuple[Place, ...] = (
    Place("Home", "home", "h", icon="home"),
    Place("My desk", "tasks", "t", ends_group=True, icon="tasks"),
    Place("Charts", "charts", "c", icon="chart"),
    Place("Signals", "records", "s", ("signal",), icon="signal"),
    Place("Bring data", "upload", "u", icon="upload"),
    Place("Quarantine", "quarantine", "q", ends_group=True, icon="quarantine"),
    Place("Nonconformances", "records", "n", ("nonconformance",), icon="nonconformance"),
    Place("Control plans", "records", "x", ("control-plan",), icon="plan"),
    Place("Gauges", "records", "g", ("gauge",), icon="gauge"),
    Place("Corrective actions", "records", "a", ("capa",), icon="capa"),
    Place("Limit sets", "records", "l", ("limit-set",), ends_group=True, icon="limits"),
    Place("Requirements", "records", "w", ("requirement",), icon="requirement"),
    Place("Coverage", "coverage", "e", icon="coverage"),
    Place("Products", "records", "d", ("product",), icon="product"),
    Place("Processes", "records", "v", ("process",), icon="process"),
    Place("Characteristics", "records", "k", ("characteristic",), icon="target"),
    Place("Parties", "records", "z", ("party",), ends_group=True, icon="party"),
    Place("The loop", "loop", "o", icon="loop"),
    Place("Trail", "trail", "r", ends_group=True, icon="trail"),
    Place("People", "people", "p", icon="people"),
    Place("Sites", "sites", "i", icon="site"),
    Place("Rules", "rules", "y", icon="sign"),
    Place("Own fields", "fields", "f", icon="file"),
)


def icon_of(type_name: str) -> str:
    """The icon of a record type: that of its list in the menu."""
    return next((place.icon for place in PLACES if place.arguments == (type_name,)), "file")
