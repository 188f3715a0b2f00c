"""``gemba report``: everything about one file on one page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gemba.cli import options
from gemba.cli.codes import settle
from gemba.cli.console import suggest, working
from gemba.cli.language import _

if TYPE_CHECKING:
    from gemba.cli.source import Source

SHORT = "One page for people: chart, capability, histogram, Pareto."
HELP = """\
Examples:

\b
  gemba report parts.csv --value diameter --subgroup sample --lsl 9.9 --usl 10.1 --out report.html
  gemba report parts.xlsx --value Diameter --size 5 --out report.pdf --date 2026-03-02
  gemba report parts.csv --value diameter --defects log.csv --category defect --out report.html

One self-contained file that opens anywhere without a network, in light and dark, or a PDF.
Exit code 3 when the process is out of control or not capable.
"""
Kind = Annotated[
    str | None, typer.Option("--kind", metavar="KIND", help="Kind of control chart; chosen when left out.")
]
Category = Annotated[str | None, typer.Option("--category", metavar="COL", help="Column of a Pareto.")]
Weight = Annotated[
    str | None, typer.Option("--weight", metavar="COL", help="Weights of the Pareto, such as cost.")
]
Defects = Annotated[
    str | None, typer.Option("--defects", metavar="FILE", help="Another file that holds the categories.")
]
Out = Annotated[
    Path, typer.Option("--out", metavar="FILE", help="Where to write it: .html or .pdf.", show_default=False)
]
Title = Annotated[
    str, typer.Option("--title", metavar="TEXT", help="Title; the characteristic when left out.")
]
Date = Annotated[str, typer.Option("--date", metavar="TEXT", help="Date to print on the report.")]


def command(
    file: options.File,
    out: Out,
    kind: Kind = None,
    value: options.Values = None,
    subgroup: options.Subgroup = None,
    size: options.Size = None,
    n: options.Number = None,
    rules: options.Rules = "bare",
    lsl: options.Lsl = None,
    usl: options.Usl = None,
    target: options.Target = None,
    min_cpk: options.MinCpk = 1.33,
    confidence: options.Confidence = 0.95,
    category: Category = None,
    weight: Weight = None,
    defects: Defects = None,
    label: options.Label = None,
    returning: options.Returning = None,
    sheet: options.Sheet = None,
    profile: options.Profile = None,
    told: options.Told = None,
    title: Title = "",
    date: Date = "",
) -> int:
    """Write a report."""
    from gemba.cli.report.compose import Request, compose, find
    from gemba.cli.report.write import write_report
    from gemba.cli.source import open_source
    from gemba.cli.writing import writing

    _check_pairs(category=category, weight=weight, defects=defects)
    own = (category, weight) if defects is None else (None, None)
    source = open_source(
        file,
        numbers=[*value, options.column_or_number(n), own[1]] if value else (),
        subgroup=subgroup,
        labels=(label, own[0]),
        **options.known(sheet=sheet, profile=profile, returning=returning, told=told),
    )
    layout = source.layout(value=value, subgroup=subgroup, size=size, n=n, label=label, returning=returning)
    request = Request(
        layout=layout,
        limits=_limits(source, layout["value"], kind, {"lsl": lsl, "usl": usl, "target": target}),
        kind=kind,
        rules=rules,
        category=category,
        weight=weight,
        defects=None if defects is None else open_source(defects, numbers=(weight,), labels=(category,)),
        title=title,
        date=date,
        study={"min_cpk": min_cpk, "confidence": confidence},
    )
    with writing(out), working(_("Computing and drawing")):
        findings = find(source, request)
        write_report(compose(source, request, findings), out)
    suggest(f"open {out}")
    return settle(refused=source.refused > 0, signal=findings.signal)


def _limits(
    source: Source, value: str | list[str], kind: str | None, typed: dict[str, str | None]
) -> dict[str, Any]:
    """The specification of measurements; counts have none."""
    from gemba.cli.report.compose import COUNTS
    from gemba.stats.results import N_, DataError

    if kind not in COUNTS:
        return source.limits(value, **typed)
    for name, said in typed.items():
        if said is not None:
            raise DataError(
                N_("specification limits are for measurements, and a {value} chart shows counts"),
                mend=N_("Leave out the limits, or name another --kind"),
                argument=name,
                value=kind,
            )
    return {}


def _check_pairs(*, category: str | None, weight: str | None, defects: str | None) -> None:
    """A weight, or another file, says nothing without a category to rank."""
    from gemba.stats.results import N_, DataError

    for name, said in (("weight", weight), ("defects", defects)):
        if said is not None and category is None:
            raise DataError(
                N_("{value} is named, and no category to rank"),
                mend=N_("Say --category COL, or leave it out"),
                argument=name,
                value=said,
            )
