"""Coming into the demo, being somebody else, letting days pass, and the lines as they run."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.demo.people import CAST, INSPECTOR
from gemba.demo.web.lines import lines_of
from gemba.demo.web.playing import played
from gemba.quality.people.models import Person
from gemba.quality.records.reasons import Reason, Refused
from gemba.server.clock import now
from gemba.server.identity import forget
from gemba.server.web.page import done, who
from gemba.server.web.problems import problem

DAYS_AT_ONCE = 30


def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """The one-time link: whoever started the demo is its inspector from now on."""
    if not played().entrance.use(secret):
        words = _("This link was used. Start gemba demo again for another one, or sign in as {name}.")
        return problem(request, 404, "link", words.format(name=INSPECTOR.username))
    _become(request, INSPECTOR.username)
    return HttpResponseRedirect(reverse("home"))


def be(request: HttpRequest) -> HttpResponse:
    """Go on as somebody else of the plant."""
    played()
    username = request.POST.get("person", "")
    if username not in CAST:
        raise Refused([Reason("records.field_missing", {"field": "person"})])
    _become(request, username)
    words = _("You are {name} now. What you sign is signed with the secret in the bar.")
    return done(request, reverse("home"), words.format(name=CAST[username].name))


def _become(request: HttpRequest, username: str) -> None:
    get_adapter().login(request, Person.objects.get(username=username))
    forget()


def let_pass(request: HttpRequest) -> HttpResponse:
    """Thirty days in a few seconds: measured, judged, reacted to."""
    moment = played().living.let_pass(DAYS_AT_ONCE, now())
    words = _("{days} days have passed in the plant: it is {date:%Y-%m-%d} there.")
    return done(request, reverse("home"), words.format(days=DAYS_AT_ONCE, date=moment))


def lines(request: HttpRequest) -> HttpResponse:
    """The lines with their charts in small, as they are now."""
    played()
    return render(request, "demo/lines.html", {"lines": lines_of(who(request))})
