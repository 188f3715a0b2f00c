"""Commands that work on a plant in either case: in this process, or by the process that serves the plant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from gemba.cli.language import _, speaking, spoken
from gemba.cli.plant import OpenPlant, open_plant

if TYPE_CHECKING:
    from gemba.quality.records.store.folder import DataFolder
    from gemba.server.local import Answerer

Asked: TypeAlias = Mapping[str, Any]
Work: TypeAlias = Callable[[OpenPlant, Asked], dict[str, Any]]


class CommandRefused(Exception):
    """What was asked is refused, in words."""


def works() -> Mapping[str, Work]:
    """The commands that a serving plant carries out for the shell."""
    from gemba.cli.commands import backup, export, record, user

    return {"user": user.work, "backup": backup.work, "export": export.work, "record": record.work}


def carried_out(command: str, asked: Asked, folder: Path, database: str) -> dict[str, Any]:
    """The answer of a command; asked of the serving process where one holds the folder.

    Raises
    ------
    CommandRefused
        With the words of the refusal.
    FolderRefused
        When another process holds the folder and has no door.
    """
    from gemba.quality.records.store.folder import FolderRefused
    from gemba.server.local import ask_door

    try:
        with open_plant(folder, database, rule="shell") as plant:
            answer: Mapping[str, Any] = _answered(works()[command], plant, asked)
    except FolderRefused:
        told = ask_door(folder.absolute() / "keys", command, {"language": spoken(), **asked})
        if told is None:
            raise
        answer = told
    if "refused" in answer or "fault" in answer:
        raise CommandRefused(answer.get("refused") or answer["fault"])
    return dict(answer["answer"])


def answerer(folder: DataFolder) -> Answerer:
    """What the serving process does when the shell asks it."""

    def answer(command: str, asked: Asked) -> Mapping[str, Any]:
        from django.db import close_old_connections

        from gemba.quality.records.actor import system
        from gemba.server.identity import forget

        work = works().get(command)
        if work is None:
            return {"refused": _("A serving plant does not carry out '{command}'.").format(command=command)}
        close_old_connections()
        try:
            with speaking(asked.get("language", "en")):
                return _answered(work, OpenPlant(folder, system("shell"), datetime.now(UTC)), asked)
        finally:
            forget()
            close_old_connections()

    return answer


def _answered(work: Work, plant: OpenPlant, asked: Asked) -> Mapping[str, Any]:
    from gemba.quality.records.reasons import Refused, in_words
    from gemba.stats.results import StatsError

    try:
        return {"answer": work(plant, asked)}
    except Refused as refused:
        return {"refused": " ".join(in_words(reason) for reason in refused.reasons)}
    except StatsError as error:
        return {"refused": str(error)}
