"""``gemba distribution``: which distribution do the values follow?"""

from __future__ import annotations

from typing import Annotated

import typer

from gemba.cli import options
from gemba.cli.codes import settle
from gemba.cli.console import show_answer, show_json

SHORT = "Distribution: which one do the values follow?"
HELP = """\
Examples:

\b
  gemba distribution parts.csv --value roughness
  gemba distribution parts.csv --value life --try weibull --try lognormal --out life.svg

Twelve families with parameters, Anderson and Darling's distance and p, the best first.
Three more where you name them: beta, folded-normal, normal-mixture.
"""
Tried = Annotated[
    list[str] | None,
    typer.Option("--try", metavar="NAME", help="A family to try, such as weibull; repeatable."),
]


def command(
    file: options.File,
    value: options.Values = None,
    tried: Tried = None,
    sheet: options.Sheet = None,
    profile: options.Profile = None,
    told: options.Told = None,
    out: options.Out = None,
    theme: options.Theme = "light",
    as_json: options.AsJson = False,
) -> int:
    """Fit distributions to one characteristic."""
    from gemba.cli.source import open_source
    from gemba.cli.writing import save_picture
    from gemba.stats.distributions import identify_distribution

    source = open_source(file, numbers=value or (), **options.known(sheet=sheet, profile=profile, told=told))
    column = source.layout(value=value)["value"]
    name = column if isinstance(column, str) else column[0]
    with source.placing():
        found = identify_distribution(source.frame, name, distributions=tried or ())
    if out is not None:
        save_picture(found, out, theme)
    if as_json:
        table = found.tables()[0].to_dict()
        show_json({"headline": found.headline()} | table | {"source": source.to_dict()})
    else:
        headline = found.headline()
        show_answer(headline, found.summary().removeprefix(headline).lstrip("\n"), "plain")
    return settle(refused=source.refused > 0, signal=False)
