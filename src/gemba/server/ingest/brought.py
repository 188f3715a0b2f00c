"""Files that were brought for a characteristic: taken through the one door when somebody has released it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings

from gemba.quality import loop
from gemba.quality.control.bringing.models import BroughtFile
from gemba.quality.control.bringing.queries import due_files, reading_of
from gemba.quality.control.bringing.services import Fates, note_taken
from gemba.quality.people.queries import actor_of
from gemba.quality.records.actor import system
from gemba.quality.records.apart.asking import answers_of
from gemba.quality.records.attachments import hand_out
from gemba.quality.records.reasons import Reason, Refused, in_words
from gemba.server.ingest.files import Outcome, Plan
from gemba.server.ingest.looking import received

TASK = "gemba.server.ingest.looking:send"


def take_brought(now: datetime) -> int:
    """Take the files whose characteristic is released; returns how many. A job.

    The same file gives the same keys, so a run that was cut off takes nothing twice.
    """
    due = due_files()
    for brought in due:
        try:
            fates = _take(brought, now)
        except Refused as refused:
            fates = Fates(fault=" ".join(map(in_words, refused.reasons)))
        note_taken(brought=brought, fates=fates, actor=system("bringing"), now=now)
    return len(due)


def _take(brought: BroughtFile, now: datetime) -> Fates:
    actor = actor_of(int(brought.actor.partition(":")[2]))
    if actor is None:
        raise Refused([Reason("bringing.maker_gone")])
    file = hand_out(brought.attachment_id, folder=settings.DATA, actor=actor)
    told = reading_of(brought)
    number = str(brought.header.number)
    plan = Plan(dict.fromkeys(told["columns"], number), told["uses"], told["zone"], told["size"])
    asked: dict[str, Any] = {
        "name": file.name,
        "corrections": told["corrections"],
        "plan": asdict(plan),
    }
    outcome = Outcome()
    with closing(answers_of(TASK, asked, content=file.content)) as parts:
        next(parts)
        for part in parts:
            chunk = received(part)
            receipts = loop.receive(chunk, actor=actor, now=now)
            for reading, receipt in zip(chunk, receipts, strict=True):
                outcome.add(reading, receipt)
    names = ("accepted", "quarantined", "refused", "repeated")
    return Fates(**{name: getattr(outcome, name) for name in names})
