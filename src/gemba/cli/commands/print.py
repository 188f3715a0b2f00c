"""``gemba print``: a record of a plant as PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gemba.cli import options
from gemba.cli.codes import Code
from gemba.cli.console import show, show_json, warn
from gemba.cli.language import _, spoken
from gemba.cli.plant import HERE, Database, Folder, open_plant

SHORT = "A record of a plant as PDF."
HELP = """\
Examples:

\b
  gemba print NCR-HAL-26-0007
  gemba print NCR-HAL-26-0007 --out ncr.pdf --data /srv/plant

The document shows the record as it is now: number, version, the digest of that version, signatures with name,
time and meaning, what was done since the first entry, page x of y. It is named by its number without --out.
Works beside a plant that is being served.
"""
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Number of the record.", show_default=False)]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Where the document goes.", show_default=False)
]


def command(
    number: Number,
    out: Out = None,
    data: Folder = HERE,
    database: Database = "",
    as_json: options.AsJson = False,
) -> int:
    """Print one record."""
    with open_plant(data, database, rule="shell", reading=True) as plant:
        from gemba.quality.records.reasons import Refused, in_words
        from gemba.server.reports.record import print_record

        try:
            asked: dict[str, Any] = {"actor": plant.actor, "now": plant.now, "language": spoken()}
            name, content = print_record(number.strip().upper(), **asked)
        except Refused as refused:
            warn(" ".join(in_words(reason) for reason in refused.reasons))
            return Code.ERROR
    place = out or Path(name)
    place.write_bytes(content)
    if as_json:
        show_json({"file": str(place), "bytes": len(content)})
    else:
        show(f"{place}  " + _("{count} bytes").format(count=len(content)))
    return Code.FINE
