"""``gemba inspect``: how is this file read?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gemba.cli import options
from gemba.cli.codes import Code, settle
from gemba.cli.console import show, show_json, suggest
from gemba.cli.language import _

if TYPE_CHECKING:
    from gemba.stats.readers import Proposal, Reading

SHORT = "How a file is read, and what is refused."
HELP = """\
Examples:

\b
  gemba inspect parts.xlsx
  gemba inspect parts.xlsx --sheet March --read "decimal:Weight=," --save supplier.json
  gemba inspect parts.csv --refused refused.csv

Shows what the reader takes for headings, units, limits and data, asks what it must not guess, and lists every
refused row with its reason. --save keeps the answers: give them to other commands with --profile.
Exit code 4 when rows are refused, 2 when a question is open.
"""
Save = Annotated[
    Path | None, typer.Option("--save", metavar="PROFILE.json", help="Keep how this file is read.")
]
Refused = Annotated[
    Path | None,
    typer.Option("--refused", metavar="FILE.csv", help="Write the refused rows and why."),
]


def command(
    file: options.File,
    sheet: options.Sheet = None,
    profile: options.Profile = None,
    told: options.Told = None,
    save: Save = None,
    refused: Refused = None,
    as_json: options.AsJson = False,
) -> int:
    """Propose how a file is read."""
    from gemba.cli.source import load, parse_corrections
    from gemba.cli.writing import writing
    from gemba.stats.readers import propose, read

    corrections = parse_corrections(told or ()) | ({} if sheet is None else {"sheet": sheet})
    proposal = propose(load(file), profile=profile, **corrections)
    reading = None if proposal.blocking else read(proposal)
    if save is not None:
        with writing(save, "save"):
            proposal.save(save)
    if refused is not None and reading is not None:
        with writing(refused, "refused"):
            refused.write_text(reading.to_csv(), encoding="utf-8", newline="")
    if as_json:
        show_json(_plain(proposal, reading))
    else:
        show(proposal.summary())
        unread = _("Not read: answer the questions first.")
        show("\n" + (unread if reading is None else reading.summary()))
    if reading is None:
        return Code.USAGE
    if reading.value_names:
        suggest(f'gemba chart {file} --value "{reading.value_names[0]}"')
    return settle(refused=reading.rows_refused > 0, signal=False)


def _plain(proposal: Proposal, reading: Reading | None) -> dict[str, Any]:
    """The proposal, the questions, and what became of every row."""
    questions = [
        {"question": q.words(), "argument": q.argument, "column": q.column, "answers": list(q.answers())}
        for q in proposal.questions
    ]
    plain: dict[str, Any] = {"proposal": proposal.to_dict(), "questions": questions, "reading": None}
    if reading is not None:
        from gemba.cli.source import Source

        plain["reading"] = Source(reading).to_dict() | {"totals": reading.totals().to_dict()}
    return plain
