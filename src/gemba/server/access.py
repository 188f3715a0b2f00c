"""Who may ask for what: every route is declared here, by its name. What is not declared is refused.

The pages and the API use one table. A line says who may call a route by which method; what a person may
do to one record is said by its lifecycle and its service, with every reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gemba.quality.people.roles import QUALITY_ROLES, ROLES
from gemba.quality.records.actor import Actor

ANYBODY: tuple[str, ...] = ("*",)
SIGNED_IN: tuple[str, ...] = ("+",)
QUALITY = QUALITY_ROLES
SENDERS = ("operator", "inspector", "engineer", "quality_manager")
ACCESS_ADMINISTRATOR = ("access_administrator",)
SYSTEM_ADMINISTRATOR = ("system_administrator",)
TRAIL_READERS = ("auditor", "quality_manager")
KEEPERS = ("system_administrator", "quality_manager")


@dataclass(frozen=True)
class Rule:
    """Who may read a route and who may write to it; ``None`` means that nobody does by this method."""

    read: tuple[str, ...] | None = None
    write: tuple[str, ...] | None = None
    tokens: bool = False

    def who(self, method: str) -> tuple[str, ...] | None:
        """The roles that may call the route by a method."""
        return self.read if method in ("GET", "HEAD", "OPTIONS") else self.write


def allows(who: tuple[str, ...], actor: Actor | None) -> bool:
    """Whether an actor (``None``: a stranger) is among those."""
    if who == ANYBODY:
        return True
    if actor is None:
        return False
    if who == SIGNED_IN:
        return True
    held = {role for role, _ in actor.grants}
    return any(role in held for role in who)


def roles_of(who: tuple[str, ...]) -> tuple[str, ...]:
    """Those roles by name."""
    return tuple(ROLES) if who in (ANYBODY, SIGNED_IN) else who


_PAGES: Mapping[str, Rule] = {
    "account_login": Rule(ANYBODY, ANYBODY),
    "account_logout": Rule(ANYBODY, ANYBODY),
    "account_inactive": Rule(ANYBODY),
    "account_signup": Rule(ANYBODY),
    "account_reauthenticate": Rule(SIGNED_IN, SIGNED_IN),
    "mfa_index": Rule(SIGNED_IN),
    "mfa_authenticate": Rule(ANYBODY, ANYBODY),
    "mfa_reauthenticate": Rule(SIGNED_IN, SIGNED_IN),
    "mfa_activate_totp": Rule(SIGNED_IN, SIGNED_IN),
    "mfa_deactivate_totp": Rule(SIGNED_IN, SIGNED_IN),
    "mfa_view_recovery_codes": Rule(SIGNED_IN),
    "mfa_generate_recovery_codes": Rule(SIGNED_IN, SIGNED_IN),
    "mfa_download_recovery_codes": Rule(SIGNED_IN),
    "setup": Rule(ANYBODY, ANYBODY),
    "trust": Rule(ANYBODY),
    "trust_certificate": Rule(ANYBODY),
    "home": Rule(SIGNED_IN),
    "me": Rule(SIGNED_IN, SIGNED_IN),
    "manual": Rule(SIGNED_IN),
    "manual_index": Rule(SIGNED_IN),
    "manual_picture": Rule(SIGNED_IN),
    "style": Rule(SIGNED_IN),
    "tasks": Rule(SIGNED_IN),
    "task": Rule(write=SIGNED_IN),
    "search": Rule(QUALITY),
    "find": Rule(SIGNED_IN),
    "records": Rule(QUALITY, tokens=True),
    "records_table": Rule(QUALITY, tokens=True),
    "record": Rule(QUALITY, tokens=True),
    "record_new": Rule(QUALITY, QUALITY),
    "record_edit": Rule(QUALITY, QUALITY),
    "record_move": Rule(QUALITY, QUALITY),
    "record_add": Rule(write=QUALITY),
    "record_thread": Rule(QUALITY, tokens=True),
    "record_print": Rule(QUALITY),
    "differences": Rule(QUALITY, tokens=True),
    "attachment": Rule(QUALITY),
    "calendar": Rule(SIGNED_IN, KEEPERS),
    "fields": Rule((*QUALITY, "system_administrator"), KEEPERS),
    "reading": Rule(QUALITY, SENDERS, tokens=True),
    "coverage": Rule(QUALITY, tokens=True),
    "capa_figure": Rule(QUALITY, tokens=True),
    "coverage_table": Rule(QUALITY, tokens=True),
    "charts_table": Rule(QUALITY, tokens=True),
    "loop_table": Rule(QUALITY),
    "desk_table": Rule(SIGNED_IN),
    "trail_table": Rule(TRAIL_READERS),
    "charts": Rule(QUALITY, tokens=True),
    "chart_kinds": Rule(QUALITY, tokens=True),
    "alarms": Rule(QUALITY, tokens=True),
    "screening": Rule(QUALITY, tokens=True),
    "compare": Rule(QUALITY, tokens=True),
    "advice": Rule(QUALITY, ("engineer",), tokens=True),
    "closer": Rule(QUALITY, tokens=True),
    "closer_figure": Rule(QUALITY, tokens=True),
    "goal": Rule(QUALITY, tokens=True),
    "goal_figure": Rule(QUALITY, tokens=True),
    "chart": Rule(QUALITY, SENDERS, tokens=True),
    "chart_figure": Rule(QUALITY, tokens=True),
    "chart_histogram": Rule(QUALITY, tokens=True),
    "chart_point": Rule(QUALITY, SENDERS, tokens=True),
    "chart_side": Rule(QUALITY),
    "chart_capability": Rule(QUALITY, tokens=True),
    "chart_capability_drawn": Rule(QUALITY, tokens=True),
    "chart_capability_page": Rule(QUALITY, tokens=True),
    "upload": Rule(SENDERS, SENDERS),
    "upload_look": Rule(SENDERS, SENDERS),
    "upload_refused": Rule(SENDERS),
    "upload_figure": Rule(SENDERS),
    "brought": Rule(QUALITY),
    "quarantine": Rule(QUALITY, SENDERS),
    "loop": Rule(QUALITY),
    "deliveries": Rule(KEEPERS, KEEPERS),
    "trail": Rule(TRAIL_READERS),
    "people": Rule(ACCESS_ADMINISTRATOR, ACCESS_ADMINISTRATOR),
    "person": Rule(ACCESS_ADMINISTRATOR, ACCESS_ADMINISTRATOR),
    "tokens": Rule(ACCESS_ADMINISTRATOR, ACCESS_ADMINISTRATOR),
    "sites": Rule(SIGNED_IN, SYSTEM_ADMINISTRATOR),
    "rules": Rule(SIGNED_IN, SYSTEM_ADMINISTRATOR),
}
_API: Mapping[str, Rule] = {
    "api:openapi-json": Rule(SIGNED_IN, tokens=True),
    "api:api-root": Rule(SIGNED_IN, tokens=True),
    "api:records": Rule(QUALITY, QUALITY, tokens=True),
    "api:record": Rule(QUALITY, QUALITY, tokens=True),
    "api:record_move": Rule(write=QUALITY, tokens=True),
    "api:links": Rule(write=QUALITY, tokens=True),
    "api:link_end": Rule(write=QUALITY, tokens=True),
    "api:record_thread": Rule(QUALITY, tokens=True),
    "api:record_print": Rule(QUALITY, tokens=True),
    "api:record_tasks": Rule(write=QUALITY, tokens=True),
    "api:remarks": Rule(QUALITY, QUALITY, tokens=True),
    "api:attachments": Rule(write=QUALITY, tokens=True),
    "api:attachment": Rule(QUALITY, tokens=True),
    "api:tasks": Rule(SIGNED_IN, tokens=True),
    "api:task_done": Rule(write=SIGNED_IN, tokens=True),
    "api:search": Rule(QUALITY, tokens=True),
    "api:chart_limits": Rule(write=SENDERS, tokens=True),
    "api:chart_close": Rule(write=SENDERS, tokens=True),
    "api:quarantine": Rule(QUALITY, tokens=True),
    "api:quarantine_release": Rule(write=SENDERS, tokens=True),
    "api:quarantine_discard": Rule(write=SENDERS, tokens=True),
    "api:fields": Rule((*QUALITY, "system_administrator"), KEEPERS, tokens=True),
    "api:field_retire": Rule(write=KEEPERS),
    "api:calendar": Rule(SIGNED_IN, tokens=True),
    "api:shifts": Rule(write=KEEPERS),
    "api:closures": Rule(write=KEEPERS),
}
_OUTER: Mapping[str, Rule] = {
    "readings": Rule(write=SENDERS, tokens=True),
    "live": Rule(QUALITY, tokens=True),
    "health": Rule(ANYBODY, tokens=True),
    "ready": Rule(ANYBODY, tokens=True),
    "metrics": Rule(SYSTEM_ADMINISTRATOR),
}
ACCESS: Mapping[str, Rule] = MappingProxyType({**_PAGES, **_API, **_OUTER})
"""Route name -> its rule."""
