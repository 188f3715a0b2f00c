"""Anchors: the head of the chain, signed with a key kept outside the store, appended to a log outside it.

A chain in a file proves nothing against somebody who rewrites the file. One line of this log in other
hands (a backup, a mail, a printout) is enough to show it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gemba.quality.records import store
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.store.platform import make_folder, sync_folder, write_new
from gemba.quality.records.trail import Finding, Head

KEY = "site.ed25519"
MARK = "gemba-anchor-1"
_RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw


@dataclass(frozen=True)
class Anchor:
    """One line of the log: a head of the chain, the moment, whose key, and the signature over all of it."""

    head: Head
    at: str
    key: bytes
    signature: bytes

    @property
    def signed(self) -> bytes:
        """What the signature covers."""
        return _signed(self.head, self.at, self.key)

    @property
    def line(self) -> str:
        """The anchor as a line of text."""
        return f"{self.signed.decode()} {self.signature.hex()}"


def site_key(folder: DataFolder) -> Ed25519PrivateKey:
    """The key of this plant, made when it is first needed; readable by its owner only."""
    path = folder.keys / KEY
    if not path.exists():
        make_folder(folder.keys, mode=0o700)
        with suppress(FileExistsError):
            write_new(path, Ed25519PrivateKey.generate().private_bytes_raw().hex())
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))


def public_key(folder: DataFolder) -> bytes:
    """The public half of the plant's key: print it, keep it elsewhere, give it to ``check_anchors``."""
    return site_key(folder).public_key().public_bytes(*_RAW)


def write_anchor(folder: DataFolder, *, now: datetime) -> Anchor | None:
    """Append the present head of the chain to the log; ``None`` when it stands there already.

    A job calls it every 10 minutes, a backup before it copies anything.
    """
    last = store.fetch("SELECT number, hash FROM records_seal ORDER BY number DESC LIMIT 1")
    if not last:
        return None
    head = Head(int(last[0][0]), bytes(last[0][1]))
    if _last_number(folder.anchors) == head.number:
        return None
    key = site_key(folder)
    moment = now.astimezone(UTC).isoformat(timespec="seconds")
    public = key.public_key().public_bytes(*_RAW)
    anchor = Anchor(head, moment, public, key.sign(_signed(head, moment, public)))
    _append(folder.anchors, anchor.line)
    return anchor


def check_anchors(
    lines: Iterable[str], key: bytes | None = None
) -> tuple[tuple[Head, ...], tuple[Finding, ...]]:
    """The heads that a log vouches for, and a finding for each line that does not hold.

    Parameters
    ----------
    lines : iterable of str
        Of one or many logs; empty lines do not count.
    key : bytes, optional
        The public key of the plant as it was kept elsewhere; without it each line is held against the key
        that it names, and every line against the first one's.
    """
    heads: list[Head] = []
    findings: list[Finding] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        anchor = read_anchor(line)
        trusted = key if key is not None or anchor is None else anchor.key
        key = trusted
        if anchor is None or anchor.key != trusted or not holds(anchor):
            text = f"line {number} of the anchors does not carry the signature of this plant"
            findings.append(Finding("anchor forged", "anchors", number, 0, text))
        else:
            heads.append(anchor.head)
    return tuple(heads), tuple(findings)


def read_anchors(
    paths: Iterable[Path], key: bytes | None = None
) -> tuple[tuple[Head, ...], tuple[Finding, ...]]:
    """As ``check_anchors``, from files; one that is not there holds none."""
    texts = [_whole(path.read_bytes()).decode(errors="replace") for path in paths if path.exists()]
    return check_anchors((line for text in texts for line in text.splitlines()), key)


def read_anchor(line: str) -> Anchor | None:
    """An anchor from its line, or ``None`` when the line is none."""
    parts = line.split()
    if len(parts) != 6 or parts[0] != MARK or not parts[1].isdigit():
        return None
    try:
        hashed, key, signature = (bytes.fromhex(part) for part in (parts[2], parts[4], parts[5]))
        return Anchor(Head(int(parts[1]), hashed), parts[3], key, signature)
    except ValueError:
        return None


def holds(anchor: Anchor) -> bool:
    """Whether the signature of an anchor belongs to it and to the key that it names."""
    try:
        Ed25519PublicKey.from_public_bytes(anchor.key).verify(anchor.signature, anchor.signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _append(log: Path, line: str) -> None:
    written = log.read_bytes() if log.exists() else b""
    whole = _whole(written)
    with log.open("ab") as file:
        file.truncate(len(whole))
        gap = b"\n" if whole and not whole.endswith(b"\n") else b""
        file.write(gap + line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if not written:
        sync_folder(log.parent)


def _whole(log: bytes) -> bytes:
    """A log without a last line that the power, or a copy taken just then, cut short."""
    lines = log.splitlines(keepends=True)
    if not lines or (lines[-1].endswith(b"\n") and b"\0" not in lines[-1]):
        return log
    anchor = read_anchor(lines[-1].decode(errors="replace"))
    return log if anchor is not None and holds(anchor) else b"".join(lines[:-1])


def _signed(head: Head, at: str, key: bytes) -> bytes:
    return f"{MARK} {head.number} {head.hash.hex()} {at} {key.hex()}".encode()


def _last_number(log: Path) -> int | None:
    if not log.exists():
        return None
    lines = _whole(log.read_bytes()).decode(errors="replace").splitlines()
    anchor = read_anchor(lines[-1]) if lines else None
    return None if anchor is None else anchor.head.number
