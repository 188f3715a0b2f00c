"""Persons, rights and tokens as plain values for pages and their JSON twins."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from gemba.quality.people.authenticators import has_second_factor
from gemba.quality.people.models import Grant, Person, Token
from gemba.quality.people.queries import open_failures, printed_name, printed_names
from gemba.quality.people.roles import ROLES
from gemba.quality.records.canonical import from_microseconds
from gemba.server.web.language import code_word, within


def signing_of(person: Person) -> dict[str, Any]:
    """Whether somebody can sign, and what is missing."""
    checked, accepted = person.identity_checked_at, person.signing_accepted_at
    trained = person.signing_trained_at
    ready = bool(checked and trained and accepted and person.signing_secret)
    return {
        "ready": ready,
        "identity_checked": from_microseconds(checked) if checked else None,
        "accepted": from_microseconds(accepted) if accepted else None,
        "trained": from_microseconds(trained) if trained else None,
        "second_factor": has_second_factor(person.pk),
        "failures": open_failures(person),
    }


def person_row(person: Person) -> dict[str, Any]:
    """A person in a list."""
    held = Grant.objects.filter(person=person, ended_at=None).order_by("role", "site")
    roles = [
        within(code_word(grant.role)) + (f" ({grant.site_id})" if grant.site_id else "") for grant in held
    ]
    return {
        "id": person.pk,
        "username": person.username,
        "name": printed_name(person.actor_id),
        "email": person.email,
        "active": person.is_active,
        "roles": roles,
        "signing": signing_of(person),
    }


def grant_rows(person: Person) -> list[dict[str, Any]]:
    """Every right that a person has or had."""
    grants = list(Grant.objects.filter(person=person).order_by("ended_at", "role", "pk"))
    names = printed_names({grant.granted_by for grant in grants})
    return [
        {
            "id": grant.pk,
            "role": grant.role,
            "words": _(ROLES.get(grant.role, "")),
            "site": grant.site_id or _("every site"),
            "since": from_microseconds(grant.granted_at),
            "by": names.get(grant.granted_by, grant.granted_by),
            "until": from_microseconds(grant.ended_at) if grant.ended_at else None,
        }
        for grant in grants
    ]


def token_row(token: Token) -> dict[str, Any]:
    """A token in a list; its text is known to nobody."""
    return {
        "id": token.pk,
        "name": token.name,
        "scopes": token.scopes.split(),
        "site": token.site_id,
        "issued": from_microseconds(token.issued_at),
        "by": printed_name(token.issued_by),
        "tested": from_microseconds(token.tested_at) if token.tested_at else None,
        "expires": from_microseconds(token.expires_at),
        "revoked": from_microseconds(token.revoked_at) if token.revoked_at else None,
    }
