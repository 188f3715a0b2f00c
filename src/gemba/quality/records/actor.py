"""Who acts: a person, a token of an integration, a device, or the program itself by a rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

EVERY_SITE = "*"
Kind = Literal["person", "token", "device", "system"]


@dataclass(frozen=True)
class Actor:
    """Whoever does something, with the rights of that moment.

    ``id`` is stable, never reused, and the only thing the trail keeps of a person; ``grants`` are pairs
    of role and site (``"*"`` for every site).
    """

    kind: Kind
    id: str
    name: str
    grants: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    client: str = ""

    def has_role(self, role: str, site: str) -> bool:
        """Whether the actor has the role at the site."""
        return (role, site) in self.grants or (role, EVERY_SITE) in self.grants

    def has_any(self, roles: tuple[str, ...], site: str) -> bool:
        """Whether the actor has one of the roles at the site; the program's own rules may do anything."""
        return self.kind == "system" or any(self.has_role(role, site) for role in roles)

    def sites(self, roles: tuple[str, ...]) -> frozenset[str]:
        """The sites at which the actor has one of the roles; ``"*"`` means all."""
        if self.kind == "system":
            return frozenset({EVERY_SITE})
        return frozenset(site for role, site in self.grants if role in roles)


def system(rule: str) -> Actor:
    """The program itself, acting by a named rule."""
    return Actor("system", f"system:{rule}", rule)
