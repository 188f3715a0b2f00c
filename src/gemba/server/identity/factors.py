"""Second factors as allauth keeps them: who has one, taking it away, a line of the trail for each change."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.http import HttpRequest

from gemba.quality.people.authenticators import install_second_factor
from gemba.quality.records.actor import Actor
from gemba.quality.records.work import recording
from gemba.server.clock import now
from gemba.server.identity.asking import forget


def has_factor(person: int) -> bool:
    """Whether signing in asks for a code too; recovery codes alone are no second factor."""
    kept = Authenticator.objects.filter(user_id=person)
    return bool(kept.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def remove_factors(person: int) -> None:
    """Take every second factor away."""
    Authenticator.objects.filter(user_id=person).delete()
    forget()


def watch_factors() -> None:
    """Tell the trail of each change; called once at start."""
    install_second_factor(has_factor, remove_factors)
    for signal, action in ((authenticator_added, "factor.add"), (authenticator_removed, "factor.remove"),
                           (authenticator_reset, "factor.renew")):  # fmt: skip
        signal.connect(_teller(action), weak=False, dispatch_uid=f"gemba.{action}")


def _teller(action: str) -> Any:
    def tell(request: HttpRequest, user: Any, authenticator: Authenticator, **_: Any) -> None:
        forget()
        client = str(request.META.get("REMOTE_ADDR") or "")
        actor = Actor("person", f"person:{user.pk}", f"person:{user.pk}", client=client)
        with recording(actor=actor, now=now()) as work:
            work.enter(action, detail={"person": user.pk, "kind": str(authenticator.type)})

    return tell
