"""One checked item of a qualification, and how a case, a constant or a law becomes one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gemba.stats.proof.case import Case, Quantity, compare_case

Kind = Literal["installation", "case", "twin", "constant", "invariance"]
"""A case has a published answer; a twin is a naive program whose answers are carried."""
Answer = Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class Topic:
    """What answers a topic: ``answer(data, options)`` gives quantity -> value.

    ``only`` names the quantities that are answered where a topic is built in part.
    """

    answer: Answer
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """One item: its compared figures and its verdict.

    ``problem`` is what stopped it, where no figure could be had.
    """

    id: str
    kind: Kind
    topic: str
    source: str
    quantities: tuple[Quantity, ...]
    problem: str | None = None

    @property
    def passed(self) -> bool:
        """Every figure is within its tolerance, and there is at least one."""
        return self.problem is None and bool(self.quantities) and all(q.passed for q in self.quantities)

    @property
    def relative_error(self) -> float | None:
        """The worst relative error of its figures."""
        return max((q.relative_error for q in self.quantities if q.relative_error is not None), default=None)

    @property
    def worst(self) -> Quantity | None:
        """The figure that comes closest to its tolerance, or fails it."""
        return max(self.quantities, key=_closeness, default=None)


def _closeness(quantity: Quantity) -> float:
    if not quantity.passed:
        return math.inf
    return quantity.used if quantity.used is not None else 0.0


def check_case(case: Case, topics: Mapping[str, Topic]) -> Check:
    """Answer one case and compare; a fault of the program is a failure of the case, not of the run."""
    topic = topics.get(case.topic)
    kind: Kind = "twin" if case.id.startswith("own-") else "case"
    if topic is None:
        return Check(case.id, kind, case.topic, case.source, (), f"nothing answers the topic {case.topic}")
    return check_item(
        case.id,
        kind,
        case.topic,
        case.source,
        lambda: compare_case(case, topic.answer(case.data, case.options), topic.only),
    )


def check_item(
    name: str, kind: Kind, topic: str, source: str, compare: Callable[[], Sequence[Quantity]]
) -> Check:
    """One item from the function that compares its figures."""
    try:
        return Check(name, kind, topic, source, tuple(compare()))
    except Exception as fault:
        return Check(name, kind, topic, source, (), f"{type(fault).__name__}: {fault}")
