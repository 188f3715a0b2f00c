"""``gemba report``: everything about one file on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gemba.cli import options
from gemba.cli.codes import settle
from gemba.cli.console import suggest, tell, working

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
    rules: options.Rules = None,
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
        limits=source.limits(layout["value"], lsl=lsl, usl=usl, target=target),
        kind=kind,
        rules=rules or "bare",
        category=category,
        weight=weight,
        defects=None if defects is None else open_source(defects, numbers=(weight,), labels=(category,)),
        title=title,
        date=date,
        study={"min_cpk": min_cpk, "confidence": confidence},
    )
    with working("Computing and drawing"):
        findings = find(source, request)
        written = write_report(compose(source, request, findings), out)
    tell(f"Wrote {written}")
    suggest(f"open {written}")
    return settle(refused=source.refused > 0, signal=findings.signal)
