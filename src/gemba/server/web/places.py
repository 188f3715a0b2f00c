"""Where one can go from every page, in the order of the menu."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Place:
    """One line of the menu: its word, its route, the key that goes there after ``g``."""

    label: str
    route: str
    key: str
    arguments: tuple[str, ...] = ()
    ends_group: bool = False

    @property
    def address(self) -> str:
        """Where it leads."""
        return reverse(self.route, args=self.arguments)


PLACES: tuple[Place, ...] = (
    Place("Home", "home", "h"),
    Place("Tasks", "tasks", "t", ends_group=True),
    Place("Charts", "charts", "c"),
    Place("Signals", "records", "s", ("signal",)),
    Place("Upload readings", "upload", "u"),
    Place("Quarantine", "quarantine", "q", ends_group=True),
    Place("Nonconformances", "records", "n", ("nonconformance",)),
    Place("Characteristics", "records", "k", ("characteristic",)),
    Place("Limit sets", "records", "l", ("limit-set",), ends_group=True),
    Place("The loop", "loop", "o"),
    Place("Trail", "trail", "r", ends_group=True),
    Place("People", "people", "p"),
    Place("Sites", "sites", "i"),
)
