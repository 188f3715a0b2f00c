"""Whether somebody signs: two parts, counted failures, a lock, and a report to whom it concerns."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import check_password

from gemba.quality.people.authenticators import has_second_factor
from gemba.quality.people.models import FailedSigning, Person, SigningSession
from gemba.quality.people.policies import policy
from gemba.quality.people.queries import open_failures
from gemba.quality.people.services import MAX_FAILURES
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.outbox import emit
from gemba.quality.records.reasons import Reason
from gemba.quality.records.signatures import Proof
from gemba.quality.records.work import recording

MINUTE = 60_000_000
LOCKED_EVENT = "SigningLocked"


def verify_proof(actor: Actor, proof: Proof, now: datetime) -> tuple[Reason, ...]:
    """Every reason why this proof does not sign for this actor.

    The first signing of a session needs user name and secret, later ones the secret (21 CFR 11.200(a)(1));
    a session in which nobody signed for a while (a rule of the plant) asks for both again.
    A failed attempt is kept and reported even though the step that wanted the signature is refused: call
    ``note_failure`` outside that transaction.
    """
    person = Person.objects.filter(pk=int(actor.id.removeprefix("person:")), is_active=True).first()
    if person is None:
        return (Reason("signing.wrong"),)
    ready = _readiness(person)
    if ready:
        return ready
    since = to_microseconds(now) - policy("signing_idle_minutes") * MINUTE
    known = SigningSession.objects.filter(person=person, session=proof.session, at__gt=since).exists()
    if not known and not proof.identifier:
        return (Reason("signing.two_parts"),)
    named = not proof.identifier or proof.identifier.strip().lower() == person.username
    if not check_password(proof.secret, person.signing_secret) or not named:
        return (Reason("signing.wrong"),)
    at = to_microseconds(now)
    FailedSigning.objects.filter(person=person, cleared_at=None).update(cleared_at=at)
    if proof.session:
        SigningSession.objects.update_or_create(person=person, session=proof.session, defaults={"at": at})
    return ()


def _readiness(person: Person) -> tuple[Reason, ...]:
    reasons: list[Reason] = []
    if person.identity_checked_at is None:
        reasons.append(Reason("signing.identity"))
    if person.signing_trained_at is None:
        reasons.append(Reason("signing.training"))
    if person.signing_accepted_at is None:
        reasons.append(Reason("signing.not_accepted"))
    if not person.signing_secret:
        reasons.append(Reason("signing.no_secret"))
    if policy("second_factor_signing") and not has_second_factor(person.pk):
        reasons.append(Reason("signing.second_factor"))
    failures = open_failures(person)
    if failures >= MAX_FAILURES:
        reasons.append(Reason("signing.locked", {"count": failures}))
    return tuple(reasons)


def note_failure(*, actor: Actor, now: datetime, action: str) -> int:
    """Keep a failed attempt to sign; the last one that locks is reported at once. Returns the count."""
    with recording(actor=actor, now=now) as work:
        person = Person.objects.get(pk=int(actor.id.removeprefix("person:")))
        FailedSigning.objects.create(person=person, at=work.at)
        count = open_failures(person)
        work.enter("signing.failed", detail={"attempt": count, "action": action})
        if count == MAX_FAILURES:
            emit(work, LOCKED_EVENT, None, {"person": person.pk, "count": count})
    return count


def end_signing_session(session: str) -> None:
    """After log-out or a timeout the next signing asks for both parts again."""
    SigningSession.objects.filter(session=session).delete()
