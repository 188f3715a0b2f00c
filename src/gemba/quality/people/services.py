"""The only writers of people, rights and tokens. Every one leaves a line in the trail."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from gemba.quality.people.models import FailedSigning, Grant, OneTimeLink, Person, PersonName, Token
from gemba.quality.people.queries import SCOPES, digest
from gemba.quality.people.roles import ROLES
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.models import Site
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.work import recording

ADMINISTRATOR = ("access_administrator",)
LINK_LIFE = timedelta(minutes=30)
TOKEN_LIFE = timedelta(days=366)
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
        PersonName.objects.create(person=person, name=name.strip(), since=work.at)
        work.enter("person.create", detail={"person": person.pk})
    return person


def rename_person(*, person: Person, name: str, reason: str, actor: Actor, now: datetime) -> PersonName:
    """Give a person another printed name from now on; earlier signatures keep the earlier one."""
    _refuse(_administrator_only(actor))
    with recording(actor=actor, now=now) as work:
        row = PersonName.objects.create(person=person, name=name.strip(), since=work.at)
        work.enter("person.rename", reason=reason, detail={"person": person.pk, "name_row": row.pk})
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
        Grant.objects.filter(person=person, ended_at=None).update(ended_at=work.at, ended_by=actor.id)
        OneTimeLink.objects.filter(person=person, used_at=None).update(used_at=work.at)
        work.enter("person.disable", reason=reason, detail={"person": person.pk})
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
        work.enter("role.grant", detail={"person": person.pk, "role": role, "site": place})
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
        work.enter("role.revoke", reason=reason, detail=detail)
    return grant


def make_link(*, person: Person, purpose: str, actor: Actor, now: datetime) -> str:
    """A one-time link, valid for 30 minutes, by which a person sets a password. Returns its secret."""
    secret = secrets.token_urlsafe(32)
    with recording(actor=actor, now=now) as work:
        OneTimeLink.objects.filter(person=person, used_at=None).update(used_at=work.at)
        expires = to_microseconds(now + LINK_LIFE)
        OneTimeLink.objects.create(person=person, digest=digest(secret), purpose=purpose, expires_at=expires)
        work.enter("link.make", detail={"person": person.pk, "purpose": purpose})
    return secret


def end_links(*, actor: Actor, now: datetime) -> int:
    """End every one-time link that is open; returns how many."""
    with recording(actor=actor, now=now) as work:
        ended = OneTimeLink.objects.filter(used_at=None).update(used_at=work.at)
        if ended:
            work.enter("link.end", detail={"count": ended})
    return ended


def use_link(*, secret: str, password: str, actor: Actor, now: datetime) -> Person:
    """Set the password by a one-time link; the link works once."""
    with recording(actor=actor, now=now) as work:
        fresh = OneTimeLink.objects.filter(digest=digest(secret), used_at=None, expires_at__gt=work.at)
        link = fresh.select_related("person").first()
        if link is None or not link.person.is_active or fresh.update(used_at=work.at) != 1:
            raise Refused([Reason("people.link_used")])
        set_password(person=link.person, password=password, actor=actor, now=now)
        work.enter("link.use", detail={"person": link.person_id, "purpose": link.purpose})
    return link.person


def set_password(*, person: Person, password: str, actor: Actor, now: datetime) -> Person:
    """Set the password; weak and common ones are refused with the reason."""
    _refuse(_weaknesses(password, person))
    person.set_password(password)  # slow on purpose, and so before the transaction that others wait for
    with recording(actor=actor, now=now) as work:
        person.save(update_fields=["password"])
        work.enter("password.set", detail={"person": person.pk})
    return person


def check_identity(*, person: Person, how: str, actor: Actor, now: datetime) -> Person:
    """Record that somebody made sure who this person is; needed before signing (11.100(b))."""
    reasons = _administrator_only(actor)
    if person.actor_id == actor.id:
        reasons.append(Reason("people.not_yourself"))
    _refuse(reasons)
    with recording(actor=actor, now=now) as work:
        person.identity_checked_at, person.identity_checked_by = work.at, actor.id
        person.save(update_fields=["identity_checked_at", "identity_checked_by"])
        work.enter("identity.check", reason=how, detail={"person": person.pk})
    return person


def accept_signing(*, person: Person, secret: str, actor: Actor, now: datetime) -> Person:
    """A person accepts that the signature binds, and sets the signing secret; only for oneself."""
    if person.actor_id != actor.id:
        raise Refused([Reason("signing.not_accepted")])
    _refuse(_weaknesses(secret, person))
    hashed = make_password(secret)
    with recording(actor=actor, now=now) as work:
        person.signing_accepted_at, person.signing_secret = work.at, hashed
        person.save(update_fields=["signing_accepted_at", "signing_secret"])
        work.enter("signing.accept", detail={"person": person.pk})
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
        work.enter("token.issue", detail={"token": token.pk, "scopes": list(scopes)})
    return token, text


def revoke_token(*, token: Token, reason: str = "", actor: Actor, now: datetime) -> Token:
    """End a token at once."""
    _refuse(_administrator_only(actor))
    with recording(actor=actor, now=now) as work:
        token.revoked_at, token.revoked_by = work.at, actor.id
        token.save(update_fields=["revoked_at", "revoked_by"])
        work.enter("token.revoke", reason=reason, detail={"token": token.pk})
    return token


def _administrator_only(actor: Actor) -> list[Reason]:
    may = actor.kind == "system" or any(role in ADMINISTRATOR for role, _ in actor.grants)
    return [] if may else [Reason("people.not_access_administrator")]


def _weaknesses(password: str, person: Person) -> list[Reason]:
    try:
        validate_password(password, person)
    except ValidationError as error:
        return [Reason("people.password_weak", {"problem": problem}) for problem in error.messages]
    return []


def _refuse(reasons: list[Reason]) -> None:
    if reasons:
        raise Refused(reasons)
