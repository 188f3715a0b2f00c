"""Rules that a plant sets for itself, of sign-in and signing first, each change with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gemba.quality.people.models import PolicyChange
from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.reasons import Reason, refuse_if
from gemba.quality.records.work import recording
from gemba.stats.results import N_

SETTERS = ("system_administrator",)


@dataclass(frozen=True)
class Policy:
    """A whole number that the plant may set: its words, its value as delivered, its bounds."""

    words: str
    default: int
    most: int
    values: Mapping[int, str]


_WHERE = {0: N_("no"), 1: N_("from another machine"), 2: N_("always")}
POLICIES: Mapping[str, Policy] = {
    "second_factor_administrators": Policy(N_("Administrators need a second factor"), 1, 2, _WHERE),
    "second_factor_everybody": Policy(N_("Everybody needs a second factor"), 0, 2, _WHERE),
    "second_factor_signing": Policy(
        N_("Whoever signs needs a second factor"), 0, 1, {0: N_("no"), 1: N_("yes")}
    ),
    "session_idle_minutes": Policy(
        N_("Minutes without use after which a session ends"),
        120,
        720,
        {0: N_("not before 12 hours are over")},
    ),
    "signing_idle_minutes": Policy(
        N_("Minutes after a signing in which the secret alone signs again"), 30, 720, {}
    ),
    "password_age_days": Policy(
        N_("Days after which a password must be changed"), 0, 1000, {0: N_("never, as NIST advises")}
    ),
    "unknown_gauges": Policy(
        N_("A reading that names a gauge which the register does not have is held back"),
        0,
        1,
        {0: N_("no, it is taken"), 1: N_("yes")},
    ),
    "alarm_attention": Policy(N_("Alarms a week that people can look into"), 50, 10_000, {0: N_("not said")}),
    "access_review_months": Policy(
        N_("Months between two reviews of who may do what"), 6, 24, {0: N_("no review")}
    ),
}


def policy(name: str) -> int:
    """What is in force for a rule."""
    rows = store.fetch(
        "SELECT value FROM people_policychange WHERE name = %s ORDER BY id DESC LIMIT 1", [name]
    )
    return int(rows[0][0]) if rows else POLICIES[name].default


def policies() -> dict[str, int]:
    """Everything that is in force, in one query."""
    set_ = dict(PolicyChange.objects.order_by("pk").values_list("name", "value"))
    return {name: set_.get(name, rule.default) for name, rule in POLICIES.items()}


def set_policy(*, name: str, value: int, reason: str, actor: Actor, now: datetime) -> PolicyChange:
    """Set a rule from now on; the reason stays beside it.

    Raises
    ------
    Refused
        By somebody else than a system administrator, without a reason, for an unknown rule or value.
    """
    rule = POLICIES.get(name)
    reasons = []
    if actor.kind != "system" and not any(role in SETTERS for role, _ in actor.grants):
        reasons.append(Reason("people.not_system_administrator"))
    if rule is None:
        reasons.append(Reason("people.policy_unknown", {"name": name, "known": ", ".join(POLICIES)}))
    elif not 0 <= value <= rule.most:
        reasons.append(Reason("people.policy_value", {"name": name, "most": rule.most}))
    if not reason.strip():
        reasons.append(Reason("records.reason_missing"))
    refuse_if(reasons)
    with recording(actor=actor, now=now) as work:
        before = policy(name)
        made = PolicyChange.objects.create(
            name=name, value=value, reason=reason.strip(), set_at=work.at, set_by=actor.id
        )
        detail = {"rule": made.pk, "policy": name, "from": before, "to": value}
        work.enter("policy.set", reason=reason, detail=detail, rows=[made])
    return made
