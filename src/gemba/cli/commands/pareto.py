"""``gemba pareto``: which few causes make most of the trouble?"""

from __future__ import annotations

from typing import Annotated

import typer

from gemba.cli import options
from gemba.cli.codes import settle
from gemba.cli.console import show_answer, show_json, suggest

SHORT = "Pareto: which few causes make most of the trouble?"
HELP = """\
Examples:

\b
  gemba pareto defects.csv --category defect
  gemba pareto defects.csv --category defect --weight cost --out pareto.svg

Categories in order of their number or weight, with the cumulative share.
"""
Category = Annotated[
    str, typer.Option("--category", metavar="COL", help="Column of categories.", show_default=False)
]
Weight = Annotated[
    str | None, typer.Option("--weight", metavar="COL", help="Column of weights, such as cost.")
]


def command(
    file: options.File,
    category: Category,
    weight: Weight = None,
    sheet: options.Sheet = None,
    profile: options.Profile = None,
    told: options.Told = None,
    out: options.Out = None,
    theme: options.Theme = "light",
    as_json: options.AsJson = False,
) -> int:
    """Rank the categories of a table."""
    from gemba.cli.source import open_source
    from gemba.cli.writing import save_picture
    from gemba.stats.graphs import pareto

    facts = options.known(sheet=sheet, profile=profile, told=told)
    source = open_source(file, numbers=(weight,), labels=(category,), **facts)
    with source.placing():
        found = pareto(source.frame, category=str(source.column(category)), weight=source.column(weight))
    if out is not None:
        save_picture(found, out, theme)
    if as_json:
        table = found.tables()[0].to_dict()
        show_json({"headline": found.headline(), "total": found.total} | table | {"source": source.to_dict()})
    else:
        headline = found.headline()
        show_answer(headline, found.summary().removeprefix(headline).lstrip("\n"), "plain")
    if weight is None:
        suggest(f"gemba pareto {file} --category {category!r} --weight COST_COLUMN")
    return settle(refused=source.refused > 0, signal=False)
