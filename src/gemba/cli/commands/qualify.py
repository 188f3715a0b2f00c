"""``gemba qualify``: does this installation compute right?"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from gemba.cli import options
from gemba.cli.codes import Code
from gemba.cli.console import show_answer, show_json, tell, working

SHORT = "Does this installation compute right?"
HELP = """\
Examples:

\b
  gemba qualify
  gemba qualify --out qualification.html --date 2026-03-02
  gemba qualify --json

Runs the proof that the program carries: cases with known answers, constants by integration, and laws that
must hold. Exit code 5 when a check fails.
"""
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write the whole report: .html, .pdf or .json."),
]
Date = Annotated[str, typer.Option("--date", metavar="TEXT", help="Date to print on the report.")]


def command(out: Out = None, date: Date = "", as_json: options.AsJson = False) -> int:
    """Run the carried proof."""
    from gemba.stats.proof import qualify

    began = time.perf_counter()
    with working("Checking"):
        found = qualify()
    tell(f"{found.cases} checks in {time.perf_counter() - began:.1f} s.")
    if out is not None:
        from gemba.cli.report.qualification import write_qualification
        from gemba.cli.writing import writing

        with writing(out):
            write_qualification(found, out, date)
    if as_json:
        show_json(found.to_dict())
    else:
        headline = found.headline()
        rest = found.summary().removeprefix(headline).lstrip("\n")
        show_answer(headline, rest, "bad" if found.failed else "good")
    return Code.UNVERIFIED if found.failed else Code.FINE
