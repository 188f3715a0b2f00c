"""What ``gemba chart`` answers beside a chart: other rules, a V-mask, runs of several control materials."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gemba.cli.codes import Code, settle
from gemba.cli.console import show_answer, show_json

if TYPE_CHECKING:
    from gemba.cli.source import Source
    from gemba.stats.charts import ControlChart
    from gemba.stats.results import Result

Compare = Annotated[
    list[str] | None,
    typer.Option(
        "--compare",
        metavar="SET",
        help="What would these rules have said, beside --rules? Repeatable; changes nothing.",
    ),
]
Mask = Annotated[
    str | None,
    typer.Option("--mask", metavar="POINT", help="cusum: lay a V-mask over this point, or over the 'last'."),
]


@dataclass(frozen=True)
class Drawn:
    """How an answer is given: as a picture in a file too, and as JSON instead of text."""

    out: Path | None
    theme: str
    as_json: bool


def compared(chart: ControlChart, source: Source, sets: list[str], drawn: Drawn) -> Code:
    """The rules of the chart and others, each on the same points."""
    from gemba.stats.charts.comparison import compare_rules

    return answered(compare_rules(chart, sets), source, drawn)


def masked(
    source: Source, mask: str, kind: str | None, layout: dict[str, Any], asked: dict[str, Any], drawn: Drawn
) -> Code:
    """The cumulative sum with a V-mask over one of its points."""
    from gemba.stats.charts.v_mask import v_mask
    from gemba.stats.results import N_, DataError

    if kind not in (None, "cusum"):
        raise DataError(
            N_("a V-mask is laid over a cumulative sum, not over a chart of kind {kind}"),
            mend=N_("Leave out --kind, or say --kind cusum"),
            argument="mask",
            kind=kind,
        )
    if mask.lower() != "last" and not mask.isdigit():
        raise DataError(
            N_("{value} is no point"), mend=N_("Give its number, or say last"), argument="mask", value=mask
        )
    place = None if mask.lower() == "last" else int(mask)
    known = {name: layout[name] for name in ("value", "subgroup", "size") if name in layout}
    given = _only(asked, ("mean", "sigma", "k", "h"), "mask", N_("a V-mask"))
    with source.placing():
        found = v_mask(source.frame, at=place, **known, **given)
    return answered(found, source, drawn, bad=bool(found.upward.size or found.downward.size))


def in_order(source: Source, layout: dict[str, Any], drawn: Drawn) -> Code:
    """Values in their order: runs about the median, up and down, and the rules of Anhøj."""
    from gemba.stats.graphs import run_chart

    with source.placing():
        found = run_chart(source.frame, value=layout.get("value"))
    return answered(found, source, drawn, bad=bool(found.patterns) or found.anhoej.signal)


def in_several_materials(source: Source, values: list[str], asked: dict[str, Any], drawn: Drawn) -> Code:
    """Runs judged by Westgard's rules over several control materials."""
    from gemba.stats.charts.materials import westgard
    from gemba.stats.results import N_, DataError

    given = _only(asked, ("mean", "sigma"), "value", N_("a chart of several control materials"))
    for name in ("mean", "sigma"):
        given[name] = found = _listed(given.get(name))
        if len(found) != len(values):
            raise DataError(
                N_("given {count} times for {value} control materials"),
                mend=N_("Say --mean X and --sigma X once for each --value, in their order"),
                argument=name,
                value=len(values),
                count=len(found),
            )
    with source.placing():
        judged = westgard(source.frame, value=values, **given)
    return answered(judged, source, drawn, bad=bool(judged.rejected))


def answered(found: Result, source: Source, drawn: Drawn, *, bad: bool = False) -> Code:
    """The picture that was asked for, and the answer as text with what it means, or as JSON."""
    from gemba.cli.writing import save_picture

    if drawn.out is not None:
        save_picture(found, drawn.out, drawn.theme)
    headline = found.headline()
    if drawn.as_json:
        tables = [table.to_dict() for table in found.tables()]
        show_json({"headline": headline, "tables": tables, "source": source.to_dict()})
    else:
        rest = found.summary().removeprefix(headline).lstrip("\n")
        show_answer(headline, f"{rest}\n\n{found.explain()}", "bad" if bad else "plain")
    return settle(refused=source.refused > 0, signal=bad)


def single(given: list[float] | None) -> Any:
    """A number that was typed once; a list for several variables."""
    return given[0] if given and len(given) == 1 else given or None


def _listed(given: Any) -> list[float]:
    return given if isinstance(given, list) else [] if given is None else [given]


def _only(asked: dict[str, Any], known: tuple[str, ...], argument: str, what: str) -> dict[str, Any]:
    from gemba.stats.results import N_, DataError
    from gemba.stats.results.errors import Marked

    others = ", ".join(name for name in asked if name not in known)
    if others:
        raise DataError(
            N_("{what} takes no {given}"),
            mend=N_("Leave out: {given}"),
            argument=argument,
            what=Marked(what),
            given=others,
        )
    return dict(asked)
