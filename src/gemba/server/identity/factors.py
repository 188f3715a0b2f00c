"""Second factors as allauth keeps them: who has one, taking it away, a line of the trail for each change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models.signals import post_delete, post_save

from gemba.quality.people.authenticators import install_second_factor
from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.told import install_told
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
    """Tell the trail of each change, in the transaction that makes it; called once at start.

    Django's signal comes after the row was written, which outside a transaction is after its commit.
    """
    setattr(Authenticator, "save", _together(Authenticator.save))  # noqa: B010 (it belongs to somebody else)
    install_second_factor(has_factor, remove_factors)
    install_told(Authenticator, secret=("data",), left_out=("created_at", "last_used_at"))
    post_save.connect(_kept, sender=Authenticator, dispatch_uid="gemba.factor.add")
    post_delete.connect(_gone, sender=Authenticator, dispatch_uid="gemba.factor.remove")


def _together(write: Callable[..., None]) -> Callable[..., None]:
    """The same, in one transaction with what its signals write."""

    @wraps(write)
    def written(*given: Any, **named: Any) -> None:
        with store.transaction():
            write(*given, **named)

    return written


def _kept(
    instance: Authenticator, created: bool = False, update_fields: frozenset[str] | None = None, **_: Any
) -> None:
    if update_fields is None or set(update_fields) != {"last_used_at"}:
        _tell("factor.add" if created else "factor.change", instance, rows=[instance])


def _gone(instance: Authenticator, **_: Any) -> None:
    _tell("factor.remove", instance, gone=[instance])


def _tell(
    action: str, factor: Authenticator, rows: Sequence[Authenticator] = (), gone: Sequence[Authenticator] = ()
) -> None:
    forget()
    owner = f"person:{factor.user_id}"
    with recording(actor=Actor("person", owner, owner), now=now()) as work:
        detail = {"person": factor.user_id, "kind": str(factor.type)}
        work.enter(action, detail=detail, rows=rows, gone=gone)
