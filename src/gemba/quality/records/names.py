"""What actors are called: the kernel keeps their ids only, whoever knows the names is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

Lookup: TypeAlias = Callable[[set[str]], Mapping[str, str]]
_lookup: list[Lookup] = []


def install_names(lookup: Lookup) -> None:
    """Say who knows the printed names of actors; called once at start."""
    _lookup[:] = [lookup]


def printed_names(actors: Iterable[str]) -> Mapping[str, str]:
    """Actor id to printed name; without anybody who knows, the id itself."""
    wanted = {actor for actor in actors if actor}
    return _lookup[0](wanted) if _lookup and wanted else {actor: actor for actor in wanted}


def with_names(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values, with names in place of the ids of persons, tokens and devices."""
    ids = {text for text in values.values() if isinstance(text, str) and _is_actor(text)}
    named = printed_names(ids)
    return {key: named.get(value, value) if value in ids else value for key, value in values.items()}


def _is_actor(text: str) -> bool:
    kind, colon, identity = text.partition(":")
    return bool(colon) and kind in ("person", "token", "device") and identity.isalnum()
