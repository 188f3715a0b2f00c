"""The file of a command: read once, its refused rows told, its columns under the names that were typed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gemba.cli.console import tell, working
from gemba.cli.language import _
from gemba.stats.readers import OpenQuestions, Question, Reading, read
from gemba.stats.results import N_, DataError, Table

TOLD = 5
"""So many refused cells are told one by one; ``gemba inspect`` shows all."""
RANGES_UP_TO = 8
"""Up to this size of subgroups a range chart; above it, standard deviations say more."""

INTEGERS = ("header_row", "first_row", "last_row", "size")
LISTS = ("columns", "missing")


@dataclass(frozen=True)
class Source:
    """A file that was read."""

    reading: Reading

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.reading.source or "stdin"

    @property
    def stored(self) -> int:
        """How many rows are used."""
        return self.reading.rows_stored

    @property
    def refused(self) -> int:
        """How many rows are refused."""
        return self.reading.rows_refused

    @property
    def frame(self) -> dict[str, Any]:
        """The columns, with a gap where a row was refused."""
        return dict(self.reading.frame())

    def column(self, typed: str | None) -> str | None:
        """The name of a column that was typed as its name or its heading."""
        return None if typed is None else self.reading.column(typed).name

    def layout(
        self,
        *,
        value: Sequence[str] | None,
        subgroup: str | None = None,
        size: int | None = None,
        n: str | None = None,
        label: str | None = None,
        returning: str | None = None,
    ) -> dict[str, Any]:
        """What the columns are, as arguments of the library's functions; only those that are said."""
        chosen = self._values(value)
        if value is None and subgroup is None and size is None and isinstance(chosen, str):
            proposed = self.reading.proposal
            subgroup, size = proposed.subgroup or None, None if proposed.subgroup else proposed.size
        said = {
            "value": chosen,
            "subgroup": self.column(subgroup),
            "size": size,
            "n": self.size(n),
            "label": self.column(label),
            "returning": returning or self.reading.proposal.returning,
        }
        return {name: item for name, item in said.items() if item is not None}

    def _values(self, typed: Sequence[str] | None) -> str | list[str]:
        if typed:
            names = [self.reading.column(name).name for name in typed]
            return names[0] if len(names) == 1 else names
        names = list(self.reading.value_names)
        if len(names) == 1 or (names and self.reading.layout in ("wide", "turned")):
            return names[0] if len(names) == 1 else names
        raise DataError(
            N_("it is not said which column to look at"),
            mend=N_("Say --value with one of: {known}"),
            argument="value",
            known=", ".join(names) or "-",
        )

    def size(self, n: str | None) -> str | float | None:
        """The name of a column that was typed, or the number."""
        if n is None:
            return None
        try:
            return float(n)
        except ValueError:
            return self.column(n)

    def limits(
        self, value: str | list[str], *, lsl: str | None, usl: str | None, target: str | None
    ) -> dict[str, Any]:
        """Limits as typed; those that the file states when none are."""
        stated = self.reading.tolerances.get(value if isinstance(value, str) else value[0])
        if lsl is None and usl is None and stated is not None:
            words = _("Limits from the file: {lsl} to {usl}.")
            tell(words.format(lsl=_shown(stated.lsl), usl=_shown(stated.usl)))
            aim = target if target is not None else stated.target
            return {"lsl": stated.lsl, "usl": stated.usl, "target": aim}
        return {"lsl": lsl, "usl": usl, "target": target}

    def to_dict(self) -> dict[str, Any]:
        """What was read, for JSON."""
        reading = self.reading
        return {
            "file": self.name,
            "sha256": reading.sha256,
            "rows_in": reading.rows_in,
            "rows_stored": reading.rows_stored,
            "rows_refused": reading.rows_refused,
            "refused": [
                {"place": r.place, "column": r.column, "text": r.text, "reason": r.words()}
                for r in reading.refused
            ],
        }

    @contextmanager
    def placing(self) -> Iterator[None]:
        """Say where in the file a row is that the library speaks of."""
        try:
            yield
        except DataError as error:
            if error.row is None or error.column not in self.frame:
                raise
            cell = self.reading.place(error.row - 1, str(error.column))
            place = _("{place} of {file}").format(place=cell, file=self.name)
            raise error.at(place=place) from error

    def sentence(self) -> str:
        """How many rows came in, and what became of them."""
        return self.reading.headline().split("\n")[0]

    def notes(self) -> tuple[str, ...]:
        """What the reader saw that a person should know."""
        return tuple(self.reading.headline().split("\n")[1:])

    def tables(self) -> tuple[Table, ...]:
        """Control totals, and the refused rows."""
        refused = (self.reading.refused_table(),) if self.reading.refused else ()
        return (self.reading.totals(), *refused)

    def facts(self) -> tuple[tuple[str, str], ...]:
        """File, sheet and digest."""
        sheet = ((_("Sheet"), self.reading.sheet),) if self.reading.sheet else ()
        return ((_("File"), self.name), *sheet, ("SHA-256", self.reading.sha256))


def open_source(
    file: str,
    *,
    numbers: Iterable[str | None] = (),
    subgroup: str | None = None,
    labels: Iterable[str | None] = (),
    sheet: str | None = None,
    profile: Path | None = None,
    returning: str | None = None,
    told: Sequence[str] | None = None,
) -> Source:
    """Read a file, or stdin for ``-``, and tell what was refused.

    Parameters
    ----------
    numbers, subgroup, labels : str or None, or several
        The columns that the command uses. When they name numbers, the other columns are not read, and cannot
        refuse a row.
    sheet, profile, returning
        What is known of the file.
    told : sequence of str, optional
        Further corrections as ``KEY=VALUE`` or ``KEY:COLUMN=VALUE``.

    Raises
    ------
    DataError
        For what cannot be read, or can be read in several ways.
    """
    corrections = parse_corrections(told or ())
    wanted = {name: "value" for name in numbers if name is not None}
    named = {name: "label" for name in labels if name is not None}
    if subgroup is not None:
        named[subgroup] = "subgroup"
    if wanted:
        corrections.setdefault("columns", (*wanted, *named))
        corrections["roles"] = wanted | named | corrections.get("roles", {})
    for key, said in (("sheet", sheet), ("returning", returning)):
        if said is not None:
            corrections[key] = said
    try:
        with working(_("Reading {file}").format(file=file)):
            reading = read(load(file), profile=profile, **corrections)
    except OpenQuestions as several:
        raise _asked(several.questions) from None
    _tell_refused(reading, file)
    return Source(reading)


def load(file: str) -> Path | bytes:
    """What the library reads: a path, or the bytes of stdin for ``-``."""
    return sys.stdin.buffer.read() if file == "-" else Path(file)


def choose_kind(source: Source, layout: Mapping[str, Any]) -> str:
    """The usual chart of a layout: i-mr, xbar-r or xbar-s, and u where a size is inspected."""
    if layout.get("n") is not None:
        raise DataError(
            N_("counts can be of defective items or of defects"),
            mend=N_("Say --kind p (or np) for defective items, --kind u (or c) for defects"),
            argument="kind",
        )
    value, subgroup, size = (layout.get(name) for name in ("value", "subgroup", "size"))
    if isinstance(value, list):
        return "xbar-r" if len(value) <= RANGES_UP_TO else "xbar-s"
    if size is not None:
        largest = int(size)
    elif subgroup is not None:
        largest = int(np.unique(np.array(source.frame[subgroup], dtype=str), return_counts=True)[1].max())
    else:
        largest = 1
    if largest == 1:
        return "i-mr"
    return "xbar-r" if largest <= RANGES_UP_TO else "xbar-s"


def parse_corrections(told: Sequence[str]) -> dict[str, Any]:
    """``KEY=VALUE`` or ``KEY:COLUMN=VALUE`` as corrections of the reader."""
    found: dict[str, Any] = {}
    for item in told:
        key, sign, said = item.partition("=")
        if not sign:
            raise DataError(
                N_("{value} says nothing"),
                mend=N_("Write it as KEY=VALUE, for example decimal=,"),
                argument="read",
                value=item,
            )
        name, colon, column = key.strip().partition(":")
        if colon:
            found.setdefault(name, {})[column.strip()] = said
        else:
            found[name] = _correction(name, said)
    return found


def _correction(name: str, said: str) -> Any:
    if name in INTEGERS:
        try:
            return int(said)
        except ValueError:
            raise DataError(
                N_("{value} is not a whole number"), mend=N_("Correct it"), argument="read", value=said
            ) from None
    if name == "fill_down":
        return said.lower() in ("true", "yes", "1")
    return tuple(said.split(",")) if name in LISTS else said


def _tell_refused(reading: Reading, file: str) -> None:
    for refusal in reading.refused[:TOLD]:
        words = _("gemba: {place}, column '{column}': {text!r} is {why}.")
        about = {"place": refusal.where(), "column": refusal.column, "text": refusal.text}
        tell(words.format(**about, why=refusal.words()))
    if not reading.rows_refused:
        return
    one = _("gemba: {count} of {rows} rows is refused.")
    many = _("gemba: {count} of {rows} rows are refused.")
    whole = (one if reading.rows_refused == 1 else many).format(
        count=reading.rows_refused, rows=reading.rows_in
    )
    mend = _("Correct the cells or leave them empty; gemba inspect {file} shows them all.")
    tell(f"{whole} {mend.format(file=file)}")


def _asked(questions: Sequence[Question]) -> DataError:
    """The questions of the reader with the answers as options of the shell."""
    lines = []
    for question in questions:
        lines.append(question.words())
        for option in question.options:
            place = f"{question.argument}:{question.column}" if question.column else question.argument
            answer = f'--read "{place}={option.answer}"'
            if question.argument in ("sheet", "returning"):
                answer = f"--{question.argument} {option.answer}"
            lines.append(f"    {answer}    {option.words()}")
    return DataError(
        N_("the file can be read in several ways"),
        mend=N_("Say which:\n{questions}"),
        questions="\n".join(lines),
    )


def _shown(limit: float | None) -> str:
    return _("none") if limit is None else f"{limit:g}"
