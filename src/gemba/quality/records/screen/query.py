"""The grammar of a list: what the address of a page and of the API may ask, in the same words.

``state=taken,released`` any of these; ``weight.from=1.5&weight.to=2`` both ends included; ``note.has=oil``
contains; ``due_at.empty=yes``; ``q=words`` search; ``sort=-opened_at``; ``limit=50``; ``after=`` the mark of
the next page. Anything else is refused, never ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.given import (
    Unfit,
    fits_digits,
    read_date,
    read_moment,
    read_number,
    read_text,
    read_whole,
    read_yes_no,
)
from gemba.quality.records.lifecycle import Category
from gemba.quality.records.reasons import Reason, refuse_if
from gemba.quality.records.screen.declare import Screen
from gemba.quality.records.screen.sources import Kind, Source

MOST_ROWS = 500
OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    "text": ("is", "has", "empty"),
    "number": ("is", "from", "to", "empty"),
    "whole": ("is", "from", "to", "empty"),
    "yes_no": ("is",),
    "moment": ("from", "to", "empty"),
    "date": ("is", "from", "to", "empty"),
    "state": ("is",),
    "category": ("is",),
    "site": ("is",),
    "person": ("is", "empty"),
    "choice": ("is", "empty"),
}
"""Kind of value -> what can be asked of it; ``is`` may name several."""


@dataclass(frozen=True)
class Condition:
    """One thing that is asked of a value, as it was typed."""

    name: str
    operator: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """What a list is asked for."""

    conditions: tuple[Condition, ...] = ()
    words: str = ""
    sort: str = ""
    limit: int = 50
    after: str = ""


def read_query(screen: Screen, pairs: Iterable[tuple[str, str]]) -> Query:
    """The query that the pairs of an address say.

    Raises
    ------
    Refused
        With everything that the screen does not know or that cannot be read.
    """
    query, reasons = Query(), []
    asked: dict[tuple[str, str], list[str]] = {}
    for key, text in pairs:
        name, _, operator = key.partition(".")
        if key == "q":
            query = replace(query, words=text.strip())
        elif key == "after":
            query = replace(query, after=text)
        elif key == "sort":
            query = replace(query, sort=text)
            reasons += _faults_of_sort(screen, text) if text else []
        elif key == "limit":
            reasons += _faults_of_limit(text)
            query = replace(query, limit=int(text)) if not _faults_of_limit(text) else query
        elif text.strip():
            asked.setdefault((name, operator or "is"), []).append(text)
    conditions = tuple(Condition(name, operator, tuple(texts)) for (name, operator), texts in asked.items())
    for condition in conditions:
        reasons += _faults_of_condition(screen, condition)
    refuse_if(reasons)
    return replace(query, conditions=conditions)


def write_query(query: Query) -> list[tuple[str, str]]:
    """The pairs of an address that say this query."""
    pairs = []
    for condition in query.conditions:
        key = condition.name if condition.operator == "is" else f"{condition.name}.{condition.operator}"
        pairs += [(key, text) for text in condition.texts]
    pairs += [("q", query.words)] if query.words else []
    pairs += [("sort", query.sort)] if query.sort else []
    pairs += [("limit", str(query.limit))] if query.limit != Query.limit else []
    pairs += [("after", query.after)] if query.after else []
    return pairs


def values_of(source: Source, condition: Condition) -> list[Any]:
    """The typed values of a condition as the query of the database wants them."""
    if condition.operator == "empty":
        return [read_yes_no(text) for text in condition.texts]
    texts = list(condition.texts)
    if source.kind not in ("text", "choice"):
        texts = [part for text in texts for part in text.split(",")]
    reader: Callable[[str], Any] = _READERS.get(source.kind, read_text)
    values = [reader(text) for text in texts]
    if source.digits is not None and not all(fits_digits(value, *source.digits) for value in values):
        digits, places = source.digits
        raise Unfit("records.too_many_digits", digits=digits, places=places)
    if source.kind == "moment":
        return [_moment(value, last=condition.operator == "to") for value in values]
    allowed = _allowed(source)
    if allowed and not set(values) <= allowed:
        raise Unfit("records.not_choice", choices=", ".join(sorted(allowed)))
    return values


def _day_or_moment(text: str) -> Any:
    if len(text.strip()) > len("2026-03-31"):
        return read_moment(text.strip().replace(" ", "+"))
    return read_date(text)


def _moment(value: Any, *, last: bool) -> int:
    if isinstance(value, datetime):
        return to_microseconds(value)
    midnight = datetime.combine(value, time(), UTC)
    return to_microseconds(midnight + timedelta(days=1)) - 1 if last else to_microseconds(midnight)


def _allowed(source: Source) -> set[str]:
    if source.kind == "category":
        return set(Category.__args__)  # type: ignore[attr-defined]
    return {value for value, _ in source.choices}


_READERS: Mapping[str, Callable[[str], Any]] = {
    "number": read_number,
    "whole": read_whole,
    "yes_no": read_yes_no,
    "date": read_date,
    "moment": _day_or_moment,
}


def _faults_of_condition(screen: Screen, condition: Condition) -> list[Reason]:
    known = {item.name for item in screen.filters}
    source = screen.source(condition.name) if condition.name in known else None
    if source is None or condition.operator not in OPERATORS[source.kind]:
        key = condition.name if condition.operator == "is" else f"{condition.name}.{condition.operator}"
        listed = ", ".join(sorted(known))
        return [Reason("records.filter_unknown", {"filter": key, "known": listed})]
    try:
        values_of(source, condition)
    except Unfit as unfit:
        return [Reason(unfit.code, {"field": condition.name, **unfit.values})]
    return []


def _faults_of_sort(screen: Screen, text: str) -> list[Reason]:
    if text.removeprefix("-") in screen.sortable():
        return []
    return [Reason("records.sort_unknown", {"column": text, "known": ", ".join(screen.sortable())})]


def _faults_of_limit(text: str) -> list[Reason]:
    good = text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST_ROWS
    return [] if good else [Reason("records.limit_invalid", {"most": MOST_ROWS})]
