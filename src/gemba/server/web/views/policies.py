"""The rules of sign-in and signing: read by whoever is signed in, set by a system administrator."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality.people.models import PolicyChange
from gemba.quality.people.policies import POLICIES, SETTERS, policies, set_policy
from gemba.quality.people.queries import printed_names
from gemba.quality.records.actor import EVERY_SITE
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.reasons import Reason, Refused
from gemba.server.clock import now
from gemba.server.identity import forget
from gemba.server.web.page import done, show, who

SHOWN = 50


def rules(request: HttpRequest) -> HttpResponse:
    """Every rule with its value, and the last changes with their reasons."""
    actor = who(request)
    if request.method == "POST":
        name, value = request.POST.get("name", ""), request.POST.get("value", "")
        if not (value.isdecimal() and len(value) < 6):
            raise Refused([Reason("people.policy_value", {"name": name, "most": 0})])
        reason = request.POST.get("reason", "")
        set_policy(name=name, value=int(value), reason=reason, actor=actor, now=now())
        forget()
        return done(request, reverse("rules"), _("The rule is in force."))
    in_force = policies()
    rows = [
        {"name": name, "words": _(rule.words), "value": in_force[name], "most": rule.most,
         "said": _(rule.values.get(in_force[name], "")),
         "choices": {value: _(words) for value, words in rule.values.items()}}
        for name, rule in POLICIES.items()
    ]  # fmt: skip
    made = list(PolicyChange.objects.order_by("-pk")[:SHOWN])
    names = printed_names({row.set_by for row in made})
    changes = [
        {"name": row.name, "words": _(POLICIES[row.name].words) if row.name in POLICIES else row.name,
         "value": row.value, "reason": row.reason, "at": from_microseconds(row.set_at),
         "by": names.get(row.set_by, row.set_by)}
        for row in made
    ]  # fmt: skip
    may_set = actor.has_any(SETTERS, EVERY_SITE)
    return show(request, "rules.html", {"rules": rows, "changes": changes}, may_set=may_set)
