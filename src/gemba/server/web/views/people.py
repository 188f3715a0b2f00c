"""Who may work here: for the access administrator; sites for the system administrator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality.people import services
from gemba.quality.people.authenticators import revoke_authenticators
from gemba.quality.people.models import Grant, Person, Token
from gemba.quality.people.roles import ROLES
from gemba.quality.people.sites import MAKERS, create_site
from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.quality.records.models import Site
from gemba.quality.records.reasons import Reason, Refused
from gemba.server.clock import now
from gemba.server.identity import forget
from gemba.server.web.page import done, show, who
from gemba.server.web.people_data import grant_rows, person_row, token_row
from gemba.server.web.views.accounts import ZONES
from gemba.server.web.whole import whole
from gemba.stats.results import N_

MOST_DAYS = 10_000
"""Longer than any token may live; more days than a calendar has are no moment."""
SCOPE_WORDS = (("ingest", N_("send readings")), ("read", N_("read records")))


def people(request: HttpRequest) -> HttpResponse:
    """Everybody who has or had access."""
    if request.method == "POST":
        typed = request.POST
        made = services.create_person(
            username=typed.get("username", ""),
            name=typed.get("name", ""),
            email=typed.get("email", ""),
            actor=who(request),
            now=now(),
        )
        return done(request, reverse("person", args=[made.pk]), _("Now give roles and an access link."))
    rows = [person_row(person) for person in Person.objects.order_by("-is_active", "username")]
    return show(request, "people.html", {"people": rows})


def person(request: HttpRequest, identity: int) -> HttpResponse:
    """One person: rights, access, signature."""
    found = get_object_or_404(Person, pk=identity)
    actor = who(request)
    if request.method == "POST":
        change = CHANGES.get(request.POST.get("what", ""))
        if change is None:
            raise Refused([Reason("records.field_missing", {"field": "what"})])
        words = change(request, found, actor)
        forget()
        if words.startswith("/setup/"):
            return _person_page(request, found, actor, link=request.build_absolute_uri(words))
        return done(request, reverse("person", args=[found.pk]), words)
    return _person_page(request, found, actor)


def _person_page(request: HttpRequest, found: Person, actor: Actor, *, link: str = "") -> HttpResponse:
    data = {"person": person_row(found), "grants": grant_rows(found)}
    sites = Site.objects.order_by("code")
    oneself = found.actor_id == actor.id
    return show(
        request,
        "person.html",
        data,
        roles=[(role, _(words)) for role, words in ROLES.items()],
        sites=sites,
        link=link,
        oneself=oneself,
    )


def _grant(request: HttpRequest, found: Person, actor: Actor) -> str:
    site = Site.objects.filter(pk=request.POST.get("site") or None).first()
    services.grant_role(person=found, role=request.POST.get("role", ""), site=site, actor=actor, now=now())
    return _("The role is given.")


def _revoke(request: HttpRequest, found: Person, actor: Actor) -> str:
    grant = get_object_or_404(Grant, pk=_number(request, "grant"), person=found)
    services.revoke_role(grant=grant, reason=request.POST.get("reason", ""), actor=actor, now=now())
    return _("The role has ended.")


def _link(request: HttpRequest, found: Person, actor: Actor) -> str:
    purpose = request.POST.get("purpose", "access")
    if purpose not in ("access", "signing", "factor"):
        raise Refused([Reason("records.field_missing", {"field": "purpose"})])
    secret = services.make_link(person=found, purpose=purpose, actor=actor, now=now())
    return reverse("setup", args=[secret])


def _training(request: HttpRequest, found: Person, actor: Actor) -> str:
    training = request.POST.get("training", "")
    services.record_training(person=found, training=training, actor=actor, now=now())
    return _("The training is recorded.")


def _lost(request: HttpRequest, found: Person, actor: Actor) -> str:
    reason, day = request.POST.get("reason", ""), request.POST.get("since", "")
    try:
        since = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    except ValueError:
        raise Refused([Reason("records.not_date", {"field": "since"})]) from None
    revoke_authenticators(person=found, reason=reason, lost_since=since, actor=actor, now=now())
    return _(
        "Password, signing secret, second factor and sessions have ended. Make an access link for new ones."
    )


def _identity(request: HttpRequest, found: Person, actor: Actor) -> str:
    services.check_identity(person=found, how=request.POST.get("how", ""), actor=actor, now=now())
    return _("The identity is confirmed.")


def _unlock(request: HttpRequest, found: Person, actor: Actor) -> str:
    services.unlock_signing(person=found, reason=request.POST.get("reason", ""), actor=actor, now=now())
    return _("Signing is unlocked.")


def _disable(request: HttpRequest, found: Person, actor: Actor) -> str:
    services.disable_person(person=found, reason=request.POST.get("reason", ""), actor=actor, now=now())
    return _("All access has ended.")


CHANGES: Mapping[str, Callable[[HttpRequest, Person, Actor], str]] = {
    "grant": _grant,
    "revoke": _revoke,
    "link": _link,
    "identity": _identity,
    "training": _training,
    "unlock": _unlock,
    "lost": _lost,
    "disable": _disable,
}


def tokens(request: HttpRequest) -> HttpResponse:
    """What integrations show instead of a password."""
    secret = ""
    if request.method == "POST":
        if request.POST.get("what") == "revoke":
            token = get_object_or_404(Token, pk=_number(request, "token"))
            services.revoke_token(token=token, actor=who(request), now=now())
            forget()
            return done(request, reverse("tokens"), _("The token works no more."))
        secret = _issue(request)
    rows = [token_row(token) for token in Token.objects.order_by("revoked_at", "-pk")]
    sites = Site.objects.order_by("code")
    return show(
        request,
        "tokens.html",
        {"tokens": rows},
        secret=secret,
        sites=sites,
        scopes=[(scope, _(words)) for scope, words in SCOPE_WORDS],
    )


def _issue(request: HttpRequest) -> str:
    moment = now()
    _, secret = services.issue_token(
        name=request.POST.get("name", ""),
        scopes=tuple(request.POST.getlist("scopes")),
        expires=moment + timedelta(days=min(_number(request, "days"), MOST_DAYS)),
        site=Site.objects.filter(pk=request.POST.get("site") or None).first(),
        actor=who(request),
        now=moment,
    )
    return secret


def sites(request: HttpRequest) -> HttpResponse:
    """Plants, laboratories, offices."""
    actor = who(request)
    if request.method == "POST":
        typed = request.POST
        code, name, zone = typed.get("code", ""), typed.get("name", ""), typed.get("zone", "")
        create_site(code=code, name=name, zone=zone, actor=actor, now=now())
        return done(request, reverse("sites"), _("The site is there."))
    rows = [{"code": s.code, "name": s.name, "zone": s.zone} for s in Site.objects.order_by("code")]
    may_add = actor.has_any(MAKERS, EVERY_SITE)
    return show(request, "sites.html", {"sites": rows}, may_add=may_add, zones=ZONES)


def _number(request: HttpRequest, name: str) -> int:
    number = whole(request.POST.get(name, ""))
    if number is None:
        raise Refused([Reason("records.field_missing", {"field": name})])
    return number
