"""``gemba verify``: did anybody alter anything behind the program's back?"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from gemba.cli import options
from gemba.cli.codes import Code
from gemba.cli.console import show_answer, show_json, working
from gemba.cli.language import _
from gemba.cli.plant import HERE, Database, Folder, open_plant

SHORT = "Did anybody alter anything behind the program's back?"
HELP = """\
Examples:

\b
  gemba verify
  gemba verify --data /srv/plant --anchors /mnt/elsewhere/anchors.log
  gemba verify --json

Recomputes the digest of every row, the chain of seals, the last version of every record, the digest of every
attachment, and compares the chain with its anchors outside the store. Exit code 5 when anything differs; each
finding names its row. Works beside a plant that is being served; it only reads.
"""
Anchors = Annotated[
    list[Path] | None,
    typer.Option(
        "--anchors", metavar="LOG", help="Anchors that were kept elsewhere; repeatable.", exists=True
    ),
]


def command(
    data: Folder = HERE,
    database: Database = "",
    anchors: Anchors = None,
    as_json: options.AsJson = False,
) -> int:
    """Check the whole plant."""
    with open_plant(data, database, rule="verify", reading=True) as plant, working(_("Verifying")):
        from gemba.quality.records.keeping.checking import check_plant

        began = time.perf_counter()
        found = check_plant(plant.folder, anchors=anchors or ())
        seconds = time.perf_counter() - began
    sound = not found.findings
    if as_json:
        show_json(
            {
                "sound": sound,
                "seals": found.seals,
                "rows": found.rows,
                "anchors": found.anchors,
                "head": None if found.head is None else found.head.hash.hex(),
                "findings": [vars(finding) for finding in found.findings],
            }
        )
    else:
        counted = _("{rows} rows in {seals} seals, {anchors} anchors, {seconds:.1f} s").format(
            rows=found.rows, seals=found.seals, anchors=found.anchors, seconds=seconds
        )
        words = _("Sound: {counted}.") if sound else _("Altered: {findings} findings in {counted}.")
        headline = words.format(findings=len(found.findings), counted=counted)
        listed = "\n".join(f"{finding.kind}: {finding.text}" for finding in found.findings)
        show_answer(headline, listed, "good" if sound else "bad")
    return Code.FINE if sound else Code.UNVERIFIED
