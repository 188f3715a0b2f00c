"""Pareto analysis: which few categories make up most of the trouble."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gemba.stats.data import Frame, backend_of, get_labels, get_numbers
from gemba.stats.figures import EdgeLabel, Figure, Plane, heading, marks, value_ticks
from gemba.stats.figures.text import decimals_for, exact, show
from gemba.stats.graphs.names import name_axis, name_of
from gemba.stats.results import (
    N_,
    NN_,
    Column,
    DataError,
    Floats,
    Ints,
    Result,
    Table,
    Translate,
    sealed,
    signed,
    translator,
)

if TYPE_CHECKING:
    from gemba.stats.figures.plane import Layer

GUIDE: Final = 0.8
"""The share that the vital few make up, after Juran's reading of Pareto."""

WIDTH, HEIGHT = 680.0, 300.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Pareto(Result):
    """Categories in order of weight.

    Parameters
    ----------
    category, weight : str
        The columns; ``weight`` is empty when rows were counted.
    names : tuple of str
        All categories, the heaviest first; equal ones by name.
    amounts : array
        The weight of each, or its number of rows.
    counts : array of int
        The number of rows of each.
    top : int
        How many categories the picture and the first table show by themselves; the rest are its others.
    without_category, without_weight : int
        Rows that are left out because they say no category or no weight.
    """

    NAME = "pareto"

    category: str
    weight: str
    names: tuple[str, ...]
    amounts: Floats
    counts: Ints
    top: int
    without_category: int = 0
    without_weight: int = 0

    @property
    def total(self) -> float:
        """The weight of all categories."""
        return math.fsum(self.amounts)

    @property
    def shares(self) -> Floats:
        """The share of each category, from 0 to 1."""
        return sealed(self.amounts / self.total)  # type: ignore[no-any-return]

    @property
    def cumulative(self) -> Floats:
        """The share of each category and all heavier ones together; the last is 1."""
        summed = np.cumsum(self.amounts)
        return sealed(summed / summed[-1])  # type: ignore[no-any-return]

    @property
    def vital(self) -> int:
        """How many of the heaviest categories it takes to reach 80 %."""
        return int(np.searchsorted(self.cumulative, GUIDE * (1 - 1e-12))) + 1

    def headline(self, language: str | None = None) -> str:
        """The heaviest category, and how few make up 80 %."""
        t = translator(language)
        first = t(N_("'{name}' is the largest with {share}."))
        words = first.format(name=self.names[0], share=_percent(self.shares[0]))
        if len(self.names) == 1:
            return t(N_("All rows are of one category, '{name}'.")).format(name=self.names[0])
        second = t.counted(
            NN_(
                "{vital} of {count} categories makes up {share}.",
                "{vital} of {count} categories make up {share}.",
            ),
            self.vital,
        )
        share = _percent(self.cumulative[self.vital - 1])
        return f"{words} {second.format(vital=self.vital, count=len(self.names), share=share)}"

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        """The categories as shown, and those that are folded into the others."""
        t = translator(language)
        shown = Table.build(t(N_("Pareto")), self._columns(t), self._shown_rows(t), _notes(self, t))
        if self.top == len(self.names):
            return (shown,)
        rows = self._rows(range(self.top, len(self.names)))
        return shown, Table.build(t(N_("The others")), self._columns(t), rows)

    def explain(self, language: str | None = None) -> str:
        """How the categories are ordered and what is left out."""
        t = translator(language)
        basis = (
            t(N_("Each category weighs the sum of '{weight}' over its rows.")).format(weight=self.weight)
            if self.weight
            else t(N_("Each category weighs its number of rows."))
        )
        parts = [
            basis,
            t(N_("Categories stand in order of weight, equal ones by name; the others always stand last.")),
            t(N_("Source: Juran, Quality Control Handbook, 1951.")),
        ]
        return " ".join([*parts, *_notes(self, t)])

    def plot(self, *, language: str | None = None) -> Figure:
        """Bars, the cumulative line, and the guide at 80 %."""
        return _draw(self, translator(language), language)

    def _columns(self, t: Translate) -> list[Column]:
        weight = [Column("weight", self.weight)] if self.weight else []
        return [
            Column("category", self.category, align="left"),
            *weight,
            Column("count", t(N_("Count"))),
            Column("share", t(N_("Share, %")), decimals=1),
            Column("cumulative", t(N_("Cumulative, %")), decimals=1),
        ]

    def _rows(self, places: Sequence[int]) -> list[list[Any]]:
        shares, cumulative = self.shares * 100, self.cumulative * 100
        weight = [self.amounts] if self.weight else []
        columns = [np.array(self.names, dtype=object), *weight, self.counts, shares, cumulative]
        return [[column[place] for column in columns] for place in places]

    def _shown_rows(self, t: Translate) -> list[list[Any]]:
        rows = self._rows(range(self.top))
        if self.top < len(self.names):
            weight = [math.fsum(self.amounts[self.top :])] if self.weight else []
            share = float(self.shares[self.top :].sum()) * 100
            rows.append([_others(self, t), *weight, int(self.counts[self.top :].sum()), share, 100.0])
        return rows


def pareto(frame: Frame, *, category: str, weight: str | None = None, top: int = 10) -> Pareto:
    """Which few categories make up most of the trouble?

    Parameters
    ----------
    frame : Frame
        One row an event, or one row a category with its number in ``weight``.
    category : str
        The column of categories. Rows without one are left out and counted.
    weight : str, optional
        The column of weights: a number of items, money, hours. Without it rows are counted.
    top : int
        How many categories are shown by themselves. Lighter ones become one bar "Others" at the end, unless
        that would be a single one.

    Returns
    -------
    Pareto
        ``names``, ``amounts``, ``counts``, ``shares``, ``cumulative``, ``vital``.

    Raises
    ------
    DataError
        When there is no category at all, a weight is negative, all weights are zero, or ``top`` is below 1.
    UnknownName
        For a column that is not there.

    Notes
    -----
    Juran, Quality Control Handbook (1951).

    Examples
    --------
    >>> print(pareto({"defect": ["scratch", "dent", "scratch", "stain"]}, category="defect").headline())
    'scratch' is the largest with 50.0 %. 3 of 3 categories make up 100.0 %.
    """
    if top < 1:
        raise DataError(
            N_("{value} categories cannot be shown"), mend=N_("Give at least 1"), argument="top", value=top
        )
    labels = get_labels(frame, category, argument="category")
    weights = np.ones(len(labels)) if weight is None else get_numbers(frame, weight, argument="weight")
    _check_weights(weights, weight)
    amounts: defaultdict[str, list[float]] = defaultdict(list)
    without_category = without_weight = 0
    for label, amount in zip(labels, weights.tolist(), strict=True):
        if label is None:
            without_category += 1
        elif math.isnan(amount):
            without_weight += 1
        else:
            amounts[name_of(label)].append(amount)
    ranked = sorted(((math.fsum(found), name) for name, found in amounts.items()), key=_heaviest_first)
    if not ranked or ranked[0][0] == 0:
        raise DataError(
            N_("there is nothing to rank: all weights are zero") if ranked else N_("there are no categories"),
            mend=N_("Check that this is the right column"),
            column=weight if ranked else category,
        )
    return Pareto(
        backend=backend_of(frame),
        category=category,
        weight=weight or "",
        names=tuple(name for _, name in ranked),
        amounts=sealed(np.array([amount for amount, _ in ranked])),
        counts=sealed(np.array([len(amounts[name]) for _, name in ranked], dtype=np.int64)),
        top=top if len(ranked) > top + 1 else len(ranked),
        without_category=without_category,
        without_weight=without_weight,
    )


def _heaviest_first(ranked: tuple[float, str]) -> tuple[float, str]:
    return -ranked[0], ranked[1]


def _check_weights(weights: Floats, column: str | None) -> None:
    negative = np.flatnonzero(weights < 0)
    if negative.size:
        raise DataError(
            N_("the weight {value} is negative"),
            mend=N_("Weights start at zero: correct it, or leave out the row"),
            column=column,
            row=int(negative[0]) + 1,
            value=float(weights[negative[0]]),
        )


def _notes(result: Pareto, t: Translate) -> list[str]:
    left_out = (
        (
            NN_(
                "{count} row without a category is left out.", "{count} rows without a category are left out."
            ),
            result.without_category,
        ),
        (
            NN_("{count} row without a weight is left out.", "{count} rows without a weight are left out."),
            result.without_weight,
        ),
    )
    return [t.counted(words, count).format(count=count) for words, count in left_out if count]


def _others(result: Pareto, t: Translate) -> str:
    return t(N_("Others ({count})")).format(count=len(result.names) - result.top)


def _percent(share: float) -> str:
    return signed(f"{share * 100:.1f} %")


def _draw(result: Pareto, t: Translate, language: str | None) -> Figure:
    names, amounts = list(result.names[: result.top]), result.amounts[: result.top].tolist()
    cumulative = result.cumulative[: result.top].tolist()
    if result.top < len(result.names):
        names.append(_others(result, t))
        amounts.append(math.fsum(result.amounts[result.top :]))
        cumulative.append(1.0)
    plane = Plane(WIDTH, HEIGHT, (0.0, float(len(names))), (0.0, result.total * 1.08))
    layers = [
        marks.level(result.total * GUIDE, "guide"),
        *_bars(result, names, amounts, cumulative, t),
        *_amount_texts(amounts, plane),
        *_cumulative_line(result, cumulative, plane),
    ]
    title = t(N_("Pareto chart of {category}")).format(category=result.category)
    words = [result.headline(language), *_notes(result, t)]
    view = plane.view(
        layers,
        x_axis=name_axis(names, WIDTH, result.category),
        y_title=result.weight or t(N_("Count")),
        y_axis=None if result.weight else value_ticks(*plane.y_domain, most=10, edge=0.01, least=1.0),
        title=heading(title, words, WIDTH),
    )
    listed = ", ".join(f"{name} {_percent(a / result.total)}" for name, a in zip(names, amounts, strict=True))
    alt = t.counted(
        NN_(
            "{title}, {count} bar: {listed}.",
            "{title}, {count} bars from the largest to the smallest, and the cumulative share: {listed}.",
        ),
        len(names),
    )
    return Figure(
        view, alt=" ".join([alt.format(title=title, count=len(names), listed=listed), *words]), title=title
    )


def _bars(
    result: Pareto, names: Sequence[str], amounts: Sequence[float], cumulative: Sequence[float], t: Translate
) -> list[Layer]:
    rows = [
        {
            "x": i + 0.1, "x2": i + 0.9, "y": 0.0, "y2": amount, "name": name, "amount": exact(amount),
            "share": _percent(amount / result.total), "cumulative": _percent(share),
        }
        for i, (name, amount, share) in enumerate(zip(names, amounts, cumulative, strict=True))
    ]  # fmt: skip
    hover = [
        ("name", result.category),
        ("amount", result.weight or t(N_("Count"))),
        ("share", t(N_("Share"))),
        ("cumulative", t(N_("Cumulative"))),
    ]
    own, others = rows[: result.top], rows[result.top :]
    return [marks.bars(own, "bar", hover), *([marks.bars(others, "bar-rest", hover)] if others else [])]


def _amount_texts(amounts: Sequence[float], plane: Plane) -> list[Layer]:
    """The amounts above their bars; in the second bar where the cumulative line would strike it."""
    whole = all(amount == round(amount) for amount in amounts)
    decimals = 0 if whole else decimals_for(amounts[0])
    struck = len(amounts) > 1 and plane.y(amounts[1]) - plane.y(amounts[0]) < 22
    rows = [
        {"px": plane.x(i + 0.5), "py": plane.y(amount) - 8, "text": show(amount, decimals)}
        for i, amount in enumerate(amounts)
    ]
    inside = [rows.pop(1) | {"py": plane.y(amounts[1]) + 10}] if struck else []
    layers = [marks.texts(rows, "label-ink", align="center")]
    return layers + ([marks.texts(inside, "label-on-bar", align="center")] if inside else [])


def _cumulative_line(result: Pareto, cumulative: Sequence[float], plane: Plane) -> list[Layer]:
    rows = [
        {"x": i + 1.0, "y": share * result.total, "share": _percent(share)}
        for i, share in enumerate(cumulative)
    ]
    guide = plane.y(GUIDE * result.total)
    above: list[dict[str, object]] = []
    below: list[dict[str, object]] = []
    for i, share in list(enumerate(cumulative))[1:-1]:
        x, y = plane.x(i + 1.0), plane.y(share * result.total)
        if abs(y - 9 - guide) < 8:
            below.append({"px": x + 5, "py": y + 10, "text": _percent(share)})
        else:
            above.append({"px": x - 5, "py": y - 9, "text": _percent(share)})
    labels = [
        EdgeLabel("100 %", plane.y(result.total), "label-small"),
        EdgeLabel("80 %", guide, "label-small"),
    ]
    layers = [
        marks.line(rows, "cumulative-line"),
        marks.points(rows, "cumulative-point", [("share", "Σ")]),
        marks.texts(above, "label-small", align="right"),
        marks.texts(below, "label-small"),
    ]
    return [layer for layer in layers if layer["data"]["values"]] + marks.edge_labels(plane, labels)
