"""The only writers of people, rights and tokens. Every one leaves a line in the trail."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from gemba.quality.people.models import (
    FailedSigning,
    Grant,
    OneTimeLink,
    Person,
    PersonName,
    SigningSession,
    Token,
)
from gemba.quality.people.queries import SCOPES, digest, open_failures
from gemba.quality.people.roles import ROLES
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.models import Site
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.work import recording
from gemba.stats.results import N_

ADMINISTRATOR = ("access_administrator",)
LINK_LIFE = timedelta(minutes=30)
TOKEN_LIFE = timedelta(days=366)
MAX_FAILURES = 5
LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "de": "Deutsch"})
"""The languages that the product speaks, each by its own name."""
PASSWORD_LINKS = ("first", "welcome", "access")
STATEMENT = N_("My electronic signature binds me like my signature by hand. I keep its secret to myself.")
_USERNAME = re.compile(r"[a-z0-9._-]{3,60}")


def create_person(*, username: str, name: str, email: str = "", actor: Actor, now: datetime) -> Person:
    """Make a person without password and rights; a user name is never given twice."""
    username = username.strip().lower()
    reasons = _administrator_only(actor)
    if not _USERNAME.fullmatch(username):
        reasons.append(Reason("people.username_invalid"))
    if not name.strip():
        reasons.append(Reason("records.field_missing", {"field": "name"}))
    with recording(actor=actor, now=now) as work:
        if Person.objects.filter(username=username).exists():
            reasons.append(Reason("people.username_taken", {"username": username}))
        _refuse(reasons)
        person = Person(username=username, email=email.strip(), created_at=work.at)
        person.set_unusable_password()
        person.save(force_insert=True)
        row = PersonName.objects.create(person=person, name=name.strip(), since=work.at)
        work.enter("person.create", detail={"person": person.pk}, rows=[person, row])
    return person


def rename_person(*, person: Person, name: str, reason: str, actor: Actor, now: datetime) -> PersonName:
    """Give a person another printed name from now on; earlier signatures keep the earlier one."""
    _refuse(_administrator_only(actor))
    with recording(actor=actor, now=now) as work:
        row = PersonName.objects.create(person=person, name=name.strip(), since=work.at)
        work.enter(
            "person.rename", reason=reason, detail={"person": person.pk, "name_row": row.pk}, rows=[row]
        )
    return row


def disable_person(*, person: Person, reason: str, actor: Actor, now: datetime) -> Person:
    """End all access of a person at once: rights, password, open links."""
    reasons = _administrator_only(actor)
    if not reason.strip():
        reasons.append(Reason("records.reason_missing"))
    _refuse(reasons)
    with recording(actor=actor, now=now) as work:
        person.is_active = False
        person.set_unusable_password()
        person.save(update_fields=["is_active", "password"])
        SigningSession.objects.filter(person=person).delete()
        ended = list(Grant.objects.filter(person=person, ended_at=None))
        for grant in ended:
            grant.ended_at, grant.ended_by = work.at, actor.id
            grant.save(update_fields=["ended_at", "ended_by"])
        rows = [person, *ended, *use_up(OneTimeLink.objects.filter(person=person), work.at)]
        work.enter("person.disable", reason=reason, detail={"person": person.pk}, rows=rows)
    return person


def grant_role(*, person: Person, role: str, site: Site | None = None, actor: Actor, now: datetime) -> Grant:
    """Give a role at a site (everywhere without one); nobody gives rights to himself."""
    reasons = _administrator_only(actor)
    if role not in ROLES:
        reasons.append(Reason("people.role_unknown", {"role": role}))
    if person.actor_id == actor.id:
        reasons.append(Reason("people.own_rights"))
    if not person.is_active:
        reasons.append(Reason("people.disabled", {"name": person.username}))
    _refuse(reasons)
    with recording(actor=actor, now=now) as work:
        held = Grant.objects.filter(person=person, role=role, site=site, ended_at=None).first()
        if held is not None:
            return held
        made = Grant.objects.create(
            person=person, role=role, site=site, granted_at=work.at, granted_by=actor.id
        )
        place = site.code if site else None
        work.enter("role.grant", detail={"person": person.pk, "role": role, "site": place}, rows=[made])
    return made


def revoke_role(*, grant: Grant, reason: str = "", actor: Actor, now: datetime) -> Grant:
    """End a right now."""
    reasons = _administrator_only(actor)
    if grant.ended_at is not None:
        reasons.append(Reason("people.grant_ended"))
    _refuse(reasons)
    with recording(actor=actor, now=now) as work:
        grant.ended_at, grant.ended_by = work.at, actor.id
        grant.save(update_fields=["ended_at", "ended_by"])
        detail = {"person": grant.person_id, "role": grant.role, "site": grant.site_id}
        work.enter("role.revoke", reason=reason, detail=detail, rows=[grant])
    return grant


def make_link(*, person: Person, purpose: str, actor: Actor, now: datetime) -> str:
    """A one-time link, valid for 30 minutes, by which a person sets a password or the like; its secret.

    ``purpose`` is ``first``, ``welcome`` or ``access`` (a password), ``signing`` or ``factor``.
    """
    _refuse(_administrator_only(actor))
    secret = secrets.token_urlsafe(32)
    with recording(actor=actor, now=now) as work:
        ended = use_up(OneTimeLink.objects.filter(person=person), work.at)
        expires = to_microseconds(now + LINK_LIFE)
        made = OneTimeLink.objects.create(
            person=person,
            digest=digest(secret),
            purpose=purpose,
            expires_at=expires,
            made_at=work.at,
            made_by=actor.id,
        )
        work.enter("link.make", detail={"person": person.pk, "purpose": purpose}, rows=[*ended, made])
    return secret


def end_links(*, actor: Actor, now: datetime) -> int:
    """End every one-time link that is open; returns how many."""
    with recording(actor=actor, now=now) as work:
        ended = use_up(OneTimeLink.objects.all(), work.at)
        if ended:
            work.enter("link.end", detail={"count": len(ended)}, rows=ended)
    return len(ended)


def use_up(links: QuerySet[OneTimeLink], at: int) -> list[OneTimeLink]:
    """End those of these links that are open; for services that write the line of the trail."""
    ended = list(links.filter(used_at=None))
    for link in ended:
        link.used_at = at
        link.save(update_fields=["used_at"])
    return ended


def use_link(*, secret: str, password: str, actor: Actor, now: datetime) -> Person:
    """Set the password by a one-time link; the link works once.

    Who may sign already keeps the signing secret. Who has none yet must have the identity confirmed after
    this: whoever made the link could have used it.
    """
    with recording(actor=actor, now=now) as work:
        fresh = OneTimeLink.objects.filter(
            digest=digest(secret), used_at=None, expires_at__gt=work.at, purpose__in=PASSWORD_LINKS
        )
        link = fresh.select_related("person").first()
        if link is None or not link.person.is_active or fresh.update(used_at=work.at) != 1:
            raise Refused([Reason("people.link_used")])
        set_password(person=link.person, password=password, actor=actor, now=now)
        if link.purpose != "first" and not link.person.signing_secret:
            link.person.identity_checked_at, link.person.identity_checked_by = None, ""
            link.person.save(update_fields=["identity_checked_at", "identity_checked_by"])
        link.used_at = work.at
        detail = {"person": link.person_id, "purpose": link.purpose}
        work.enter("link.use", detail=detail, rows=[link, link.person])
    return link.person


def set_password(*, person: Person, password: str, actor: Actor, now: datetime) -> Person:
    """Set one's own password; weak and common ones are refused with the reason.

    Nobody sets somebody else's: an administrator makes a link, which the person uses.
    """
    reasons = weaknesses(password, person)
    if actor.kind == "person" and actor.id != person.actor_id:
        reasons.append(Reason("people.not_own_password"))
    if person.signing_secret and check_password(password, person.signing_secret):
        reasons.append(Reason("people.same_secret"))
    if person.has_usable_password() and person.check_password(password):
        reasons.append(Reason("people.same_password"))
    _refuse(reasons)
    person.set_password(password)  # slow on purpose, and so before the transaction that others wait for
    with recording(actor=actor, now=now) as work:
        person.password_set_at = work.at
        person.save(update_fields=["password", "password_set_at"])
        work.enter("password.set", detail={"person": person.pk}, rows=[person])
    return person


def choose_language(*, person: Person, language: str, actor: Actor, now: datetime) -> Person:
    """Say in which language one wants to be spoken to; nothing leaves it to the browser."""
    reasons = [] if person.actor_id == actor.id else [Reason("people.not_own_language")]
    if language and language not in LANGUAGES:
        reasons.append(Reason("people.language_unknown", {"given": language, "known": ", ".join(LANGUAGES)}))
    _refuse(reasons)
    if person.language == language:
        return person
    with recording(actor=actor, now=now) as work:
        person.language = language
        person.save(update_fields=["language"])
        work.enter("language.choose", detail={"person": person.pk, "language": language}, rows=[person])
    return person


def check_identity(*, person: Person, how: str, actor: Actor, now: datetime) -> Person:
    """Record that somebody made sure who this person is; needed before signing (11.100(b)).

    An administrator alone must not be able to sign as somebody else. So whoever confirms an identity has
    a confirmed one, and did not make the link by which the person came in.
    """
    reasons = _administrator_only(actor)
    if not how.strip():
        reasons.append(Reason("records.field_missing", {"field": "how"}))
    if actor.kind == "person":
        reasons += _against_confirming(person, actor)
    _refuse(reasons)
    with recording(actor=actor, now=now) as work:
        person.identity_checked_at, person.identity_checked_by = work.at, actor.id
        person.save(update_fields=["identity_checked_at", "identity_checked_by"])
        work.enter("identity.check", reason=how, detail={"person": person.pk}, rows=[person])
    return person


def _against_confirming(person: Person, actor: Actor) -> list[Reason]:
    if person.actor_id == actor.id:
        return [Reason("people.not_yourself")]
    own = Person.objects.filter(pk=int(actor.id.removeprefix("person:"))).first()
    reasons = []
    if own is None or own.identity_checked_at is None:
        reasons.append(Reason("people.confirm_first"))
    if OneTimeLink.objects.filter(person=person, made_by=actor.id).exists():
        reasons.append(Reason("people.made_link", {"username": person.username}))
    return reasons


def record_training(*, person: Person, training: str, actor: Actor, now: datetime) -> Person:
    """Record that somebody was trained to sign: which training, when, by whom (11.10(i)); never oneself."""
    reasons = _administrator_only(actor)
    if not training.strip():
        reasons.append(Reason("records.field_missing", {"field": "training"}))
    if person.actor_id == actor.id:
        reasons.append(Reason("people.not_yourself"))
    _refuse(reasons)
    with recording(actor=actor, now=now) as work:
        person.signing_trained_at = work.at
        person.save(update_fields=["signing_trained_at"])
        work.enter("training.record", reason=training.strip(), detail={"person": person.pk}, rows=[person])
    return person


def accept_signing(*, person: Person, secret: str, present: str = "", actor: Actor, now: datetime) -> Person:
    """A person accepts that the signature binds, and sets the signing secret; only for oneself.

    Another secret needs the ``present`` one: a stolen session must not become a signature. The statement
    that was accepted stands in the trail.
    """
    reasons = [] if person.actor_id == actor.id else [Reason("signing.not_accepted")]
    if person.signing_secret and open_failures(person) >= MAX_FAILURES:
        reasons.append(Reason("signing.locked", {"count": MAX_FAILURES}))
    elif person.signing_secret and not check_password(present, person.signing_secret):
        reasons.append(Reason("signing.wrong"))
    if person.has_usable_password() and person.check_password(secret):
        reasons.append(Reason("people.same_secret"))
    _refuse(reasons + weaknesses(secret, person))
    hashed = make_password(secret)
    with recording(actor=actor, now=now) as work:
        person.signing_accepted_at, person.signing_secret = work.at, hashed
        person.save(update_fields=["signing_accepted_at", "signing_secret"])
        work.enter("signing.accept", detail={"person": person.pk, "statement": STATEMENT}, rows=[person])
    return person


def unlock_signing(*, person: Person, reason: str, actor: Actor, now: datetime) -> None:
    """Let a person sign again after failed attempts."""
    reasons = _administrator_only(actor)
    if person.actor_id == actor.id:
        reasons.append(Reason("people.not_yourself"))
    _refuse(reasons)
    with recording(actor=actor, now=now) as work:
        FailedSigning.objects.filter(person=person, cleared_at=None).update(cleared_at=work.at)
        work.enter("signing.unlock", reason=reason, detail={"person": person.pk})


def issue_token(
    *,
    name: str,
    scopes: tuple[str, ...],
    expires: datetime,
    site: Site | None = None,
    actor: Actor,
    now: datetime,
) -> tuple[Token, str]:
    """Make a token of an integration; its text is returned once and never stored."""
    reasons = _administrator_only(actor)
    reasons += [Reason("people.scope_unknown", {"scope": scope}) for scope in scopes if scope not in SCOPES]
    if not now < expires <= now + TOKEN_LIFE:
        reasons.append(Reason("people.expiry"))
    _refuse(reasons)
    text = "gmb_" + secrets.token_urlsafe(32)
    with recording(actor=actor, now=now) as work:
        token = Token.objects.create(
            name=name,
            digest=digest(text),
            scopes=" ".join(scopes),
            site=site,
            issued_at=work.at,
            issued_by=actor.id,
            expires_at=to_microseconds(expires),
        )
        if not Token.objects.filter(pk=token.pk, digest=digest(text)).exists():
            raise RuntimeError("a token that was just issued is not found by its text")
        Token.objects.filter(pk=token.pk).update(tested_at=work.at)
        work.enter("token.issue", detail={"token": token.pk, **facts_of_token(token)}, rows=[token])
    return token, text


def facts_of_token(token: Token) -> dict[str, object]:
    """What the trail keeps of a token when it is issued, to hold the row against it later."""
    return {
        "digest": token.digest,
        "scopes": token.scopes.split(),
        "site": token.site_id,
        "expires": token.expires_at,
    }


def revoke_token(*, token: Token, reason: str = "", actor: Actor, now: datetime) -> Token:
    """End a token at once."""
    _refuse(_administrator_only(actor))
    with recording(actor=actor, now=now) as work:
        token.revoked_at, token.revoked_by = work.at, actor.id
        token.save(update_fields=["revoked_at", "revoked_by"])
        work.enter("token.revoke", reason=reason, detail={"token": token.pk}, rows=[token])
    return token


def _administrator_only(actor: Actor) -> list[Reason]:
    may = actor.kind == "system" or any(role in ADMINISTRATOR for role, _ in actor.grants)
    return [] if may else [Reason("people.not_access_administrator")]


def weaknesses(password: str, person: Person) -> list[Reason]:
    """Every reason why a password or a signing secret is too easy to guess."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        return [Reason("people.password_weak", {"problem": problem}) for problem in error.messages]
    return []


def _refuse(reasons: list[Reason]) -> None:
    if reasons:
        raise Refused(reasons)
