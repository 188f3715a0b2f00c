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

    @property
    def address(self) -> str:
        """Where it leads."""
        return reverse(self.route, args=self.arguments)


PLACES: tuple[Place, ...] = (Place("Home", "home", "h"),)
