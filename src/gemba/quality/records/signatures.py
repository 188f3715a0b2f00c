"""Electronic signatures: two parts, a stated meaning, bound to one version of one record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, TypeAlias

from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import chain_hash
from gemba.quality.records.ledger import SealedTable
from gemba.quality.records.models import Header, Signature, Version
from gemba.quality.records.reasons import Reason
from gemba.quality.records.trail import Finding, install_sealed
from gemba.quality.records.work import Work

SIGNATURE = SealedTable(
    "records_signature",
    ("id", "tx", "header_id", "version", "signer", "name_id", "meaning", "at", "signed"),
)
install_sealed(SIGNATURE)


@dataclass(frozen=True)
class Proof:
    """What the signer gave for this signature; the secret is never stored or shown.

    ``identifier`` is the user name, needed at the first signing of a session; ``session`` names the
    unbroken session, so that later signings may give the secret alone. ``checked`` is what ``prove`` found.
    """

    secret: str = field(repr=False)
    identifier: str = ""
    session: str = ""
    checked: Checked | None = None


@dataclass(frozen=True)
class Checked:
    """What was found about a proof: whose it is, at which moment, and every reason why it does not sign."""

    actor: str
    at: datetime
    reasons: tuple[Reason, ...]


class FailureNote(Protocol):
    """Keeps a failed attempt to sign."""

    def __call__(self, *, actor: Actor, now: datetime, action: str) -> object:
        """Count it, and report the one that locks."""


Verifier: TypeAlias = Callable[[Actor, Proof, datetime], tuple[Reason, ...]]
Namer: TypeAlias = Callable[[str], int]
_verifier: list[Verifier] = []
_namer: list[Namer] = []
_failure: list[tuple[FailureNote, frozenset[str]]] = []


def install_verifier(
    verifier: Verifier,
    namer: Namer,
    failure: FailureNote,
    wrong: frozenset[str] = frozenset({"signing.wrong"}),
) -> None:
    """Say who checks a proof, who knows the row of an actor's printed name, and who counts failures.

    ``wrong`` are the codes that count as a failed attempt.
    """
    _verifier[:] = [verifier]
    _namer[:] = [namer]
    _failure[:] = [(failure, wrong)]


def prove(actor: Actor, proof: Proof, *, now: datetime) -> Proof:
    """Check a proof before the transaction: a password hash is slow on purpose, and nobody waits for it."""
    if actor.kind != "person" or not proof.secret:
        return proof
    return replace(proof, checked=Checked(actor.id, now, _verifier[0](actor, proof, now)))


def note_failed_signing(reasons: Iterable[Reason], *, actor: Actor, now: datetime, action: str) -> None:
    """Count a failed attempt; called after the transaction that it made fail."""
    codes = {reason.code for reason in reasons}
    for note, wrong in _failure:
        if actor.kind == "person" and codes & wrong:
            note(actor=actor, now=now, action=action)


def check_proof(actor: Actor, proof: Proof | None, *, meaning: str, now: datetime) -> tuple[Reason, ...]:
    """Every reason why this proof does not sign; only persons sign."""
    if actor.kind != "person":
        return (Reason("records.signature_person", {"meaning": meaning}),)
    if proof is None or not proof.secret:
        return (Reason("records.signature_missing", {"meaning": meaning}),)
    checked = proof.checked
    if checked is not None and (checked.actor, checked.at) == (actor.id, now):
        return checked.reasons
    return _verifier[0](actor, proof, now)


def sign(work: Work, header: Header, *, meaning: str) -> None:
    """Bind the actor's signature to the version just written."""
    version = Version.objects.get(header_id=header.id, number=header.version)
    identity = store.next_values("signature", 1)[0]
    facts = (header.id, header.version, work.actor.id, _namer[0](work.actor.id), meaning, work.at)
    work.write(SIGNATURE, [(identity, work.ledger.tx, *facts, digest_of(facts, version.snapshot))])


def digest_of(facts: Sequence[int | str], snapshot: str) -> str:
    """What is signed: record, version, signer, printed name, meaning, moment, and the version's snapshot.

    A signature that is moved to another record or version, or says another name or meaning, does not hold.
    """
    return chain_hash(hashlib.sha256(snapshot.encode()).digest(), facts).hex()


def is_valid(signature: Signature) -> bool:
    """Whether the signature is as it was given, and still belongs to the version it was given for."""
    version = Version.objects.filter(header_id=signature.header_id, number=signature.version).first()
    return version is not None and digest_of(_facts(signature), version.snapshot) == signature.signed


def _facts(row: Signature) -> tuple[int | str, ...]:
    return (row.header_id, row.version, row.signer, row.name_id, row.meaning, row.at)


def void_signatures() -> Iterator[Finding]:
    """Every signature that does not hold; ``verify`` asks this too."""
    rows = store.stream(
        "SELECT s.id, s.header_id, s.version, s.signer, s.name_id, s.meaning, s.at, s.signed, v.snapshot "
        "FROM records_signature s LEFT JOIN records_version v "
        "ON v.header_id = s.header_id AND v.number = s.version ORDER BY s.id"
    )
    for identity, *facts, signed, snapshot in rows:
        if snapshot is None or digest_of(facts, snapshot) != signed:
            text = f"signature {identity} does not hold for version {facts[1]} of record {facts[0]}"
            yield Finding("signature moved", "records_signature", int(identity), 0, text)
