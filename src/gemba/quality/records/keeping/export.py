"""A plant as one file that any program can read: for an inspector, an archive, or whoever takes it elsewhere.

A zip with tables as CSV and records as JSON lines, the files that were attached, a page that says what is
what, and a manifest with the digest of every part, signed with the plant's key. Secrets stay at home.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gemba import __version__
from gemba.quality.records import store
from gemba.quality.records.anchors import public_key, site_key
from gemba.quality.records.history import PastRecord, list_as_of
from gemba.quality.records.keeping.checking import StoreRefused
from gemba.quality.records.links import INVERSE
from gemba.quality.records.models import Attachment
from gemba.quality.records.names import name_at_signing
from gemba.quality.records.screen import past_own
from gemba.quality.records.store.copying import standing_still
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.store.platform import sync_file
from gemba.quality.records.store.rows import read_table, tables
from gemba.quality.records.types import record_types
from gemba.stats.readers import safe_text
from gemba.stats.results import N_

FORMAT = "gemba-export-1"
MANIFEST, SIGNATURE, README = "manifest.json", "manifest.sig", "README.txt"
WITHHELD = ("account_", "api_", "auth_", "django_content", "django_session", "mfa_", "people_onetimelink",
            "people_signingsession")  # fmt: skip
"""Tables (by how their names begin) that hold secrets, or nothing of the plant."""
SECRET = {"people_person": ("password", "signing_secret"), "people_token": ("digest",)}
"""Columns that stay at home, by table."""
PAGE = 500
ABOUT = """\
This file holds a whole plant of Gemba {version}, as it was at {at}.

records/TYPE.ndjson   every record of a type, one a line: what stands in its header and its fields now, its
                      links, signatures and remarks
records/TYPE.csv      the same as a table, one line a record, for a spreadsheet; a text that a spreadsheet
                      would take for a formula begins with an apostrophe
readings.csv          every reading with its characteristic and verdict; a correction or a voiding is a line
                      of its own that names in "about" the reading that it is about
tables/NAME.csv       every table as it is stored: all versions of all records, the trail, the seals, ...
                      moments are microseconds since 1970-01-01 UTC, bytes are hexadecimal
attachments/          the attached files; tables/records_attachment.csv says what each is called
manifest.json         the size, the lines and the SHA-256 of every part
manifest.sig          the signature of the manifest with the plant's key (Ed25519, hexadecimal)

Passwords, signing secrets, second factors, sessions and tokens are not in here. To hold every part against
the manifest, and the manifest against its signature: gemba export --check FILE
To go on working with the plant elsewhere, take a backup instead: gemba backup, gemba restore.
"""


@dataclass(frozen=True)
class Sheet:
    """A table that somebody else than the kernel knows: its file name, its columns, its rows."""

    name: str
    columns: Sequence[str]
    rows: Callable[[], Iterable[Sequence[Any]]]


@dataclass(frozen=True)
class Part:
    """One part of an export: its size in bytes, its lines (rows, records; 0 for a file), its SHA-256."""

    size: int
    lines: int
    sha256: str


@dataclass(frozen=True)
class Exported:
    """What was written, or checked: when, by which program, each part, the public key that signed."""

    at: str
    program: str
    key: str
    parts: Mapping[str, Part]
    format: str = FORMAT

    @property
    def records(self) -> int:
        """How many records there are."""
        return sum(
            part.lines
            for name, part in self.parts.items()
            if name.startswith("records/") and name.endswith(".ndjson")
        )


def export_plant(
    folder: DataFolder, target: Path, *, sheets: Iterable[Sheet] = (), now: datetime
) -> Exported:
    """Write the whole plant as it is at one moment, while others may write to it.

    The file gets its name only when it is complete.

    Raises
    ------
    StoreRefused
        When there is a file of that name already, or no folder to put it in.
    """
    if target.exists():
        raise StoreRefused(N_("{path} is there already. Give another name with --out FILE."), path=target)
    if not target.absolute().parent.is_dir():
        raise StoreRefused(
            N_("There is no folder {path}. Make it, or give another --out."), path=target.absolute().parent
        )
    making = target.with_name(f".making-{target.name}")
    at = now.astimezone(UTC).isoformat(timespec="seconds")
    parts: dict[str, Part] = {}
    try:
        with ZipFile(making, "w", ZIP_DEFLATED, allowZip64=True) as archive, standing_still():
            _write(archive, README, parts, [ABOUT.format(version=__version__, at=at).encode()])
            _write_records(archive, parts, now)
            for sheet in sheets:
                _write_csv(archive, sheet.name, parts, sheet.columns, sheet.rows())
            _write_tables(archive, parts)
            _write_attachments(archive, parts, folder)
            made = Exported(at, __version__, public_key(folder).hex(), parts)
            manifest = json.dumps(asdict(made), indent=1, sort_keys=True).encode()
            archive.writestr(MANIFEST, manifest)
            archive.writestr(SIGNATURE, site_key(folder).sign(manifest).hex())
        sync_file(making)
        making.replace(target)
    except BaseException:
        making.unlink(missing_ok=True)
        raise
    return made


def check_export(path: Path, *, key: bytes | None = None) -> tuple[Exported, tuple[str, ...]]:
    """What an export says that it holds, and everything in it that is not as it was written.

    ``key`` is the plant's public key as it was kept elsewhere; without it the one that the export names.

    Raises
    ------
    StoreRefused
        When it is no export at all.
    """
    try:
        with ZipFile(path) as archive:
            manifest = archive.read(MANIFEST)
            told = json.loads(manifest)
            parts = {name: Part(**part) for name, part in told.pop("parts").items()}
            made = Exported(parts=parts, **told)
            findings = [] if _signed(archive, manifest, key or bytes.fromhex(made.key)) else [
                f"{MANIFEST}: it does not carry the signature of this plant"
            ]  # fmt: skip
            names = set(archive.namelist()) - {MANIFEST, SIGNATURE}
            findings += [f"{name}: it is not in the manifest" for name in sorted(names - set(parts))]
            findings += [f"{name}: it is missing" for name in sorted(set(parts) - names)]
            changed = (
                name for name in sorted(names & set(parts)) if _digest(archive, name) != parts[name].sha256
            )
            findings += [f"{name}: its content was changed" for name in changed]
    except (OSError, BadZipFile, KeyError, TypeError, ValueError) as error:
        raise StoreRefused(
            N_("{path} is no export of a plant, or it is damaged: {error}"), path=path, error=str(error)
        ) from error
    return made, tuple(findings)


def _signed(archive: ZipFile, manifest: bytes, key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(
            bytes.fromhex(archive.read(SIGNATURE).decode()), manifest
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _digest(archive: ZipFile, name: str) -> str:
    with archive.open(name) as part:
        return hashlib.file_digest(part, "sha256").hexdigest()  # type: ignore[arg-type]


class _Lines:
    """Writes one part of the archive and counts what it writes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._hash, self.size, self.lines = file, hashlib.sha256(), 0, 0

    def put(self, content: bytes, *, lines: int = 0) -> None:
        self._file.write(content)
        self._hash.update(content)
        self.size, self.lines = self.size + len(content), self.lines + lines

    @property
    def part(self) -> Part:
        return Part(self.size, self.lines, self._hash.hexdigest())


def _write(
    archive: ZipFile, name: str, parts: dict[str, Part], pieces: Iterable[bytes], *, lines: int = 0
) -> None:
    with archive.open(name, "w", force_zip64=True) as file:
        out = _Lines(file)
        for piece in pieces:
            out.put(piece, lines=lines)
        parts[name] = out.part


def _write_csv(
    archive: ZipFile,
    name: str,
    parts: dict[str, Part],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    with archive.open(name, "w", force_zip64=True) as file:
        out = _Lines(file)
        out.put(_line(columns))
        for row in rows:
            out.put(_line([_plain(value) for value in row]), lines=1)
        parts[name] = out.part


def _line(values: Sequence[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue().encode()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, dict | list | bool) else value


def _write_records(archive: ZipFile, parts: dict[str, Part], now: datetime) -> None:
    for kind in record_types():
        columns: dict[str, None] = {}
        pages = _pages(kind.name, now)

        def whole(
            pages: Iterator[list[PastRecord]] = pages, columns: dict[str, None] = columns
        ) -> Iterator[bytes]:
            for page in pages:
                near = _Near(page)
                for past in page:
                    columns.update(dict.fromkeys(_cells(past)))
                    yield (json.dumps(near.told(past), ensure_ascii=False, default=str) + "\n").encode()

        _write(archive, f"records/{kind.name}.ndjson", parts, whole(), lines=1)
        rows = (
            [_safe(_cells(past).get(name, "")) for name in columns]
            for page in _pages(kind.name, now)
            for past in page
        )
        _write_csv(archive, f"records/{kind.name}.csv", parts, tuple(columns), rows)


def _pages(type_name: str, now: datetime) -> Iterator[list[PastRecord]]:
    """All records of a type as they are now, a page at a time."""
    last = 0
    while page := list_as_of(type_name, now, limit=PAGE, after=last):
        yield page
        last = page[-1].id


def _cells(past: PastRecord) -> dict[str, Any]:
    flat = {name: value for name, value in past.fields.items() if not isinstance(value, list | dict)}
    header = {name: value for name, value in past.header.items() if name != "own_fields"}
    return {"id": past.id, "version": past.version, **header, **flat, **past_own(past.header)}


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, made one that it takes for a text."""
    return safe_text(value) if isinstance(value, str) else value


class _Near:
    """What stands beside the records of a page: links, signatures, remarks."""

    def __init__(self, page: Sequence[PastRecord]) -> None:
        ids = [past.id for past in page]
        self._links: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        self._signatures: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        self._remarks: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        marks = ", ".join("%s" for _ in ids)
        for ours, theirs, back in (("source_id", "target_id", False), ("target_id", "source_id", True)):
            statement = (
                f"SELECT l.{ours}, l.relation, h.type, h.number, h.id FROM records_link l "  # noqa: S608 (names)
                f"JOIN records_header h ON h.id = l.{theirs} "
                f"LEFT JOIN records_linkend e ON e.link_id = l.id "
                f"WHERE l.{ours} IN ({marks}) AND e.id IS NULL ORDER BY l.id"
            )
            for own, relation, type_name, number, identity in store.fetch(statement, ids):
                name = INVERSE[relation] if back else relation
                about = {"relation": name, "type": type_name, "number": number, "id": identity}
                self._links[own].append(about)
        statement = (
            "SELECT header_id, version, signer, name_id, meaning, at FROM records_signature "  # noqa: S608 (marks)
            f"WHERE header_id IN ({marks}) ORDER BY id"
        )
        for own, version, signer, name, meaning, at in store.fetch(statement, ids):
            signed = {"version": version, "signer": signer, "name": name_at_signing(name), "meaning": meaning}
            self._signatures[own].append({**signed, "at": at})
        statement = (
            f"SELECT header_id, text, actor, at FROM records_remark WHERE header_id IN ({marks}) ORDER BY id"  # noqa: S608 (marks)
        )
        for own, text, actor, at in store.fetch(statement, ids):
            self._remarks[own].append({"text": text, "actor": actor, "at": at})

    def told(self, past: PastRecord) -> dict[str, Any]:
        return {
            "id": past.id,
            "version": past.version,
            **past.header,
            "fields": past.fields,
            "links": self._links[past.id],
            "signatures": self._signatures[past.id],
            "remarks": self._remarks[past.id],
        }


def _write_tables(archive: ZipFile, parts: dict[str, Part]) -> None:
    for model in tables():
        name = model._meta.db_table  # noqa: SLF001 (Django's public Meta API)
        if name.startswith(WITHHELD):
            continue
        columns, rows = read_table(model)
        kept = [place for place, column in enumerate(columns) if column not in SECRET.get(name, ())]
        shown = ([row[place] for place in kept] for row in rows)
        _write_csv(archive, f"tables/{name}.csv", parts, [columns[place] for place in kept], shown)


def _write_attachments(archive: ZipFile, parts: dict[str, Part], folder: DataFolder) -> None:
    archive.compression = ZIP_STORED  # pictures and documents are packed already
    for stored in sorted(set(Attachment.objects.values_list("stored", flat=True))):
        path = folder.attachments / stored
        if path.is_file():
            with path.open("rb") as file:
                _write(archive, f"attachments/{stored}", parts, iter(lambda: file.read(2**20), b""))
    archive.compression = ZIP_DEFLATED
