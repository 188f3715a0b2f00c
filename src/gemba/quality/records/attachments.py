"""Files that belong to a record: the bytes under a random name in the data folder, their digest sealed.

A file is written and on disk before the row that names it; a row without its file cannot arise, a file
without a row is swept. Nothing is ever shown in the browser: a file is only handed out to be saved.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.given import Unfit, read_text
from gemba.quality.records.hostile import judge_apart
from gemba.quality.records.ledger import SealedTable
from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.models import Attachment, Remark
from gemba.quality.records.reading import readable, sees
from gemba.quality.records.reasons import Reason, Refused, refuse_if
from gemba.quality.records.recorder import lock_header
from gemba.quality.records.remarks import LONGEST
from gemba.quality.records.search import index_addition
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.store.platform import make_folder, sync_folder
from gemba.quality.records.trail import Finding, install_sealed
from gemba.quality.records.types import RecordType
from gemba.quality.records.work import recording

ATTACHMENT = SealedTable(
    "records_attachment",
    (
        "id",
        "tx",
        "header_id",
        "remark_id",
        "name",
        "media",
        "size",
        "sha256",
        "stored",
        "actor",
        "at",
        "note",
    ),
)
install_sealed(ATTACHMENT)

UNNAMED_FOR = timedelta(days=1)
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


@dataclass(frozen=True)
class Download:
    """A file on its way to somebody who may have it: bytes, kind, and the headers that keep it harmless."""

    name: str
    media: str
    content: bytes
    headers: Mapping[str, str]


def keep_attachment(
    *,
    header: int,
    name: str,
    content: bytes,
    folder: DataFolder,
    note: str = "",
    remark: int | None = None,
    actor: Actor,
    now: datetime,
) -> Attachment:
    """Keep a file with a record.

    Parameters
    ----------
    header : int
        The record.
    name : str
        As its owner calls it; the file itself gets a random name.
    remark : int, optional
        The remark that it belongs to: the only way to a closed record.

    Raises
    ------
    Refused
        With everything that is wrong with the file, and with who wants to keep it.
    """
    kind, record = readable(header, actor)
    judged = judge_apart(name, content)
    site: str = record.header.site_id  # type: ignore[attr-defined]
    refuse_if([*judged.reasons, *_against(kind, actor, site), *_faults_of_note(note, remark, header)])
    stored = _write(folder, content)
    try:
        with recording(actor=actor, now=now) as work:
            current = lock_header(header)
            if current.category in LOCKED and remark is None:
                raise Refused([Reason("records.locked")])
            row = Attachment(
                id=store.next_values("attachment", 1)[0],
                tx=work.ledger.tx,
                header_id=header,
                remark_id=remark,
                name=judged.name,
                media=judged.media,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                stored=stored,
                actor=actor.id,
                at=work.at,
                note=note.strip(),
            )
            work.write(ATTACHMENT, [[getattr(row, column) for column in ATTACHMENT.columns]])
            work.enter("attachment.keep", header=header, detail={"attachment": row.pk, "name": row.name})
            index_addition(header, f"{row.name} {row.note}")
    except BaseException:
        (folder.attachments / stored).unlink(missing_ok=True)
        raise
    return row


def hand_out(attachment: int, *, folder: DataFolder, actor: Actor) -> Download:
    """A file for somebody who may read its record, proved to be the one that was kept.

    Raises
    ------
    Refused
        When there is none that the actor may have, or it is not the one that was kept.
    """
    row = Attachment.objects.filter(pk=attachment).first()
    if row is None or not sees(row.header_id, actor):
        raise Refused([Reason("records.unknown", {"record": f"attachment {attachment}"})])
    path = folder.attachments / row.stored
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise Refused([Reason("files.damaged", {"name": row.name})])
    plain = row.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(row.name, safe='')}"
    return Download(row.name, row.media, content, {"Content-Disposition": disposition, **HEADERS})


def attachments_of(header: int) -> list[Attachment]:
    """The files of a record, oldest first."""
    return list(Attachment.objects.filter(header_id=header).order_by("id"))


def damaged_files(folder: DataFolder) -> Iterator[Finding]:
    """Every kept file that is gone or not as it was kept; ``gemba verify`` asks this too."""
    for row in Attachment.objects.order_by("id").iterator(chunk_size=1000):
        path = folder.attachments / row.stored
        if not path.is_file():
            text = f"file {row.pk} ({row.name}) is gone"
            yield Finding("file deleted", "records_attachment", row.pk, 0, text)
        elif _digest(path) != row.sha256:
            text = f"file {row.pk} ({row.name}) is not as it was kept"
            yield Finding("file altered", "records_attachment", row.pk, 0, text)


def sweep_files(folder: DataFolder, *, now: datetime) -> int:
    """Remove what no row names and is older than a day: remains of attempts that failed. A job."""
    removed = 0
    for path in list(folder.attachments.glob("*/*")):
        name = f"{path.parent.name}/{path.name}"
        old = datetime.fromtimestamp(path.stat().st_mtime, now.tzinfo) < now - UNNAMED_FOR
        if old and not Attachment.objects.filter(stored=name).exists():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _against(kind: RecordType, actor: Actor, site: str) -> tuple[Reason, ...]:
    may = actor.has_any(kind.working_roles, site)
    return () if may else (Reason("records.no_right", {"site": site}),)


def _faults_of_note(note: str, remark: int | None, header: int) -> Iterator[Reason]:
    try:
        if len(read_text(note)) > LONGEST:
            yield Reason("records.too_long", {"field": "note", "limit": LONGEST})
    except Unfit as unfit:
        yield Reason(unfit.code, {"field": "note"})
    if remark is not None and not Remark.objects.filter(pk=remark, header_id=header).exists():
        yield Reason("remarks.elsewhere")


def _write(folder: DataFolder, content: bytes) -> str:
    """Write the bytes under a random name and see them on disk; returns the name inside the folder."""
    token = secrets.token_hex(20)
    place = folder.attachments / token[:2]
    make_folder(place, mode=0o700)
    path = place / token[2:]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(place)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return f"{token[:2]}/{token[2:]}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
