"""Reads of gauges for screens and neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gemba.quality.control.gauges.lifecycle import LIFECYCLE
from gemba.quality.control.gauges.models import Gauge
from gemba.quality.records import store


class Standing(NamedTuple):
    """Whether a gauge may be used: not for what is measured at ``closed_from`` or later."""

    number: str
    state: str
    closed_from: int

    @property
    def label(self) -> str:
        """The state in words; one that ran out and is not locked yet is overdue all the same."""
        return LIFECYCLE.state("overdue" if self.state in ("in_service", "restricted") else self.state).label


def gauge(identity: int) -> Gauge:
    """The gauge of a header."""
    return Gauge.objects.select_related("header", "header__site").get(pk=identity)


def by_tag(site: str, tag: str) -> Gauge | None:
    """The gauge of a site with this tag."""
    return Gauge.objects.select_related("header", "header__site").filter(home=site, tag=tag).first()


def standings(tags: Sequence[str]) -> dict[tuple[str, str], Standing]:
    """How the gauges with these tags stand now, by site and tag; what no register has is left out."""
    marks = ", ".join("%s" for _ in tags)
    statement = (
        "SELECT g.home, g.tag, h.number, h.state, g.closed_from FROM gauges_gauge g "  # noqa: S608 (marks)
        f"JOIN records_header h ON h.id = g.header_id WHERE g.tag IN ({marks})"
    )
    rows = store.fetch(statement, list(tags))
    return {(home, tag): Standing(number, state, closed) for home, tag, number, state, closed in rows}
