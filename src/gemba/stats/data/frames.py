"""Columns out of any frame: pandas, Polars, PyArrow, NumPy, a dict of lists, a list."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from gemba.stats.results import N_, DataError, Floats, UnknownName, sealed, unfilled

Frame: TypeAlias = Any
"""A pandas, Polars or PyArrow table, a mapping of name -> values, a NumPy array, or a list of numbers."""


_NEVER_MISSING = {int, str, bool, datetime.date, datetime.datetime}


def backend_of(frame: Frame) -> str:
    """Which kind of frame ``to_frame`` shall give back: the caller's."""
    import narwhals as nw

    if isinstance(frame, Mapping | np.ndarray | Sequence):
        return "dict"
    try:
        name = nw.from_native(frame, allow_series=True).implementation.value
    except TypeError:
        return "dict"
    return name if name in ("pandas", "polars", "pyarrow") else "dict"


def column_names(frame: Frame) -> list[str]:
    """The names of the columns; an array without names has ``"0"``, ``"1"``, ..."""
    if isinstance(frame, Mapping):
        return [str(name) for name in frame]
    if isinstance(frame, np.ndarray) or _is_plain(frame):
        array = frame if isinstance(frame, np.ndarray) else np.asarray(frame, dtype=object)
        return [str(index) for index in range(array.shape[1] if array.ndim == 2 else 1)]
    return [str(name) for name in _narwhals(frame).columns]


def get_numbers(frame: Frame, name: str | None, *, argument: str, borrow: bool = False) -> Floats:
    """One column as float64 with NaN where a value is missing.

    Parameters
    ----------
    frame : Frame
        Where the column is. With ``name=None`` the frame itself is the column (a list, a 1-D array or a
        series).
    name : str or None
        The column's name.
    argument : str
        What the caller's argument is called, for the error.
    borrow : bool
        Give a view of the caller's memory where that is float64 already. Only for what is used up before
        the caller can change it; a result never holds it.

    Raises
    ------
    DataError
        For text or an infinite value in the column, naming its row; for a frame that is no frame.
    UnknownName
        For a column that is not there, naming the nearest one.
    """
    values = get_values(frame, name, argument=argument)
    return to_floats(values, argument=argument, column=name, borrow=borrow)


class NotNumbers(NamedTuple):
    """A column that holds something else, and what would be said of it."""

    error: DataError


def iter_numbers(
    frame: Frame, names: Sequence[str], *, argument: str
) -> Iterator[tuple[str, Floats | NotNumbers]]:
    """Many columns, one after the other, each as ``get_numbers`` gives it or why it is none.

    The frame is opened once, however many columns it has; values are borrowed where they can be.

    Raises
    ------
    UnknownName
        For a column that is not there.
    DataError
        For an infinite value.
    """
    if isinstance(frame, Mapping):
        places: Mapping[str, Any] = {str(key): key for key in frame}
    else:
        places = {name: name for name in column_names(frame)}
    plain = isinstance(frame, np.ndarray) or _is_plain(frame)
    opened: Any = frame if isinstance(frame, Mapping) else np.asarray(frame) if plain else _narwhals(frame)
    numbered = {name: number for number, name in enumerate(places)} if plain else {}
    for name in names:
        if name not in places:
            raise UnknownName(name, places, what=N_("column"), argument=argument)
        if plain:
            values = opened[:, numbered[name]] if opened.ndim == 2 else opened
        else:
            values = _from_series(opened[places[name]])
        try:
            yield name, to_floats(values, argument=argument, column=name, borrow=True)
        except DataError as error:
            if isinstance(error.value, float):  # infinite: a number, and a wrong one
                raise
            yield name, NotNumbers(error)


def get_labels(frame: Frame, name: str, *, argument: str) -> tuple[object, ...]:
    """One column as plain Python values, ``None`` where a value is missing."""
    values = get_raw_labels(frame, name, argument=argument)
    return tuple(values.tolist()) if isinstance(values, np.ndarray) else values


def get_raw_labels(frame: Frame, name: str, *, argument: str) -> Any:
    """One column of labels: an array when it is one of whole numbers or texts, else as ``get_labels``."""
    values = get_values(frame, name, argument=argument, labels=True)
    if isinstance(values, np.ndarray):
        if values.dtype.kind in "iu" or (values.dtype.kind == "U" and not (values == "").any()):
            return values
        values = values.tolist()
    if set(map(type, values)) <= _NEVER_MISSING and "" not in values:
        return tuple(values)
    return tuple(None if _is_missing(value) else value for value in values)


def get_values(frame: Frame, name: str | None, *, argument: str, labels: bool = False) -> Any:
    """The raw values of one column: a NumPy array where they are numbers, else a list.

    As ``labels`` whole numbers stay whole.
    """
    if name is None:
        return _bare_values(frame, argument=argument)
    if isinstance(frame, Mapping):
        keys = {str(key): key for key in frame}
        if name not in keys:
            raise UnknownName(name, keys, what=N_("column"), argument=argument)
        return _from_series(frame[keys[name]], labels=labels)
    names = column_names(frame)
    if name not in names:
        raise UnknownName(name, names, what=N_("column"), argument=argument)
    if isinstance(frame, np.ndarray) or _is_plain(frame):
        array = np.asarray(frame)
        return array[:, names.index(name)] if array.ndim == 2 else array
    return _from_series(_narwhals(frame)[name], labels=labels)


def to_floats(values: Any, *, argument: str, column: str | None = None, borrow: bool = False) -> Floats:
    """Any one-dimensional values as float64; see ``get_numbers``."""
    array = values if isinstance(values, np.ndarray) else None
    if array is None or array.dtype.kind not in "fiu":
        array = _parse_values(values, argument=argument, column=column)
    if array.ndim != 1:
        raise DataError(
            N_("one column of numbers is needed, and this has {value} dimensions"),
            mend=N_("Name one column, or pass a one-dimensional array"),
            argument=argument,
            value=array.ndim,
        )
    if borrow:
        result = np.asarray(array, dtype=np.float64).view()
    else:
        result = unfilled(array.shape)
        result[:] = array
    if not all_finite(result) and np.isinf(result).any():
        row = int(np.flatnonzero(np.isinf(result))[0]) + 1
        raise DataError(
            N_("{value} is infinite"),
            mend=N_("Correct the value, or leave it empty if it is missing"),
            argument=None if column else argument,
            column=column,
            row=row,
            value=float(result[row - 1]),
        )
    return sealed(result)  # type: ignore[no-any-return]


def all_finite(values: Floats) -> bool:
    """Whether no value is missing or infinite: quick when the answer is yes."""
    with np.errstate(over="ignore", invalid="ignore"):
        return math.isfinite(float(values.sum())) or bool(np.isfinite(values).all())


def count_missing(values: Floats) -> int:
    """How many values are missing: quick when none is."""
    return 0 if all_finite(values) else int(np.count_nonzero(np.isnan(values)))


def _parse_values(values: Any, *, argument: str, column: str | None) -> Any:
    listed = values.tolist() if hasattr(values, "tolist") else list(values)
    parsed = np.empty(len(listed), dtype=np.float64)
    for index, value in enumerate(listed):
        if _is_missing(value):
            parsed[index] = math.nan
        elif isinstance(value, int | float | Decimal | np.number) and not isinstance(value, bool):
            parsed[index] = float(value)
        else:
            raise DataError(
                N_("{value} is not a number"),
                mend=N_("Correct it, leave it empty if it is missing, or read the file with gs.read()"),
                argument=None if column else argument,
                column=column,
                row=index + 1,
                value=value,
            )
    return parsed


def _is_missing(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in ("NAType", "NaTType") or value == ""


def _is_plain(frame: object) -> bool:
    return isinstance(frame, Sequence) and not isinstance(frame, str | bytes)


def _narwhals(frame: Frame) -> Any:
    import narwhals as nw

    try:
        wrapped = nw.from_native(frame)
    except TypeError as error:
        raise DataError(
            N_("data of type {value} are no table"),
            mend=N_("Pass a pandas, Polars or PyArrow frame, a dict of columns, or a NumPy array"),
            argument="frame",
            value=type(frame).__name__,
        ) from error
    return wrapped.collect() if isinstance(wrapped, nw.LazyFrame) else wrapped


def _from_series(series: Any, *, labels: bool = False) -> Any:
    import narwhals as nw

    if isinstance(series, np.ndarray):
        return _unmasked(series)
    if _is_plain(series):
        return list(series)
    try:
        wrapped = nw.from_native(series, series_only=True)
    except TypeError:
        return series.tolist() if hasattr(series, "tolist") else list(series)
    if labels:
        whole = wrapped.dtype.is_integer() and wrapped.null_count() == 0
        return wrapped.to_numpy() if whole else wrapped.to_list()
    if wrapped.dtype.is_numeric() and wrapped.dtype != nw.Decimal:
        return wrapped.cast(nw.Float64).to_numpy()
    return wrapped.to_list()


def _unmasked(values: Any) -> Any:
    """The array itself; of a masked array its values as they are, and nothing where one is masked."""
    if not isinstance(values, np.ma.MaskedArray):
        return values
    if values.dtype.kind in "fiu":
        return np.where(np.ma.getmaskarray(values), np.nan, values.data)
    return values.tolist()


def _bare_values(frame: Frame, *, argument: str) -> Any:
    import narwhals as nw

    if isinstance(frame, Mapping):
        raise DataError(
            N_("a frame with several columns was given and no column was named"),
            mend=N_("Name the column, for example value={first!r}; there are: {known}"),
            argument=argument,
            first=next(iter(map(str, frame)), ""),
            known=", ".join(map(str, frame)),
        )
    if isinstance(frame, np.ndarray) or _is_plain(frame):
        return _unmasked(frame) if isinstance(frame, np.ndarray) else list(frame)
    if not hasattr(frame, "columns") and hasattr(frame, "tolist"):
        return _from_series(frame)
    try:
        return _from_series(nw.from_native(frame, series_only=True).to_native())
    except TypeError:
        names = column_names(frame)
        if len(names) == 1:
            return _from_series(_narwhals(frame)[names[0]])
        raise DataError(
            N_("a frame with several columns was given and no column was named"),
            mend=N_("Name the column, for example value={first!r}; there are: {known}"),
            argument=argument,
            first=names[0] if names else "",
            known=", ".join(names),
        ) from None
