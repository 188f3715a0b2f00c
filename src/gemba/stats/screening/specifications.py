"""The specification of each stream, in whatever form it is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gemba.stats.data import Tolerance, column_names, get_labels
from gemba.stats.results import N_, DataError, Floats, UnknownName, sealed

_KEYS = ("lsl", "usl", "target")


@dataclass(frozen=True)
class Specifications:
    """A tolerance for each stream by its name, or one for all."""

    by_stream: Mapping[str, Tolerance]
    for_all: Tolerance | None = None

    @classmethod
    def of(cls, given: Any) -> Specifications:
        """From a tolerance, a mapping or a frame; see ``screen``.

        Raises
        ------
        DataError
            For limits that contradict each other, naming the stream.
        """
        if given is None:
            return cls({})
        if isinstance(given, Tolerance):
            return cls({}, given)
        if _is_one(given):
            return cls({}, _tolerance("", given))
        if isinstance(given, Mapping) and "stream" not in given:
            return cls({str(name): _tolerance(str(name), stated) for name, stated in given.items()})
        return cls(_of_frame(given))

    def arrays(self, names: Sequence[str]) -> tuple[Floats, Floats, Floats]:
        """Lower limit, upper limit and target of each stream; a natural bound is no requirement."""
        if not self.by_stream:
            table = np.tile(np.array([_stated(self.for_all)], dtype=np.float64), (len(names), 1))
        else:
            stated = [_stated(self.by_stream.get(name, self.for_all)) for name in names]
            table = np.array(stated, dtype=np.float64).reshape(-1, 3)
        lsl, usl, target = (sealed(np.ascontiguousarray(column)) for column in table.T)
        return lsl, usl, target

    def without(self, names: Iterable[str]) -> tuple[str, ...]:
        """The specifications that name no stream."""
        there = set(names)
        return tuple(name for name in self.by_stream if name not in there)


def _stated(tolerance: Tolerance | None) -> tuple[float | None, float | None, float | None]:
    if tolerance is None:
        return None, None, None
    return tolerance.required_lsl, tolerance.required_usl, tolerance.target


def _is_one(given: Any) -> bool:
    """Whether these are the limits of one specification, and so of all streams."""
    if isinstance(given, Mapping):
        return bool(given) and all(key in _KEYS and _is_limit(limit) for key, limit in given.items())
    return isinstance(given, tuple) and 1 < len(given) < 4 and all(map(_is_limit, given))


def _is_limit(given: Any) -> bool:
    return given is None or isinstance(given, str) or not isinstance(given, Mapping | Sequence | np.ndarray)


def _of_frame(frame: Any) -> dict[str, Tolerance]:
    known = column_names(frame)
    for name in ("stream", *known):
        if name not in known or name not in ("stream", *_KEYS):
            there = known if name == "stream" else ("stream", *_KEYS)
            raise UnknownName(name, there, what=N_("column"), argument="specs")
    columns = {name: get_labels(frame, name, argument="specs") for name in known}
    made: dict[str, Tolerance] = {}
    for row, stream in enumerate(columns["stream"]):
        stated = {key: columns[key][row] for key in _KEYS if key in columns}
        if stream is None:
            raise DataError(
                N_("the stream is missing"),
                mend=N_("Fill it in, or leave out the row"),
                column="stream",
                row=row + 1,
            )
        if any(limit is not None for limit in stated.values()):
            made[str(stream)] = _tolerance(str(stream), stated)
    return made


def _tolerance(name: str, stated: Any) -> Tolerance:
    if isinstance(stated, Tolerance):
        return stated
    try:
        if isinstance(stated, Mapping):
            unknown = [key for key in stated if key not in _KEYS]
            if unknown:
                raise UnknownName(str(unknown[0]), _KEYS, what=N_("limit"), argument="specs")
            return Tolerance.of(**stated)
        if isinstance(stated, Sequence) and not isinstance(stated, str) and len(stated) in (2, 3):
            return Tolerance.of(*stated)
    except DataError as error:
        raise error.at(argument="specs", column=name or None) from None
    raise DataError(
        N_("{value} is no specification"),
        mend=N_("Give (lsl, usl), or a mapping with lsl, usl and target"),
        argument="specs",
        column=name,
        value=stated,
    )
