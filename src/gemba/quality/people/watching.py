"""What is looked at on schedule: whether tokens are as they were issued, and who may do what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from gemba.quality.people.models import Token
from gemba.quality.people.policies import policy
from gemba.quality.people.services import facts_of_token
from gemba.quality.records.actor import system
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.models import Entry, Task
from gemba.quality.records.tasks import open_task
from gemba.quality.records.work import recording
from gemba.stats.results import N_

WATCHER = system("watch-access")
DAY_MINUTES = 24 * 60
WATCHED: Mapping[str, str] = {
    "people.task_review": N_("Review who may do what (page People): end the rights that nobody needs."),
    "people.task_token": N_(
        "The token '{name}' is not as it was issued ({what}). Revoke it and find out why."
    ),
}
FACTS = ("digest", "scopes", "site", "expires")


def check_tokens(now: datetime) -> list[int]:
    """Hold every living token against its line of issue; the test is a line of the trail. A job.

    Returns
    -------
    list of int
        The tokens that are not as they were issued; each is on the list of an access administrator.
    """
    issued = {}
    for detail in Entry.objects.filter(action="token.issue").order_by("pk").values_list("detail", flat=True):
        told = json.loads(detail)
        issued[told["token"]] = told
    living = Token.objects.filter(revoked_at=None, expires_at__gt=to_microseconds(now)).order_by("pk")
    with recording(actor=WATCHER, now=now) as work:
        faults = {token.pk: _differs(token, issued.get(token.pk)) for token in living}
        wrong = {number: names for number, names in faults.items() if names}
        for token in living:
            if token.pk in wrong:
                _report(token, wrong[token.pk], now)
        living.update(tested_at=work.at)
        if faults:
            work.enter("token.test", detail={"tested": sorted(faults), "faults": wrong})
    return sorted(wrong)


def _differs(token: Token, told: Mapping[str, object] | None) -> list[str]:
    if told is None:
        return ["issue"]
    facts = facts_of_token(token)
    return [name for name in FACTS if name in told and told[name] != facts[name]]


def _report(token: Token, names: list[str], now: datetime) -> None:
    open_task(
        what="people.task_token",
        values={"name": token.name, "what": ", ".join(names)},
        assignee="role:access_administrator",
        due_minutes=DAY_MINUTES,
        subject=f"token:{token.pk}",
        actor=WATCHER,
        now=now,
    )


def ask_for_review(now: datetime) -> Task | None:
    """Put the review of rights on the list, once in the months that the plant says. A job."""
    months = policy("access_review_months")
    if not months:
        return None
    subject = f"access-review:{(now.year * 12 + now.month - 1) // months * months}"
    if Task.objects.filter(subject=subject).exists():
        return None
    return open_task(
        what="people.task_review",
        assignee="role:access_administrator",
        due_minutes=30 * DAY_MINUTES,
        subject=subject,
        actor=WATCHER,
        now=now,
    )
