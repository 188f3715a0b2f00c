"""In which direction the thread is followed from a card, so that it stays one thread. Pure.

From the record one goes ahead to all that came of it, and back to all that it stands on. Whoever goes
back does not come down again to everything else that stands on the same requirement; beside the way lie
only the control plan and the gauge of what is on it.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Way: TypeAlias = Literal["start", "ahead", "back", "beside", "end"]
BESIDE = frozenset(("controlled_by", "measured_with", "measured_on", "mitigated_by"))
"""What lies beside the way: how a thing that is on it is watched."""
ORIGINS = frozenset(("contained_in", "raised_from", "affects", "corrects", "verifies", "caused_by", "charts"))
"""Where something on the way ahead comes from: shown, and not followed."""


def onward(way: Way, relation: str, here: int, there: int) -> Way | None:
    """How the thread goes on to a neighbour by a relation, from column to column; ``None``: it does not."""
    if way == "end":
        return None
    if way == "beside":
        return "beside" if relation in BESIDE and there > here else None
    if there == here:
        return way
    if there < here:
        return "back" if way in ("start", "back") else "end" if relation in ORIGINS else None
    if way in ("start", "ahead"):
        return "ahead"
    return "beside" if relation in BESIDE else None
