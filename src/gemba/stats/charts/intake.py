"""The door of the charts: from a frame to points in time order with their names and stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, cast

import numpy as np

from gemba.stats.charts.chart import Exclusion, Label
from gemba.stats.charts.kind import Kind
from gemba.stats.data import (
    Counts,
    Frame,
    Sample,
    Subgroups,
    Vectors,
    count_missing,
    get_labels,
    get_numbers,
)
from gemba.stats.data.counts import Nature
from gemba.stats.data.runs import Runs
from gemba.stats.data.subgroups import Returning, is_wide
from gemba.stats.results import N_, Bools, DataError, Floats, Ints, sealed

Value: TypeAlias = str | Sequence[str] | None


_NATURE: Mapping[str, Nature] = {"defectives": "defectives", "defects": "defects", "gaps": "defects"}


@dataclass(frozen=True, eq=False)
class Intake:
    """Validated data of one chart in a shape of ``data``, and the names of its points."""

    data: Any
    sizes: Floats
    labels: tuple[Label, ...] | None
    name: str
    axis: str
    missing: int
    same_size: bool

    @property
    def count(self) -> int:
        """How many points the chart has, empty ones included."""
        return len(self.sizes)


class Columns(NamedTuple):
    """Which columns a chart looks at, and how they are cut; see ``control_chart``."""

    value: Value
    subgroup: str | None
    size: int | None
    n: str | float | None
    label: str | None
    returning: Returning | None
    part: str | None = None
    nominal: str | float | None = None


def take_in(kind: Kind[Any], frame: Frame, columns: Columns) -> Intake:
    """The data of a chart in the layout that its kind needs."""
    _refuse_foreign(kind, columns)
    if kind.layout == "subgroups" or (kind.layout == "means" and _grouped(frame, columns)):
        return _take_subgroups(kind, frame, columns)
    if kind.layout == "vectors":
        return _take_vectors(kind, frame, columns)
    column = _one_column(columns.value)
    axis = columns.label or columns.subgroup
    names = None if axis is None else plain_labels(get_labels(frame, axis, argument="label"))
    data: Any
    if kind.counted:
        data = Counts.of(frame, column, columns.n, nature=_NATURE[kind.layout])
        if kind.name == "np":
            _refuse_unequal(data, columns.n)
        missing, sizes = count_missing(data.counts), data.sizes
    else:
        data = _take_values(kind, frame, column, columns)
        sizes = np.broadcast_to(1.0, len(data.values))
        missing = data.missing if isinstance(data, Sample) else count_missing(data.values)
    same = sizes.strides == (0,) or bool((sizes == sizes[0]).all())
    return Intake(data, sizes, names, data.name, axis or "", missing, same_size=same)


def _take_values(kind: Kind[Any], frame: Frame, column: str | None, columns: Columns) -> Sample | Runs:
    if kind.layout == "runs":
        return Runs.of(frame, column, columns.part)
    sample = Sample.of(frame, column)
    if kind.check is not None:
        kind.check(sample)
    return _less_nominal(frame, sample, columns.nominal) if kind.layout == "deviations" else sample


def _take_subgroups(kind: Kind[Any], frame: Frame, columns: Columns) -> Intake:
    value, subgroup, size, _, label, returning, *_ = columns
    groups = Subgroups.of(frame, value, subgroup, size, returning=returning, borrow=True)
    labels = None if groups.labels is None else plain_labels(groups.labels)
    axis = subgroup or ""
    if label is not None:
        names = plain_labels(get_labels(frame, label, argument="label"))
        labels, axis = tuple(names[row] for row in (groups.first_rows - 1).tolist()), label
    size_of_all = groups.equal_size
    sizes = np.broadcast_to(float(size_of_all or 0), groups.count)
    if size_of_all is None:
        sizes = sealed(groups.sizes.astype(np.float64))
    if sizes.max() < 2:
        raise DataError(
            N_("every subgroup has one value, and one value has no range")
            if "r" in kind.panels
            else N_("every subgroup has one value, and one value has no standard deviation"),
            mend=N_("Leave out subgroup and size for single measurements, or correct them")
            if kind.layout == "means"
            else N_("Use kind='i-mr' for single measurements, or check subgroup and size"),
            argument="size" if size is not None else "subgroup",
            value=1,
        )
    same = size_of_all is not None
    return Intake(groups, sizes, labels, groups.name, axis, groups.missing, same_size=same)


def _refuse_short_run(kind: Kind[Any], *, part: str | None, nominal: str | float | None) -> None:
    for name, given, layout in (("part", part, "runs"), ("nominal", nominal, "deviations")):
        if given is not None and kind.layout != layout:
            raise DataError(
                N_("a chart of kind {kind} takes no {what}"),
                mend=N_("Leave it out, or use kind='z-mr' for parts and kind='difference' for nominals"),
                argument=name,
                value=given,
                kind=kind.name,
                what=name,
            )


def _less_nominal(frame: Frame, sample: Sample, nominal: str | float | None) -> Sample:
    """What each value lies above the nominal of its part."""
    if nominal is None:
        raise DataError(
            N_("it is not said from what nominal the values differ"),
            mend=N_("Name the column of nominals, or give one number for all"),
            argument="nominal",
        )
    if not isinstance(nominal, str):
        return Sample(sealed(sample.values - nominal), sample.name, sample.unit)
    aims = get_numbers(frame, nominal, argument="nominal")
    gone = np.flatnonzero(np.isnan(aims) & ~np.isnan(sample.values))
    if gone.size:
        raise DataError(
            N_("the nominal is missing where a value is given"),
            mend=N_("Fill it in, or leave out the value too"),
            column=nominal,
            row=int(gone[0]) + 1,
        )
    return Sample(sealed(sample.values - aims), sample.name, sample.unit)


def _take_vectors(kind: Kind[Any], frame: Frame, columns: Columns) -> Intake:
    value, subgroup, size, n, label, returning, *_ = columns
    named = [value] if isinstance(value, str) else value
    vectors = Vectors.of(frame, named, subgroup, size, returning=returning)
    if kind.check is not None:
        kind.check(vectors)
    groups, axis = vectors.groups, label or subgroup or ""
    if groups is None:
        sizes = _sizes_of_rows(frame, n, vectors)
        labels = None if label is None else plain_labels(get_labels(frame, label, argument="label"))
    else:
        _refuse_counted(n)
        sizes = sealed(groups.sizes.astype(np.float64))
        labels = None if groups.labels is None else plain_labels(groups.labels)
        if label is not None:
            names = plain_labels(get_labels(frame, label, argument="label"))
            labels = tuple(names[row] for row in (groups.first_rows - 1).tolist())
    same = bool((sizes == sizes[0]).all())
    title = ", ".join(vectors.names)
    return Intake(vectors, sizes, labels, title, axis, vectors.missing, same_size=same)


def _sizes_of_rows(frame: Frame, n: str | float | None, vectors: Vectors) -> Floats:
    """How many items each row is the mean of."""
    if n is None:
        return np.broadcast_to(1.0, vectors.count)
    sizes = get_numbers(frame, n, argument="n") if isinstance(n, str) else np.full(vectors.count, float(n))
    bad = np.flatnonzero(~(sizes >= 1))
    if bad.size:
        raise DataError(
            N_("{value} is no number of items that a row is the mean of"),
            mend=N_("Give whole numbers from 1 on, or leave out n where each row is one item"),
            argument="n",
            row=int(bad[0]) + 1 if isinstance(n, str) else None,
            value=float(sizes[bad[0]]),
        )
    return sealed(np.array(sizes))  # type: ignore[no-any-return]


def _refuse_counted(n: str | float | None) -> None:
    if n is not None:
        raise DataError(
            N_("the rows are cut into subgroups, which tell how many items they have"),
            mend=N_("Leave out n"),
            argument="n",
            value=n,
        )


def _grouped(frame: Frame, columns: Columns) -> bool:
    """Whether the data are cut into subgroups; otherwise each value is a point."""
    return columns.subgroup is not None or columns.size is not None or is_wide(frame, columns.value)


def find_stages(frame: Frame, column: str | None, intake: Intake) -> list[tuple[Label, int, int]]:
    """Name, first point (from 0) and end of each stage: a new one wherever the column changes."""
    if column is None:
        return [(None, 0, intake.count)]
    by_row = plain_labels(get_labels(frame, column, argument="stages"))
    if None in by_row:
        raise DataError(
            N_("the stage is missing"),
            mend=N_("Fill it in"),
            column=column,
            row=by_row.index(None) + 1,
        )
    names, data = by_row, intake.data
    groups = data.groups if isinstance(data, Vectors) else data if isinstance(data, Subgroups) else None
    if groups is not None:
        names = tuple(by_row[row] for row in (groups.first_rows - 1).tolist())
        _refuse_mixed(groups, by_row, names, column)
    borders = [i for i in range(len(names)) if i == 0 or names[i] != names[i - 1]]
    stops = [*borders[1:], len(names)]
    return [(names[first], first, stop) for first, stop in zip(borders, stops, strict=True)]


def find_excluded(exclude: Mapping[Any, str] | None, intake: Intake) -> tuple[Exclusion, ...]:
    """The points that ``exclude`` names, by label or else by number from 1, in time order."""
    if exclude is None:
        return ()
    if not isinstance(exclude, Mapping):
        raise DataError(
            N_("excluded points need reasons"),
            mend=N_("Give a mapping of point -> reason, such as {{7: 'tool broke'}}"),
            argument="exclude",
        )
    found = [_excluded(key, reason, intake) for key, reason in exclude.items()]
    return tuple(sorted(found, key=lambda exclusion: exclusion.point))


def used_points(excluded: tuple[Exclusion, ...], count: int) -> Bools | None:
    """Which points the estimate uses; None when it uses all."""
    if not excluded:
        return None
    used = np.ones(count, dtype=np.bool_)
    used[[exclusion.point - 1 for exclusion in excluded]] = False
    return used


def plain_labels(labels: Sequence[object]) -> tuple[Label, ...]:
    """Labels that JSON can hold: dates as ISO text, everything unknown as text."""
    if set(map(type, labels)) <= {int, str, type(None)}:
        return tuple(cast("Sequence[Label]", labels))
    return tuple(_plain_label(label) for label in labels)


def _plain_label(label: object) -> Label:
    if label is None or (isinstance(label, str | int | float) and not isinstance(label, bool)):
        return label
    return str(label.isoformat()) if hasattr(label, "isoformat") else str(label)


def _excluded(key: object, reason: object, intake: Intake) -> Exclusion:
    if not isinstance(reason, str) or not reason.strip():
        raise DataError(
            N_("point {value} is excluded without a reason"),
            mend=N_("State why in words: the reason stays with the chart"),
            argument="exclude",
            value=key,
        )
    point = _find_point(key, intake)
    return Exclusion(point, intake.labels[point - 1] if intake.labels else None, reason)


def _find_point(key: object, intake: Intake) -> int:
    wanted = _plain_label(key)
    places = [i for i, label in enumerate(intake.labels or ()) if label == wanted]
    if len(places) == 1:
        return places[0] + 1
    if len(places) > 1:
        raise DataError(
            N_("{count} points are named {value}"),
            mend=N_("Name the points differently, or leave out the labels and exclude by number"),
            argument="exclude",
            value=key,
            count=len(places),
        )
    if isinstance(wanted, int) and 1 <= wanted <= intake.count:
        return wanted
    raise DataError(
        N_("there is no point {value}"),
        mend=N_("Give a label, or the number of a point from 1 to {count}"),
        argument="exclude",
        value=key,
        count=intake.count,
    )


def _one_column(value: Value) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if len(value) == 1:
        return value[0]
    raise DataError(
        N_("one column of numbers is needed, and {value} are named"),
        mend=N_("Name one, or use kind='xbar-r' or 'xbar-s' for several columns"),
        argument="value",
        value=len(value),
    )


def _refuse_foreign(kind: Kind[Any], columns: Columns) -> None:
    size, n = columns.size, columns.n
    _refuse_short_run(kind, part=columns.part, nominal=columns.nominal)
    if size is not None and kind.layout not in ("subgroups", "means", "vectors"):
        raise DataError(
            N_("a chart of kind {kind} has no subgroups to cut"),
            mend=N_("Leave out size")
            if kind.layout == "individuals"
            else N_("Leave out size; the number inspected is given as n"),
            argument="size",
            value=size,
            kind=kind.name,
        )
    if n is not None and not kind.units:
        raise DataError(
            N_("a chart of kind {kind} has no number inspected"),
            mend=N_("Use kind='u' for defects in differing amounts")
            if kind.name == "c"
            else N_("Leave out n; the size of subgroups is given as size"),
            argument="n",
            value=n,
            kind=kind.name,
        )


def _refuse_unequal(counts: Counts, n: str | float | None) -> None:
    if counts.equal_size is None:
        known = counts.sizes[~np.isnan(counts.counts)]
        odd = int(np.flatnonzero(~np.isnan(counts.counts) & (counts.sizes != known[0]))[0])
        raise DataError(
            N_("an np chart needs samples of one size, and this one has {value} items instead of {usual}"),
            mend=N_("Use kind='p', which takes any sizes"),
            column=n if isinstance(n, str) else None,
            argument="n",
            row=odd + 1,
            value=float(counts.sizes[odd]),
            usual=f"{known[0]:g}",
        )


def _refuse_mixed(
    groups: Subgroups, by_row: tuple[Label, ...], names: tuple[Label, ...], column: str
) -> None:
    codes = {name: code for code, name in enumerate(dict.fromkeys(by_row))}
    rows = groups.value_rows - 1
    by_value = np.array([codes[name] for name in by_row])[rows]
    expected: Ints = np.repeat(np.array([codes[name] for name in names]), groups.sizes)
    if (by_value != expected).any():
        row = int(rows[np.flatnonzero(by_value != expected)[0]])
        raise DataError(
            N_("stage {value} begins inside a subgroup"),
            mend=N_("Let a stage begin with a subgroup"),
            column=column,
            row=row + 1,
            value=by_row[row],
        )
