"""``gemba tolerance``: between which values does a share of all items lie?"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gemba.cli import options
from gemba.cli.codes import settle
from gemba.cli.console import show_answer, show_json, suggest

SHORT = "Tolerance interval: between which values does a share of all items lie?"
HELP = """\
Examples:

\b
  gemba tolerance parts.csv --value diameter
  gemba tolerance parts.csv --value strength --coverage 0.99 --confidence 0.95 --side lower
  gemba tolerance parts.csv --value roughness --method nonparametric --out roughness.svg

An interval that holds a share of all items with a stated confidence, by a normal distribution or by none.
"""
Coverage = Annotated[float, typer.Option("--coverage", metavar="X", help="Share of all items.")]
Side = Annotated[str, typer.Option("--side", metavar="SIDE", help="both, lower or upper.")]
Method = Annotated[str, typer.Option("--method", metavar="NAME", help="normal or nonparametric.")]


def command(
    file: options.File,
    value: options.Values = None,
    coverage: Coverage = 0.95,
    confidence: options.Confidence = 0.95,
    side: Side = "both",
    method: Method = "normal",
    sheet: options.Sheet = None,
    profile: options.Profile = None,
    told: options.Told = None,
    out: options.Out = None,
    theme: options.Theme = "light",
    as_json: options.AsJson = False,
) -> int:
    """Find the tolerance interval of one characteristic."""
    from gemba.cli.source import open_source
    from gemba.cli.writing import save_picture
    from gemba.stats.distributions import tolerance_interval

    source = open_source(file, numbers=value or (), **options.known(sheet=sheet, profile=profile, told=told))
    column = source.layout(value=value)["value"]
    name = column if isinstance(column, str) else column[0]
    asked: dict[str, Any] = {"coverage": coverage, "confidence": confidence, "side": side, "method": method}
    with source.placing():
        found = tolerance_interval(source.frame, name, **asked)
    if out is not None:
        save_picture(found, out, theme)
    if as_json:
        show_json({"headline": found.headline()} | found.to_dict() | {"source": source.to_dict()})
    else:
        headline = found.headline()
        show_answer(headline, found.summary().removeprefix(headline).lstrip("\n"), "plain")
    suggest(f"gemba capability {file} --value {name!r} --lsl X --usl X")
    return settle(refused=source.refused > 0, signal=False)
