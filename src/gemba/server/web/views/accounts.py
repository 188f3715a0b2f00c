"""Coming in and looking after oneself: the one-time link, my account, trusting the server."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse

from gemba.quality.people.models import OneTimeLink, Person
from gemba.quality.people.queries import digest
from gemba.quality.people.roles import ROLES
from gemba.quality.people.services import accept_signing, grant_role, rename_person, set_password, use_link
from gemba.quality.people.sites import create_site
from gemba.quality.records.actor import EVERY_SITE, system
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.work import recording
from gemba.server.clock import now
from gemba.server.identity import forget
from gemba.server.transport import Certificate
from gemba.server.web.page import done, show, who
from gemba.server.web.people_data import signing_of
from gemba.server.web.problems import problem, worded

WORKING = ("engineer", "inspector", "operator")
ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")


def setup(request: HttpRequest, secret: str) -> HttpResponse:
    """Set a password by a one-time link; the first administrator names himself and the first site too."""
    moment = to_microseconds(now())
    open_links = OneTimeLink.objects.filter(digest=digest(secret), used_at=None, expires_at__gt=moment)
    link = open_links.select_related("person").first()
    if link is None:
        return problem(request, 404, "link", "This link was used or has expired. Ask for a new one.")
    first = link.purpose == "first"
    reasons: list[dict[str, object]] = []
    if request.method == "POST":
        try:
            _come_in(request, secret, link.person, first=first)
        except Refused as refused:
            reasons = worded(refused.reasons)
        else:
            return done(request, reverse("account_login"), "The password is set. Sign in with it.")
    typed = request.POST.dict() if request.method == "POST" else {"zone": "Europe/Berlin"}
    data = {"first": first, "username": link.person.username, "reasons": reasons}
    heading = "Open your plant" if first else "Set your password"
    return show(
        request, "setup.html", data, status=409 if reasons else 200, typed=typed, zones=ZONES, heading=heading
    )


def _come_in(request: HttpRequest, secret: str, person: Person, *, first: bool) -> None:
    setup_actor, moment = system("setup"), now()
    typed = request.POST
    with recording(actor=setup_actor, now=moment):
        use_link(secret=secret, password=typed.get("password", ""), actor=setup_actor, now=moment)
        if not first:
            return
        name = typed.get("name", "").strip()
        if not name:
            raise Refused([Reason("records.field_missing", {"field": "name"})])
        site, title, zone = (typed.get(field, "") for field in ("site", "site_name", "zone"))
        rename_person(person=person, name=name, reason="setup", actor=setup_actor, now=moment)
        create_site(code=site, name=title, zone=zone, actor=setup_actor, now=moment)
        for role in WORKING if typed.get("works") else ():
            grant_role(person=person, role=role, actor=setup_actor, now=moment)


def me(request: HttpRequest) -> HttpResponse:
    """What I may do, and how I sign in and sign."""
    actor = who(request)
    person = Person.objects.get(pk=int(actor.id.removeprefix("person:")))
    if request.method == "POST":
        return _change_me(request, person)
    roles = [
        {"role": role, "site": "every site" if site == EVERY_SITE else site, "words": ROLES.get(role, "")}
        for role, site in sorted(actor.grants)
    ]
    data = {"username": person.username, "name": actor.name, "roles": roles, "signing": signing_of(person)}
    return show(request, "me.html", data)


def _change_me(request: HttpRequest, person: Person) -> HttpResponse:
    actor, what = who(request), request.POST.get("what")
    if what == "signing":
        if not request.POST.get("accepted"):
            raise Refused([Reason("signing.not_accepted")])
        accept_signing(person=person, secret=request.POST.get("secret", ""), actor=actor, now=now())
        return done(request, reverse("me"), "Your signing secret is set.")
    if not person.check_password(request.POST.get("old", "")):
        raise Refused([Reason("people.password_wrong")])
    set_password(person=person, password=request.POST.get("new", ""), actor=actor, now=now())
    update_session_auth_hash(request, person)
    forget()
    return done(request, reverse("me"), "Your password is changed; other sessions have ended.")


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
