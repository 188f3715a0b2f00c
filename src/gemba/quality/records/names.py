"""What actors are called: the kernel keeps their ids only, whoever knows the names is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

Lookup: TypeAlias = Callable[[set[str]], Mapping[str, str]]
RowLookup: TypeAlias = Callable[[int], str]
_lookup: list[Lookup] = []
_row_lookup: list[RowLookup] = []


def install_names(lookup: Lookup, row_lookup: RowLookup) -> None:
    """Say who knows the printed names of actors, and the one that a signature was given under."""
    _lookup[:] = [lookup]
    _row_lookup[:] = [row_lookup]


def name_at_signing(row: int) -> str:
    """The printed name that was in force when a signature was given."""
    return _row_lookup[0](row) if _row_lookup else f"name {row}"


def printed_names(actors: Iterable[str]) -> Mapping[str, str]:
    """Actor id to printed name; without anybody who knows, the id itself."""
    wanted = {actor for actor in actors if actor}
    return _lookup[0](wanted) if _lookup and wanted else {actor: actor for actor in wanted}


def with_names(values: Mapping[str, Any], names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The same values, with names in place of the ids of persons, tokens and devices.

    ``names`` are those already looked up; what is not among them is asked for.
    """
    ids = actors_in(values)
    named = names if names is not None and ids <= set(names) else printed_names(ids)
    return {key: named.get(value, value) if value in ids else value for key, value in values.items()}


def actors_in(values: Mapping[str, Any]) -> set[str]:
    """The ids of persons, tokens and devices among some values."""
    return {text for text in values.values() if isinstance(text, str) and _is_actor(text)}


def _is_actor(text: str) -> bool:
    kind, colon, identity = text.partition(":")
    return bool(colon) and kind in ("person", "token", "device") and identity.isalnum()
