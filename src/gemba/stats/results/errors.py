"""Errors that say where, what, and how to mend it, in one clear sentence each."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from gemba.stats.results.words import N_, Translate, translator


class Marked(str):
    """A marked text that is a value of another text: translated with it, and shown without quotes."""

    __slots__ = ()


class StatsError(Exception):
    """Anything ``gemba.stats`` refuses to answer."""


class Copied(Exception):
    """An error that can be copied and sent to another process, whatever its making asks for."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _bare, (type(self), *self.args), self.__dict__


def _bare(kind: type[Exception], *args: object) -> Exception:
    return kind.__new__(kind, *args)


class DataError(Copied, StatsError, ValueError):
    """The data or an argument cannot be used as given.

    Parameters
    ----------
    problem : str
        What is wrong, as a gettext template: ``"{value} is not a number"``.
    mend : str
        What to do about it, as a gettext template.
    argument, column : str, optional
        The argument of the function, the column of the frame.
    row : int, optional
        Row of the data, numbered from 1 without the header.
    place : str, optional
        Where that row stands in the file it came from: ``"line 15"``.
    value : object, optional
        What was given; available to both templates as ``{value}``.
    values
        Further values for the templates.

    Examples
    --------
    >>> print(DataError("{value} is not a number", mend="Correct the cell or leave it empty.",
    ...                 column="diameter", row=14, value="abc"))
    Column 'diameter', row 14: 'abc' is not a number. Correct the cell or leave it empty.
    """

    def __init__(
        self,
        problem: str,
        *,
        mend: str,
        argument: str | None = None,
        column: str | None = None,
        row: int | None = None,
        place: str | None = None,
        value: object = None,
        **values: object,
    ) -> None:
        self.problem = problem
        self.mend = mend
        self.argument = argument
        self.column = column
        self.row = row
        self.place = place
        self.value = value
        self.values = values
        super().__init__(self.sentence("en"))  # what repr() shows, and a log or a store keeps

    def __str__(self) -> str:
        return self.sentence()

    def at(
        self,
        *,
        argument: str | None = None,
        column: str | None = None,
        row: int | None = None,
        place: str | None = None,
    ) -> DataError:
        """The same error with a place that only the caller knows."""
        return DataError(
            self.problem,
            mend=self.mend,
            argument=argument or self.argument,
            column=column or self.column,
            row=row if row is not None else self.row,
            place=place or self.place,
            value=self.value,
            **self.values,
        )

    def sentence(self, language: str | None = None) -> str:
        """The whole error in the reader's language."""
        t = translator(language)
        filled = {"value": _shown(self.value, t)} | {k: _filled(v, t) for k, v in self.values.items()}
        where = self._where(language)
        mend = t(self.mend).format(**filled)
        text = f"{t(self.problem).format(**filled)}. {mend}" + ("" if mend.endswith((".", "?", "⟧")) else ".")
        return f"{where}: {text}" if where else text[:1].upper() + text[1:]

    def _where(self, language: str | None) -> str:
        t = translator(language)
        parts: list[str] = []
        if self.argument is not None:
            parts.append(t(N_("argument {name}")).format(name=self.argument))
        if self.column is not None:
            parts.append(t(N_("column '{name}'")).format(name=self.column))
        if self.row is not None:
            words = N_("row {number} ({place})") if self.place else N_("row {number}")
            parts.append(t(words).format(number=self.row, place=self.place))
        where = ", ".join(parts)
        return where[:1].upper() + where[1:]


class UnknownName(DataError):
    """A column, rule, chart kind or option that does not exist; names the nearest one that does."""

    def __init__(self, name: str, known: Iterable[str], *, what: str, argument: str | None = None) -> None:
        listed = [str(item) for item in known]
        near = difflib.get_close_matches(name.lower(), [item.lower() for item in listed], n=1, cutoff=0.5)
        nearest = next((item for item in listed if near and item.lower() == near[0]), None)
        mend = N_("Did you mean '{nearest}'? There are: {known}") if nearest else N_("There are: {known}")
        super().__init__(
            N_("there is no {what} named {value}"),
            mend=mend,
            argument=argument,
            value=name,
            what=Marked(what),
            nearest=nearest or "",
            known=", ".join(name if any(map(str.isalnum, name)) else repr(name) for name in listed) or "-",
        )
        self.nearest = nearest


class Told(Copied):
    """An error that is told in the language of whoever reads it.

    Parameters
    ----------
    text : str
        What is wrong and what to do, as a gettext template.
    values
        What the template names; a ``Marked`` text is translated too.

    Examples
    --------
    >>> print(Told("{path} is in use. Stop it first.", path="/srv/plant"))
    /srv/plant is in use. Stop it first.
    """

    def __init__(self, text: str, **values: object) -> None:
        self.text, self.values = text, values
        super().__init__(self.sentence("en"))

    def __str__(self) -> str:
        return self.sentence()

    def sentence(self, language: str | None = None) -> str:
        """The whole error in the reader's language."""
        t = translator(language)
        return t(self.text).format(**{name: _filled(value, t) for name, value in self.values.items()})


class MissingExtra(Told, StatsError, ImportError):
    """A part of Gemba that is installed by an extra is not there."""


def require(module: str, *, extra: str, purpose: str) -> ModuleType:
    """Import an optional library, or say the one line that installs it.

    Raises
    ------
    MissingExtra
        When the library is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtra(
            N_(
                "{purpose} needs the extra '{extra}', which is not installed. "
                'Install it with: pip install "gemba[{extra}]"'
            ),
            purpose=Marked(purpose),
            extra=extra,
        ) from error


def _filled(value: object, t: Translate) -> object:
    """A further value as it is filled in: marked words translated, numbers without a tail."""
    return _shown(value, t) if isinstance(value, Marked | float) else value


def _shown(value: object, t: Translate) -> str:
    if isinstance(value, Marked):
        return t(value)
    if isinstance(value, float):
        return f"{value:.12g}"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
