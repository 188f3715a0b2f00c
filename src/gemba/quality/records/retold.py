"""Sentences of the statistics in a record: stored in English, made again for who reads another language.

A record keeps the figures and, beside them, the sentence that they gave. The sentence is sealed as it was
said. Whoever reads in another language is told the figures anew, so nothing stored is ever translated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gemba.stats.results import spoken

if TYPE_CHECKING:
    from django.db import models

    from gemba.quality.records.types import RecordType


@dataclass(frozen=True)
class Retold:
    """A column that holds such a sentence, and what makes it again in a language.

    ``say`` is given the values of the row, or of the last row of ``relation``; empty where it cannot.
    """

    say: Callable[[Mapping[str, Any], str], str]
    relation: str = ""


def of_record(
    kind: RecordType, record: models.Model, name: str, value: Any, language: str | None = None
) -> Any:
    """A value of a record as its reader reads it; ``name`` is ``"relation.column"`` in rows of the record."""
    found = kind.retold.get(name)
    if found is None or not value:
        return value
    rows = kind.rows(record, found.relation)[-1:] if _foreign(language) and found.relation else [record]
    return _said(found, value, [vars(row) for row in rows], language)


def of_row(
    kind: RecordType, row: models.Model, relation: str, values: Mapping[str, Any], language: str | None = None
) -> dict[str, Any]:
    """The values of a row of a record as its reader reads them."""
    return {
        name: of_record(kind, row, f"{relation}.{name}", value, language) for name, value in values.items()
    }


def of_values(
    kind: RecordType, values: Mapping[str, Any], name: str, value: Any, language: str | None = None
) -> Any:
    """The same of a version that was: ``values`` are those of the record or of the row then."""
    found = kind.retold.get(name)
    if found is None or not value:
        return value
    rows = (values.get(found.relation) or ())[-1:] if found.relation else [values]
    return _said(found, value, rows, language)


def _said(found: Retold, stored: str, rows: Sequence[Mapping[str, Any]], language: str | None) -> str:
    said = [found.say(row, language or spoken()) for row in rows] if _foreign(language) else []
    return next(filter(None, said), stored)


def _foreign(language: str | None) -> bool:
    return (language or spoken()) != "en"
