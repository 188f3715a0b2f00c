"""``gemba doctor``: is the plant well? In plain words."""

from __future__ import annotations

import shutil
from datetime import timedelta

from gemba import __version__
from gemba.cli import options
from gemba.cli.codes import Code
from gemba.cli.console import show, show_json
from gemba.cli.language import _
from gemba.cli.plant import HERE, Database, Folder, OpenPlant, open_plant

SHORT = "Is the plant well? In plain words."
HELP = """\
Examples:

\b
  gemba doctor
  gemba doctor --data /srv/plant --json

Looks at the program, the database, the disk, the last backup, reactions that failed and readings in
quarantine. Exit code 1 when something needs a person. Works beside a plant that is being served.
"""
MUCH_DISK = 2 * 2**30
OLD_BACKUP = timedelta(days=2)


def command(data: Folder = HERE, database: Database = "", as_json: options.AsJson = False) -> int:
    """Look the plant over."""
    with open_plant(data, database, rule="doctor", reading=True) as plant:
        facts, warnings = _look(plant)
    if as_json:
        show_json({"facts": facts, "warnings": warnings})
    else:
        for name, value in facts.items():
            show(f"{name:<22}{value}")
        for warning in warnings:
            show(f"! {warning}")
        if not warnings:
            show(_("All well."))
    return Code.ERROR if warnings else Code.FINE


def _look(plant: OpenPlant) -> tuple[dict[str, str], list[str]]:
    from gemba.quality.records.clockwork import FAR, newest_moment
    from gemba.quality.records.keeping.backup import backups_folder, list_backups
    from gemba.quality.records.models import Delivery
    from gemba.quality.records.store.health import find_damage, read_health
    from gemba.quality.records.store.platform import network_kind

    warnings: list[str] = [_("The store is damaged: {text}").format(text=text) for text in find_damage()]
    free = shutil.disk_usage(plant.folder.path).free
    if free < MUCH_DISK:
        warnings.append(_("Only {free} MB are free where the plant lies.").format(free=free // 2**20))
    newest = next((item for item in list_backups(backups_folder(plant.folder)) if item.manifest.sound), None)
    if newest is None:
        warnings.append(_("There is no sound backup yet. Make one: gemba backup"))
    elif plant.now - newest.manifest.moment > OLD_BACKUP:
        warnings.append(_("The last sound backup is of {at}.").format(at=newest.manifest.made_at))
    failed = Delivery.objects.filter(state="failed").count()
    if failed:
        words = _("{count} reactions failed and wait for a person (page: The loop).")
        warnings.append(words.format(count=failed))
    newest_entry = newest_moment()
    if newest_entry is not None and newest_entry > plant.now + FAR:
        words = _("The clock is behind the last entry of the plant by {time}.")
        warnings.append(words.format(time=newest_entry - plant.now))
    kind = network_kind(plant.folder.path)
    if kind is not None:
        warnings.append(_("The folder is on a network drive ({kind}).").format(kind=kind))
    health = read_health()
    facts = {
        "Gemba": __version__,
        health.database: health.version,
        _("Data folder"): str(plant.folder.path),
        _("Free disk"): f"{free // 2**20} MB",
        _("Last sound backup"): newest.manifest.made_at if newest else _("none"),
        _("Clock"): plant.now.isoformat(timespec="seconds"),
    }
    return facts, warnings
