"""``gemba backup``: a copy of the plant that was proved after writing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from gemba.cli import options
from gemba.cli.codes import Code
from gemba.cli.console import show, show_json, working
from gemba.cli.door import carried_out
from gemba.cli.language import _
from gemba.cli.plant import HERE, Database, DryRun, Folder, OpenPlant

SHORT = "Copy the plant and prove the copy."
HELP = """\
Examples:

\b
  gemba backup
  gemba backup --into /mnt/elsewhere
  gemba backup --list

Copies the store, the attachments and the anchors as they are at one moment, then checks every row of the
copy. Old backups are let go: 7 days, 4 weeks and 12 months stay, and never the last sound one goes. A
plant that is being served makes the copy itself and goes on working.
"""
Into = Annotated[
    Path | None,
    typer.Option("--into", metavar="FOLDER", help="Where backups go; the plant's own folder."),
]
Listing = Annotated[bool, typer.Option("--list", help="Only list the backups that there are.")]


def command(
    data: Folder = HERE,
    database: Database = "",
    into: Into = None,
    listing: Listing = False,
    dry_run: DryRun = False,
    as_json: options.AsJson = False,
) -> int:
    """Make a backup, or list them."""
    asked = {"into": str(into.absolute()) if into else "", "makes": not (listing or dry_run)}
    with working(_("Copying and checking")):
        answer = carried_out("backup", asked, data, database)
    rows, place = answer["backups"], answer["place"]
    if as_json:
        show_json({"backups": rows})
    else:
        for row in rows if listing else rows[:1]:
            size = _("{count} bytes").format(count=row["bytes"])
            verdict = _("sound") if row["sound"] else _("NOT SOUND")
            show(f"{row['path']}  {row['made']}  {size}  {verdict}")
        if dry_run:
            show(_("A backup would go to {place}.").format(place=place))
        elif not rows:
            show(_("There is no backup in {place}.").format(place=place))
    newest = rows[0]["sound"] if rows and not listing else True
    return Code.FINE if newest else Code.UNVERIFIED


def work(plant: OpenPlant, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Make a backup, or only list them, here or in the process that serves the plant."""
    from gemba.quality.records.keeping.apart import check_copy_apart
    from gemba.quality.records.keeping.backup import backups_folder, list_backups, make_backup

    place = Path(asked["into"]) if asked["into"] else backups_folder(plant.folder)
    if asked["makes"]:
        make_backup(plant.folder, why="by command", now=plant.now, into=place, check=check_copy_apart)
    rows = [
        {
            "path": str(item.path),
            "made": item.manifest.made_at,
            "sound": item.manifest.sound,
            "bytes": item.bytes,
        }
        for item in list_backups(place)
    ]
    return {"place": str(place), "backups": rows}
