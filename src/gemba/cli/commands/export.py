"""``gemba export``: a whole plant as one file that any program can read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from gemba.cli import options
from gemba.cli.codes import Code
from gemba.cli.console import show, show_answer, show_json, working
from gemba.cli.door import carried_out
from gemba.cli.language import _
from gemba.cli.plant import HERE, Database, DryRun, Folder, OpenPlant, open_plant

SHORT = "A whole plant as one file that any program can read."
HELP = """\
Examples:

\b
  gemba export
  gemba export --out plant.zip --data /srv/plant
  gemba export --check plant.zip

Writes a zip: every record with its fields, links, signatures and remarks, every reading, every table with
all versions and the trail (CSV and JSON lines), the attached files, and a signed manifest with the digest
of each part. Passwords, signing secrets and tokens stay at home. That the plant was exported stands in its
trail. Works beside a plant that is being served. To go on working elsewhere, use gemba backup and gemba
restore.
"""
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="Where it goes; gemba-export-DAY.zip here.", show_default=False
    ),
]
Checked = Annotated[
    Path | None,
    typer.Option(
        "--check", metavar="FILE", help="Hold an export against its manifest instead.", show_default=False
    ),
]
READINGS = "readings.csv"


def command(
    out: Out = None,
    check: Checked = None,
    data: Folder = HERE,
    database: Database = "",
    dry_run: DryRun = False,
    as_json: options.AsJson = False,
) -> int:
    """Export a plant, or check an export."""
    if check is not None:
        return _check(check, as_json=as_json)
    target = out or Path(f"gemba-export-{datetime.now(UTC):%Y-%m-%d}.zip")
    if dry_run:
        with open_plant(data, database, rule="shell", reading=True):
            from gemba.quality.records.store.rows import count_rows

            rows = sum(count_rows().values())
        show(_("{file} would hold {rows} rows.").format(file=target, rows=rows))
        return Code.FINE
    with working(_("Exporting")):
        carried_out("export", {"file": target.name}, data, database)
        made = _made(target, data, database)
    if as_json:
        show_json({"file": str(target), "bytes": target.stat().st_size, **_told(made)})
    else:
        readings = made.parts[READINGS].lines
        words = _("{file}  {bytes} bytes  {records} records, {readings} readings")
        about = {"file": target, "bytes": target.stat().st_size, "records": made.records}
        show(words.format(**about, readings=readings))
    return Code.FINE


def work(plant: OpenPlant, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Write in the trail that the plant is exported."""
    from gemba.quality.records.work import recording

    with recording(actor=plant.actor, now=plant.now) as entry:
        entry.enter("plant.export", detail={"file": str(asked["file"])})
    return {}


def _made(target: Path, data: Path, database: str) -> Any:
    with open_plant(data, database, rule="shell", reading=True) as plant:
        from gemba.quality.control.collecting.queries import EVERY_READING, every_reading
        from gemba.quality.records.keeping.export import Sheet, export_plant

        sheet = Sheet(READINGS, EVERY_READING, every_reading)
        return export_plant(plant.folder, target, sheets=(sheet,), now=plant.now)


def _check(path: Path, *, as_json: bool) -> int:
    from gemba.cli.plant import settle_django

    settle_django(HERE, "")
    import django

    django.setup()
    from gemba.quality.records.keeping.export import check_export

    made, findings = check_export(path)
    if as_json:
        show_json({"file": str(path), "sound": not findings, "findings": list(findings), **_told(made)})
    else:
        words = _("As it was written at {at}: {parts} parts, {records} records.")
        if findings:
            words = _("Altered: {findings} findings in {parts} parts.")
        about = {"at": made.at, "parts": len(made.parts), "records": made.records}
        headline = words.format(**about, findings=len(findings))
        key = _("signed with the key {key}").format(key=made.key)
        show_answer(headline, "\n".join((*findings, key)), "bad" if findings else "good")
    return Code.UNVERIFIED if findings else Code.FINE


def _told(made: Any) -> dict[str, Any]:
    parts = {name: vars(part) for name, part in made.parts.items()}
    return {"at": made.at, "key": made.key, "records": made.records, "parts": parts}
