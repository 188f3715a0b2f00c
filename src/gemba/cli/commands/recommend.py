"""``gemba recommend``: which chart suits these data?"""

from __future__ import annotations

from typing import Annotated

import typer

from gemba.cli import options
from gemba.cli.codes import settle
from gemba.cli.console import show_answer, show_json, suggest

SHORT = "Recommend: which chart suits these data, and what would mislead it?"
HELP = """\
Examples:

\b
  gemba recommend parts.csv --value diameter
  gemba recommend parts.csv --value diameter --subgroup sample
  gemba recommend lots.csv --value defective --n inspected
  gemba recommend wire.csv --value cracks --n length --counts defects

A kind of chart, and warnings about autocorrelation, skewness, a coarse gauge, mixed streams, overdispersion.
"""
Counted = Annotated[
    str, typer.Option("--counts", metavar="WHAT", help="With --n: defectives (items) or defects.")
]


def command(
    file: options.File,
    value: options.Values = None,
    subgroup: options.Subgroup = None,
    size: options.Size = None,
    n: options.Number = None,
    counts: Counted = "defectives",
    sheet: options.Sheet = None,
    profile: options.Profile = None,
    told: options.Told = None,
    as_json: options.AsJson = False,
) -> int:
    """Propose a chart for one characteristic."""
    from gemba.cli.source import open_source
    from gemba.stats.charts.recommend import recommend

    source = open_source(
        file,
        numbers=[*(value or ()), options.column_or_number(n)] if value else (),
        subgroup=subgroup,
        **options.known(sheet=sheet, profile=profile, told=told),
    )
    layout = source.layout(value=value, subgroup=subgroup, size=size, n=n)
    layout.pop("returning", None)
    with source.placing():
        found = recommend(source.frame, **layout, counts=counts)  # type: ignore[arg-type] # it says which there are
    if as_json:
        codes = [finding.code for finding in found.findings]
        warnings = list(found.warnings)
        show_json({"kind": found.kind, "findings": codes, "warnings": warnings, "source": source.to_dict()})
    else:
        headline = found.headline()
        show_answer(headline, found.summary().removeprefix(headline).lstrip("\n"), "plain")
    suggest(f"gemba chart {file} --kind {found.kind} ...")
    return settle(refused=source.refused > 0, signal=False)
