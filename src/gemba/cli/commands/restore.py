"""``gemba restore``: bring a backup back, proved before it takes the place of the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gemba.cli import options
from gemba.cli.codes import Code
from gemba.cli.console import show, show_json, working
from gemba.cli.language import _
from gemba.cli.plant import HERE, Database, DryRun, Folder, open_plant

SHORT = "Bring a backup back, proved before it takes over."
HELP = """\
Examples:

\b
  gemba restore gemba-data/backups/2026-03-02T060000Z --data restored
  gemba restore BACKUP --replace
  gemba restore BACKUP --dry-run

Copies the backup beside the plant, checks every byte, every row and the chain, and only then lets it take
over. The store of now is kept beside it. A damaged backup changes nothing.
"""
Backup = Annotated[Path, typer.Argument(metavar="BACKUP", help="Folder of the backup.", show_default=False)]
Replace = Annotated[bool, typer.Option("--replace", help="Take the place of a store that is there.")]


def command(
    backup: Backup,
    data: Folder = HERE,
    database: Database = "",
    replace: Replace = False,
    dry_run: DryRun = False,
    as_json: options.AsJson = False,
) -> int:
    """Restore a backup."""
    with open_plant(data, database, rule="restore", empty=True) as plant, working(_("Checking the backup")):
        from gemba.quality.records.keeping.restore import restore

        done = restore(
            backup, plant.folder, replace=replace, actor=plant.actor, now=plant.now, dry_run=dry_run
        )
    if as_json:
        show_json(
            {
                "backup": str(done.backup.path),
                "rows": done.check.rows,
                "seals": done.check.seals,
                "aside": None if done.aside is None else str(done.aside),
                "dry_run": dry_run,
            }
        )
    else:
        would = _("Would restore {rows} rows in {seals} seals from {path}.")
        words = would if dry_run else _("Restored {rows} rows in {seals} seals from {path}.")
        show(words.format(rows=done.check.rows, seals=done.check.seals, path=done.backup.path))
        if done.aside is not None:
            show(_("The store before it is kept in {place}.").format(place=done.aside))
    return Code.FINE
