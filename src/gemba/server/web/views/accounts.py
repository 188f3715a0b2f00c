"""Coming in and looking after oneself: the one-time link, my account, trusting the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality.people.authenticators import (
    find_link,
    revoke_authenticators,
    use_factor_link,
    use_signing_link,
)
from gemba.quality.people.models import Person
from gemba.quality.people.roles import ROLES
from gemba.quality.people.services import (
    LANGUAGES,
    STATEMENT,
    accept_signing,
    choose_language,
    grant_role,
    rename_person,
    set_password,
    use_link,
)
from gemba.quality.people.sites import create_site
from gemba.quality.records.actor import EVERY_SITE, system
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.signatures import note_failed_signing
from gemba.quality.records.work import recording
from gemba.server.clock import now
from gemba.server.identity import forget
from gemba.server.transport import Certificate
from gemba.server.web.page import done, show, who
from gemba.server.web.people_data import signing_of
from gemba.server.web.problems import problem, worded
from gemba.stats.results import N_

WORKING = ("engineer", "inspector", "operator")
ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")


def setup(request: HttpRequest, secret: str) -> HttpResponse:
    """What a one-time link is for: opening the plant, a password, a signing secret, a lost second factor."""
    link = find_link(secret, now=now())
    if link is None:
        return problem(request, 404, "link", _("This link was used or has expired. Ask for a new one."))
    reasons: list[dict[str, object]] = []
    if request.method == "POST":
        try:
            words = LINKS.get(link.purpose, _come_in)(request, secret, link.person, link.purpose)
        except Refused as refused:
            reasons = worded(refused.reasons)
        else:
            forget()
            return done(request, reverse("account_login"), words)
    typed = request.POST.dict() if request.method == "POST" else {"zone": "Europe/Berlin"}
    first = link.purpose == "first"
    data = {"first": first, "purpose": link.purpose, "username": link.person.username, "reasons": reasons}
    heading = _(HEADINGS.get(link.purpose, N_("Set your password")))
    shown = {"typed": typed, "zones": ZONES, "heading": heading, "statement": _(STATEMENT)}
    return show(request, "setup.html", data, status=409 if reasons else 200, **shown)


def _come_in(request: HttpRequest, secret: str, person: Person, purpose: str) -> str:
    setup_actor, moment = system("setup"), now()
    typed = request.POST
    with recording(actor=setup_actor, now=moment):
        use_link(secret=secret, password=typed.get("password", ""), actor=setup_actor, now=moment)
        if purpose != "first":
            return _("The password is set. Sign in with it.")
        name = typed.get("name", "").strip()
        if not name:
            raise Refused([Reason("records.field_missing", {"field": "name"})])
        site, title, zone = (typed.get(field, "") for field in ("site", "site_name", "zone"))
        rename_person(person=person, name=name, reason="setup", actor=setup_actor, now=moment)
        create_site(code=site, name=title, zone=zone, actor=setup_actor, now=moment)
        for role in WORKING if typed.get("works") else ():
            grant_role(person=person, role=role, actor=setup_actor, now=moment)
    return _("The password is set. Sign in with it.")


def _new_secret(request: HttpRequest, secret: str, _person: Person, _purpose: str) -> str:
    typed = request.POST
    if not typed.get("accepted"):
        raise Refused([Reason("signing.not_accepted")])
    password, chosen = typed.get("password", ""), typed.get("secret", "")
    actor = system("link")
    use_signing_link(secret=secret, password=password, chosen=chosen, actor=actor, now=now())
    return _("The signing secret is set. It signs as soon as somebody confirmed your identity again.")


def _lost_factor(request: HttpRequest, secret: str, _person: Person, _purpose: str) -> str:
    password = request.POST.get("password", "")
    use_factor_link(secret=secret, password=password, actor=system("link"), now=now())
    return _("The second factor is removed. Sign in, and set up another one.")


LINKS: Mapping[str, Callable[[HttpRequest, str, Person, str], str]] = {
    "signing": _new_secret,
    "factor": _lost_factor,
}
HEADINGS: Mapping[str, str] = {
    "first": N_("Open your plant"),
    "signing": N_("Set your signing secret"),
    "factor": N_("Remove your lost second factor"),
}


def me(request: HttpRequest) -> HttpResponse:
    """What I may do, and how I sign in and sign."""
    actor = who(request)
    person = Person.objects.get(pk=int(actor.id.removeprefix("person:")))
    if request.method == "POST":
        return _change_me(request, person)
    roles = [
        {
            "role": role,
            "site": _("every site") if site == EVERY_SITE else site,
            "words": _(ROLES.get(role, "")),
        }
        for role, site in sorted(actor.grants)
    ]
    data = {"username": person.username, "name": actor.name, "roles": roles, "signing": signing_of(person)}
    data["chosen"] = person.language
    return show(request, "me.html", data, statement=_(STATEMENT), languages=LANGUAGES.items())


def _change_me(request: HttpRequest, person: Person) -> HttpResponse:
    actor, what = who(request), request.POST.get("what")
    if what == "signing":
        if not request.POST.get("accepted"):
            raise Refused([Reason("signing.not_accepted")])
        return _set_secret(request, person)
    if what == "language":
        chosen = request.POST.get("language", "")
        choose_language(person=person, language=chosen, actor=actor, now=now())
        forget()
        return done(request, reverse("me"))
    if what == "lost":
        reason = request.POST.get("reason", "")
        revoke_authenticators(person=person, reason=reason, actor=actor, now=now())
        forget()
        return done(request, reverse("account_login"), _("Everything that proved who you are has ended."))
    if not person.check_password(request.POST.get("old", "")):
        raise Refused([Reason("people.password_wrong")])
    request.user = person  # asked only after the change, the session would not know him any more
    set_password(person=person, password=request.POST.get("new", ""), actor=actor, now=now())
    update_session_auth_hash(request, person)
    forget()
    return done(request, reverse("me"), _("Your password is changed; other sessions have ended."))


def _set_secret(request: HttpRequest, person: Person) -> HttpResponse:
    actor, moment, typed = who(request), now(), request.POST
    secret, present = typed.get("secret", ""), typed.get("present", "")
    try:
        accept_signing(person=person, secret=secret, present=present, actor=actor, now=moment)
    except Refused as refused:
        note_failed_signing(refused.reasons, actor=actor, now=moment, action="signing.accept")
        raise
    return done(request, reverse("me"), _("Your signing secret is set."))


def trust(request: HttpRequest) -> HttpResponse:
    """How a tablet learns to trust this server."""
    file = _authority()
    fingerprint = Certificate(file, file, file).fingerprint if file.exists() else ""
    address = request.build_absolute_uri(reverse("trust_certificate"))
    return show(request, "trust.html", {"fingerprint": fingerprint, "address": address})


def trust_certificate(_request: HttpRequest) -> FileResponse:
    """The authority's certificate, which holds no secret."""
    file = _authority()
    if not file.exists():
        raise Http404
    kind = "application/x-x509-ca-cert"
    return FileResponse(file.open("rb"), as_attachment=True, filename="gemba-plant.crt", content_type=kind)


def _authority() -> Path:
    folder: Path = settings.DATA.keys
    return folder / "authority.crt"
