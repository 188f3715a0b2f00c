"""Second factors as allauth keeps them: who has one, taking it away, a line of the trail for each change."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models.signals import post_delete, post_save

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


def watch_factors() -> None:
    """Tell the trail of each change, in the transaction that makes it; called once at start."""
    install_second_factor(has_factor, remove_factors)
    post_save.connect(_kept, sender=Authenticator, dispatch_uid="gemba.factor.add")
    post_delete.connect(_gone, sender=Authenticator, dispatch_uid="gemba.factor.remove")


def _kept(instance: Authenticator, created: bool = False, **_: Any) -> None:
    if created:
        _tell("factor.add", instance)


def _gone(instance: Authenticator, **_: Any) -> None:
    _tell("factor.remove", instance)


def _tell(action: str, factor: Authenticator) -> None:
    forget()
    owner = f"person:{factor.user_id}"
    with recording(actor=Actor("person", owner, owner), now=now()) as work:
        work.enter(action, detail={"person": factor.user_id, "kind": str(factor.type)})
