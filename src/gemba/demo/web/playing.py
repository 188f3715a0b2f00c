"""The demo that this process serves; nothing where it serves a plant of one's own."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from gemba.demo.living import Entrance, Living


@dataclass(frozen=True)
class Played:
    """A demo plant at work, and the one-time link into it."""

    living: Living
    entrance: Entrance


_played: list[Played] = []


def play(living: Living, entrance: Entrance) -> None:
    """Say that this process serves a demo, whose mark was read from its store."""
    _played[:] = [Played(living, entrance)]


def stop() -> None:
    """Say that it does no more."""
    _played.clear()


def is_played() -> bool:
    """Whether a demo is served here."""
    return bool(_played)


def played() -> Played:
    """The demo that is served here.

    Raises
    ------
    Http404
        Where there is none.
    """
    if not _played:
        raise Http404
    return _played[0]
