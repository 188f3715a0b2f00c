"""The closed loop: one door for a measurement, and one table of what follows from what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gemba.quality.control.collecting import services as collecting
from gemba.quality.control.collecting.joining import joined
from gemba.quality.control.collecting.reading import Reading, Receipt
from gemba.quality.control.monitoring import services as monitoring
from gemba.quality.planning.products.queries import judged_together_later
from gemba.quality.reactions import REACTIONS
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.work import recording

__all__ = ["REACTIONS", "discard_quarantined", "receive", "receive_joined", "release_quarantined"]


def receive(readings: Sequence[Reading], *, actor: Actor, now: datetime) -> list[Receipt]:
    """Take readings in: stored, judged against specification and limits, in one transaction.

    Each reading is taken exactly once by its source and its number. What cannot be taken waits in
    quarantine with every reason; what cannot even be kept is refused in its receipt.

    Returns
    -------
    list of Receipt
        One for each reading, in the order given.
    """
    return receive_joined([(actor, readings)], now=now)[0]


def receive_joined(
    batches: Sequence[tuple[Actor, Sequence[Reading]]], *, now: datetime
) -> list[list[Receipt]]:
    """Take the batches of several senders in together, with one commit; receipts for each batch."""
    senders = {actor.id: actor for actor, _ in batches}
    actor = next(iter(senders.values())) if len(senders) == 1 else system("receive")
    with recording(actor=actor, now=now) as work:
        together = judged_together_later()
        locking = monitoring.Locking(work)
        accepted, receipts = collecting.accept(work, batches, locking.ask)
        monitoring.judge(work, accepted, joined(work, accepted, together), locking)
    return receipts


def release_quarantined(
    *, quarantined: int, mended: Reading | None = None, reason: str = "", actor: Actor, now: datetime
) -> Receipt:
    """Let a person take a reading out of quarantine, mended or as it is; judged like any other.

    Raises
    ------
    Refused
        With everything that still stands against it.
    """
    with recording(actor=actor, now=now) as work:
        together = judged_together_later()
        accepted, receipt = collecting.release(
            work, quarantined=quarantined, mended=mended, reason=reason, actor=actor
        )
        monitoring.judge(work, accepted, joined(work, accepted, together))
    return receipt


def discard_quarantined(*, quarantined: int, reason: str, actor: Actor, now: datetime) -> None:
    """Let a person decide that a quarantined reading is not taken.

    Raises
    ------
    Refused
        Without a reason, or by somebody who may not.
    """
    with recording(actor=actor, now=now) as work:
        collecting.discard(work, quarantined=quarantined, reason=reason, actor=actor)
