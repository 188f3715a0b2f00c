"""``gemba move``: take the plant to PostgreSQL, or back to a file."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import typer

from gemba.cli import options
from gemba.cli.codes import Code
from gemba.cli.console import show, show_json, working
from gemba.cli.language import _
from gemba.cli.plant import HERE, Database, DryRun, Folder, open_plant

SHORT = "Take the plant to PostgreSQL, or back to a file."
HELP = """\
Examples:

\b
  gemba move --to postgresql://gemba@localhost/plant
  gemba move --database postgresql://gemba@localhost/plant --to sqlite
  gemba move --to postgresql://gemba@localhost/plant --dry-run

Copies every row in one transaction, then compares each table of both stores by digest and verifies the chain
in the new one. The old store stays, marked as moved.
"""
To = Annotated[
    str,
    typer.Option("--to", metavar="URL", help="postgresql://..., or sqlite for a file in the data folder."),
]
Replace = Annotated[bool, typer.Option("--replace", help="Rows that the other database has may go.")]


def command(
    to: To,
    data: Folder = HERE,
    database: Database = "",
    replace: Replace = False,
    dry_run: DryRun = False,
    as_json: options.AsJson = False,
) -> int:
    """Move the store."""
    with open_plant(data, database, rule="move") as plant, working(_("Moving")):
        from gemba.quality.records.keeping.move import move
        from gemba.server.settings.database import database_settings

        target = database_settings("" if to == "sqlite" else to, plant.folder)
        done = move(target, to=_plain(to), replace=replace, actor=plant.actor, now=plant.now, dry_run=dry_run)
    if as_json:
        tables = {name: digest.rows for name, digest in done.tables.items()}
        show_json({"to": _plain(to), "rows": done.rows, "tables": tables, "dry_run": dry_run})
    else:
        would = _("Would move {rows} rows of {tables} tables.")
        words = would if dry_run else _("Moved {rows} rows of {tables} tables.")
        show(words.format(rows=done.rows, tables=len(done.tables)))
        if not dry_run:
            show(_("Both stores agree by digest. Serve the new one with --database from now on."))
    return Code.FINE


def _plain(address: str) -> str:
    """The address without its password, for people and the trail."""
    parts = urlsplit(address)
    return address.replace(f":{parts.password}@", "@") if parts.password else address
