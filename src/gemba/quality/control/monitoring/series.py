"""Readings as the members of a chart's tidy series."""

from __future__ import annotations

from gemba.quality.control.collecting import tidy as collecting
from gemba.quality.control.monitoring.points import Key, Member

CHUNK = 5000


def members_from(stream: int, first: Key, *, limit: int) -> tuple[list[Member], Key | None]:
    """The members of a stream from a key on, and the key at which more follow.

    A reading that was voided or excluded after it had been judged keeps its place without a value.
    """
    found = collecting.series(stream, first, limit=limit + 1)
    follows = (found[limit].position, found[limit].sequence) if len(found) > limit else None
    members = [
        Member(*item[:6], item.beside, item.member)
        for item in found[:limit]
        if item.usable or item.value is not None
    ]
    return members, follows


def members_between(stream: int, first: Key, last_position: int) -> list[Member]:
    """The members from a key on, up to a position."""
    found: list[Member] = []
    follows: Key | None = first
    while follows is not None and follows[0] <= last_position:
        members, follows = members_from(stream, follows, limit=CHUNK)
        found += members
    return [member for member in found if member.position <= last_position]
