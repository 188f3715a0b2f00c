"""The base of every answer: frozen, readable by people and programs, storable for decades."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from gemba import __version__
from gemba.stats.results.codec import decode_fields, encode_fields
from gemba.stats.results.errors import DataError, Marked, UnknownName, require
from gemba.stats.results.table import Table
from gemba.stats.results.words import N_, speaking, spoken

if TYPE_CHECKING:
    from gemba.stats.figures import Figure

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
_KINDS: dict[str, type[Result]] = {}
_FINDERS: list[Callable[[], None]] = []
_SPEAKING = ("headline", "tables", "explain", "summary", "plot")
"""The verbs that take a language."""


def _speaks(verb: Callable[..., Any]) -> Callable[..., Any]:
    """The verb, which speaks the language that it is told in all that it calls: in its numbers too."""

    @wraps(verb)
    def told(self: Any, *given: Any, **named: Any) -> Any:
        language = named.get("language") or next(iter(given), None)
        if not isinstance(language, str):
            return verb(self, *given, **named)
        with speaking(language):
            return verb(self, *given, **named)

    return told


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """What every answer is.

    A subclass is a frozen dataclass with public fields and three verbs of its own: ``headline`` (the
    answer in a sentence or two), ``tables`` (the figures) and ``explain`` (method, conventions, source).
    ``NAME`` and ``SCHEMA`` identify a stored result; ``UPGRADES[n]`` turns a stored dict of schema ``n``
    into one of schema ``n + 1``, so that a result stored by any older version can still be read.
    """

    NAME: ClassVar[str] = ""
    SCHEMA: ClassVar[int] = 1
    UPGRADES: ClassVar[Mapping[int, Upgrade]] = {}

    engine: str = f"gemba {__version__}"
    backend: str = "dict"

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for name in _SPEAKING:
            if name in vars(cls):
                setattr(cls, name, _speaks(vars(cls)[name]))
        if cls.NAME:
            _KINDS[cls.NAME] = cls

    def headline(self, language: str | None = None) -> str:
        """The answer in a sentence or two."""
        raise NotImplementedError

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        """The figures of the answer; the first table is the one that ``to_frame`` gives."""
        raise NotImplementedError

    def explain(self, language: str | None = None) -> str:
        """How the answer was reached: method, constants, sigma estimator, conventions and source."""
        raise NotImplementedError

    def plot(self, *, language: str | None = None) -> Figure:  # noqa: ARG002 (pictures use it)
        """The answer as a figure."""
        raise DataError(
            N_("a result of kind {value} has no picture"),
            mend=N_("Use summary() or tables()"),
            value=self.NAME,
        )

    def summary(self, language: str | None = None) -> str:
        """Headline and tables as text."""
        with speaking(language or spoken()):
            tables = [table.to_text() for table in self.tables()]
            return "\n\n".join([self.headline(), *tables])

    def to_frame(self, backend: str | None = None) -> Any:
        """The main table as the caller's kind of frame (or as ``backend``)."""
        return self.tables()[0].to_frame(backend or self.backend)

    def to_dict(self) -> dict[str, Any]:
        """Plain values only, with the kind and schema number inside; ``from_dict`` reads it back."""
        return {"result": self.NAME, "schema": self.SCHEMA, **encode_fields(self)}

    def to_json(self, *, indent: int | None = None) -> str:
        """The result as JSON text."""
        return json.dumps(self.to_dict(), indent=indent, allow_nan=False, ensure_ascii=False)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """A result from what ``to_dict`` gave, today or in an older version.

        Raises
        ------
        DataError
            When the dict is of another kind, or was written by a newer version.
        """
        found = restore(stored)
        if not isinstance(found, cls):
            raise DataError(
                N_("this is a stored result of kind {value}, not {wanted}"),
                mend=N_("Give it to the class that wrote it, or use gs.restore()"),
                value=found.NAME,
                wanted=cls.NAME,
            )
        return found

    @classmethod
    def from_json(cls, text: str) -> Self:
        """A result from what ``to_json`` gave."""
        try:
            stored = json.loads(text)
        except json.JSONDecodeError as error:
            raise DataError(
                N_("this is no JSON text, or was cut off: {detail}"),
                mend=N_("Give what Gemba stored, complete and unchanged"),
                detail=str(error),
            ) from error
        return cls.from_dict(stored)

    def save(self, path: str | Path) -> Path:
        """Write the result as JSON to a file that ``load`` reads back."""
        target = Path(path)
        target.write_text(self.to_json(indent=2) + "\n", encoding="utf-8")
        return target

    @classmethod
    def load(cls, path: str | Path, *, argument: str = "path") -> Self:
        """A result from the file that ``save`` wrote.

        Raises
        ------
        DataError
            When the file cannot be read, or holds no stored result of this kind.
        """
        try:
            return cls.from_json(Path(path).read_text(encoding="utf-8"))
        except DataError as error:
            raise error.at(argument=argument) from error
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(
                N_("{value} cannot be read: {why}"),
                mend=N_("Give a file that Gemba stored"),
                argument=argument,
                value=str(path),
                why=getattr(error, "strerror", None) or Marked(N_("it holds no text")),
            ) from error

    def to_excel(self, path: str | Path) -> Path:
        """Write every table on its own sheet, and a sheet that states the method."""
        writer = require("gemba.stats.results.workbook", extra="files", purpose=N_("Writing a workbook"))
        written: Path = writer.write_workbook(self, Path(path))
        return written

    def __str__(self) -> str:
        return self.summary()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result) or type(self) is not type(other):
            return NotImplemented
        return self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def _repr_html_(self) -> str:
        from gemba.stats.results.notebook import rich_html

        return rich_html(self)


def find_kinds(finder: Callable[[], None]) -> Callable[[], None]:
    """Name a function that loads every kind of result; it is called when a stored kind is not known yet."""
    _FINDERS.append(finder)
    return finder


def restore(stored: Mapping[str, Any]) -> Result:
    """A result of any kind from its stored dict.

    Parameters
    ----------
    stored : mapping
        What ``Result.to_dict`` gave, in this version or an older one.

    Returns
    -------
    Result
        Of the class that wrote it, with all its fields.

    Raises
    ------
    DataError
        When it is no stored result, of an unknown kind, damaged, or written by a newer version.

    Examples
    --------
    >>> from gemba.stats.distributions import describe
    >>> before = describe([1.0, 2.0, 4.0])
    >>> restore(before.to_dict()) == before
    True
    """
    values = dict(stored) if hasattr(stored, "keys") else {}
    name, schema = values.pop("result", None), values.pop("schema", None)
    if not isinstance(name, str) or not isinstance(schema, int) or schema < 1:
        raise DataError(
            N_("this is not a stored result: 'result' or 'schema' is missing"),
            mend=N_("Give what Gemba stored, complete and unchanged"),
        )
    if name not in _KINDS:
        for finder in _FINDERS:
            finder()
    kind = _KINDS.get(name)
    if kind is None:
        raise UnknownName(name, sorted(_KINDS), what=N_("result"))
    if schema > kind.SCHEMA:
        raise DataError(
            N_("this result was stored with schema {value}; this version reads up to {newest}"),
            mend=N_("Update Gemba"),
            value=schema,
            newest=kind.SCHEMA,
        )
    try:
        for older in range(schema, kind.SCHEMA):
            values = kind.UPGRADES[older](values)
        return decode_fields(kind, values)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            N_("this stored result of kind {value} is damaged: {detail}"),
            mend=N_("Take it from its source again"),
            value=name,
            detail=str(error).rstrip("."),
        ) from error
