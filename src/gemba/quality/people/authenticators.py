"""What proves who somebody is: given anew by one-time links, ended at once when it is lost or stolen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.hashers import make_password

from gemba.quality.people.models import OneTimeLink, Person, SigningSession, Token
from gemba.quality.people.policies import policy
from gemba.quality.people.queries import digest
from gemba.quality.people.services import ADMINISTRATOR, revoke_token, use_up, weaknesses
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.reasons import Reason, Refused, refuse_if
from gemba.quality.records.work import recording

DAY = 86_400_000_000
_has: list[Callable[[int], bool]] = []
_remove: list[Callable[[int], None]] = []


def install_second_factor(has: Callable[[int], bool], remove: Callable[[int], None]) -> None:
    """Say who knows the second factors of persons, and who removes them; called once at start."""
    _has[:] = [has]
    _remove[:] = [remove]


def has_second_factor(person: int) -> bool:
    """Whether signing in asks this person for more than the password."""
    return any(has(person) for has in _has)


def needs_second_factor(person: int, roles: frozenset[str], *, elsewhere: bool) -> bool:
    """Whether the rules of the plant ask for a second factor that this person does not have yet.

    ``elsewhere`` says that the browser is not on the machine of the plant.
    """
    asked = policy("second_factor_everybody")
    if any(role.endswith("_administrator") for role in roles):
        asked = max(asked, policy("second_factor_administrators"))
    return asked > (0 if elsewhere else 1) and not has_second_factor(person)


def password_is_old(person: Person, now: datetime) -> bool:
    """Whether the plant asks for another password by now."""
    days = policy("password_age_days")
    since = person.password_set_at or person.created_at
    return bool(days) and to_microseconds(now) - since > days * DAY


def find_link(secret: str, *purposes: str, now: datetime) -> OneTimeLink | None:
    """An unused link of these purposes (any without them) that has not expired."""
    fresh = OneTimeLink.objects.filter(
        digest=digest(secret), used_at=None, expires_at__gt=to_microseconds(now), person__is_active=True
    )
    return (fresh.filter(purpose__in=purposes) if purposes else fresh).select_related("person").first()


def use_signing_link(*, secret: str, password: str, chosen: str, actor: Actor, now: datetime) -> Person:
    """Set another signing secret by a one-time link; it signs when somebody confirmed the identity again.

    ``password`` is that of the person: the link alone, which an administrator has seen, does nothing.
    """
    with recording(actor=actor, now=now) as work:
        link = _use(secret, "signing", password, work.at, now)
        person = link.person
        refuse_if(weaknesses(chosen, person))
        person.signing_secret, person.signing_accepted_at = make_password(chosen), work.at
        person.identity_checked_at, person.identity_checked_by = None, ""
        person.save(update_fields=["signing_secret", "signing_accepted_at", "identity_checked_at",
                                   "identity_checked_by"])  # fmt: skip
        SigningSession.objects.filter(person=person).delete()
        work.enter("signing.reset", detail={"person": person.pk}, rows=[link, person])
    return person


def use_factor_link(*, secret: str, password: str, actor: Actor, now: datetime) -> Person:
    """Remove a lost second factor by a one-time link and the password; the next sign-in sets up another."""
    with recording(actor=actor, now=now) as work:
        link = _use(secret, "factor", password, work.at, now)
        person = link.person
        for remove in _remove:
            remove(person.pk)
        work.enter("factor.reset", detail={"person": person.pk}, rows=[link])
    return person


def _use(secret: str, purpose: str, password: str, at: int, now: datetime) -> OneTimeLink:
    link = find_link(secret, purpose, now=now)
    if link is None:
        raise Refused([Reason("people.link_used")])
    if not link.person.check_password(password):
        raise Refused([Reason("people.password_wrong")])
    if OneTimeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at) != 1:
        raise Refused([Reason("people.link_used")])
    link.used_at = at
    return link


def revoke_authenticators(
    *, person: Person, reason: str, lost_since: datetime | None = None, actor: Actor, now: datetime
) -> Person:
    """End whatever was lost or stolen, at once: password, signing secret, second factor, links, sessions.

    Tokens that the person issued since the loss end too: a thief may have made them.

    Raises
    ------
    Refused
        By somebody else than an access administrator or the person, or without a reason.
    """
    may = actor.kind == "system" or actor.id == person.actor_id
    may = may or any(role in ADMINISTRATOR for role, _ in actor.grants)
    reasons = [] if may else [Reason("people.not_access_administrator")]
    if not reason.strip():
        reasons.append(Reason("records.reason_missing"))
    refuse_if(reasons)
    with recording(actor=actor, now=now) as work:
        person.set_unusable_password()
        person.signing_secret, person.signing_accepted_at, person.identity_checked_at = "", None, None
        person.identity_checked_by = ""
        person.save(update_fields=["password", "signing_secret", "signing_accepted_at",
                                   "identity_checked_at", "identity_checked_by"])  # fmt: skip
        links = use_up(OneTimeLink.objects.filter(person=person), work.at)
        SigningSession.objects.filter(person=person).delete()
        for remove in _remove:
            remove(person.pk)
        since = to_microseconds(lost_since or now)
        issued = Token.objects.filter(issued_by=person.actor_id, issued_at__gte=since, revoked_at=None)
        program = system("authenticators")  # a thief's token must end, whoever says so
        ended = [revoke_token(token=token, reason=reason, actor=program, now=now).pk for token in issued]
        detail = {"person": person.pk, "tokens": ended}
        work.enter("authenticators.revoke", reason=reason, detail=detail, rows=[person, *links])
    return person
