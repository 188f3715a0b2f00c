"""A report that can be held to its word: the last line of its file signs every byte before it.

The line is a comment of HTML or PDF, or the last entry of a JSON object, so that the file stays what it is.
It names the digest of the report, the digest of the program that made it, the checks that passed, the moment
and the public key, and carries a signature (Ed25519, RFC 8032) over all of that.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Literal

from gemba.stats.results import N_, DataError, UnknownName, require

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

MARK = "gemba-qualification-1"
KEY = "site.ed25519"
"""The file of a private key, as a plant keeps it too."""
TAILS: Mapping[str, tuple[bytes, bytes, bytes]] = {
    "html": (b"", b"<!-- ", b" -->\n"),
    "pdf": (b"", b"% ", b"\n"),
    "json": (b"\n}\n", b',\n "signature": "', b'"\n}\n'),
}
"""Suffix -> what is taken off the end of a file, and what stands before and after the line."""
_LINE = re.compile(
    rb"gemba-qualification-1 sha256:([0-9a-f]{64}) program:([0-9a-f]{64}) passed:([0-9]+)/([0-9]+) "
    rb"at:([0-9T:+-]+) key:([0-9a-f]{64}) ([0-9a-f]{128})"
)
Problem = Literal["unsigned", "altered", "forged", "other key"]
WORDS: Mapping[Problem, str] = {
    "unsigned": N_("it carries no signature at its end"),
    "altered": N_("its content is not what was signed"),
    "forged": N_("its signature does not belong to the key that it names"),
    "other key": N_("it is signed by another key than the one that was given"),
}


@dataclass(frozen=True)
class SignedReport:
    """What the last line of a report says, and whether it holds.

    ``problem`` is ``None`` where it holds. ``program`` is the digest of the program that made the report,
    ``passed`` of ``cases`` checks passed, ``at`` is the moment by that machine's clock, ``key`` the public
    key.
    """

    problem: Problem | None
    program: str = ""
    passed: int = 0
    cases: int = 0
    at: str = ""
    key: str = ""


def home_key() -> Path:
    """Where a person without a plant keeps the key: in the settings folder of this system."""
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA") or Path.home())
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return base / "gemba" / "keys" / KEY


@dataclass(frozen=True)
class Signer:
    """A private key from its file: made on first use, readable by its owner only."""

    path: Path
    private: Ed25519PrivateKey

    @classmethod
    def of(cls, path: Path) -> Signer:
        """The key of a file; made where there is none.

        Raises
        ------
        MissingExtra
            Where the library that signs is not installed.
        DataError
            For a file that holds no key.
        """
        ed25519 = _ed25519()
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with suppress(FileExistsError):
                _write_new(path, ed25519.Ed25519PrivateKey.generate().private_bytes_raw().hex())
        try:
            raw = bytes.fromhex(path.read_text(encoding="ascii").strip())
            return cls(path, ed25519.Ed25519PrivateKey.from_private_bytes(raw))
        except ValueError as error:
            raise DataError(
                N_("{value} holds no key"),
                mend=N_("Name the file of a key that Gemba made, or one that is not there yet"),
                argument="key",
                value=str(path),
            ) from error

    @property
    def public(self) -> str:
        """The public half: print it, keep it elsewhere, hold reports against it."""
        return self.private.public_key().public_bytes_raw().hex()

    def sign(
        self, report: bytes, suffix: str, *, program: str, passed: int, cases: int, now: datetime
    ) -> bytes:
        """The report with its last line, which signs it."""
        cut, before, after = _tail(suffix)
        body = report.removesuffix(cut) if cut else report
        if suffix != "json" and not body.endswith(b"\n"):
            body += b"\n"
        moment = now.astimezone(UTC).isoformat(timespec="seconds")
        digest = hashlib.sha256(body).hexdigest()
        said = (
            f"{MARK} sha256:{digest} program:{program} passed:{passed}/{cases} at:{moment} key:{self.public}"
        )
        return body + before + f"{said} {self.private.sign(said.encode()).hex()}".encode() + after


def check_report(path: str | Path, key: str | None = None) -> SignedReport:
    """Is a report as it was signed, and by whom?

    Parameters
    ----------
    path : str or Path
        A report of ``gemba qualify``: HTML, PDF or JSON.
    key : str, optional
        The public key as it was kept elsewhere. Without it the report is held against the key that it names,
        which whoever alters a report can replace by an own one: compare it.

    Returns
    -------
    SignedReport
        Its ``problem`` is ``None`` when every byte is as it was signed.

    Raises
    ------
    MissingExtra
        Where the library that verifies signatures is not installed.
    UnknownName
        For a file that is no HTML, PDF or JSON.
    """
    report = Path(path).read_bytes()
    _, before, after = _tail(kind_of(Path(path)))
    body, _, rest = report.rpartition(before)
    found = _LINE.fullmatch(rest.removesuffix(after)) if rest.endswith(after) else None
    if found is None:
        return SignedReport("unsigned")
    digest, program, passed, cases, at, public, _ = (part.decode() for part in found.groups())
    named = (program, int(passed), int(cases), at, public)
    if not _holds(found[0].rpartition(b" ")[0], public, found[7].decode()):
        return SignedReport("forged", *named)
    if hashlib.sha256(body).hexdigest() != digest:
        return SignedReport("altered", *named)
    if key is not None and key.strip().lower() != public:
        return SignedReport("other key", *named)
    return SignedReport(None, *named)


def kind_of(path: Path) -> str:
    """html, pdf or json, as the suffix of a path says."""
    suffix = path.suffix.lower().removeprefix(".")
    return "html" if suffix == "htm" else suffix


def _holds(said: bytes, public: str, signature: str) -> bool:
    ed25519 = _ed25519()
    invalid = require(
        "cryptography.exceptions", extra="reports", purpose=N_("Verifying a report")
    ).InvalidSignature
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(
            bytes.fromhex(signature), said
        )
    except (invalid, ValueError):
        return False
    return True


def _ed25519() -> ModuleType:
    """The module that signs, where it is installed."""
    return require(
        "cryptography.hazmat.primitives.asymmetric.ed25519", extra="reports", purpose=N_("Signing a report")
    )


def _tail(suffix: str) -> tuple[bytes, bytes, bytes]:
    if suffix not in TAILS:
        raise UnknownName(suffix, TAILS, what=N_("kind of report"), argument="out")
    return TAILS[suffix]


def _write_new(path: Path, text: str) -> None:
    """A file that is there whole or not at all, readable by its owner only."""
    unfinished = path.with_name(f".{path.name}-{os.getpid()}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(text)
        os.link(unfinished, path)
    finally:
        unfinished.unlink()
