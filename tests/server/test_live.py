"""What browsers are told of: every point that was committed, in whatever order the ids came."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gemba.quality.control.collecting.models import Stream
from gemba.quality.control.monitoring.tables import POINT
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.records.actor import system
from gemba.quality.records.work import recording
from gemba.server.live import charts

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VALUES = {"fired": "", "subgroup": "", "fault": "", "limits": None, "signal": None}

pytestmark = pytest.mark.django_db


def commit(*points: tuple[int, int]) -> None:
    """Points of streams, each with its id, in one transaction."""
    with recording(actor=system("test"), now=NOW) as work:
        known = VALUES | {"tx": work.ledger.tx, "at": work.at}
        rows = []
        for stream, identity in points:
            row = known | {"id": identity, "position": identity, "stream": stream}
            rows.append(tuple(row.get(name, 1) for name in POINT.columns))
        work.write(POINT, rows)


def test_a_point_with_a_lower_id_that_comes_later_is_told_too() -> None:
    commit((7, 100), (8, 101), (7, 102))
    reached, news = charts.changed_streams(0)
    assert news == {7: 102, 8: 101}
    commit((9, 50), (7, 51))
    later, more = charts.changed_streams(reached)
    assert more == {9: 50, 7: 51}
    assert charts.changed_streams(later) == (later, {})
    assert charts.newest_seal() == later


def test_a_commit_without_points_is_passed_over() -> None:
    commit((7, 100))
    reached, _ = charts.changed_streams(0)
    with recording(actor=system("test"), now=NOW) as work:
        work.enter("nothing on a chart")
    later, news = charts.changed_streams(reached)
    assert (later, news) == (reached + 1, {})


def test_more_points_than_one_question_holds_are_all_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "MOST_SPANS", 2)
    commit(*((stream, 10 * stream) for stream in range(1, 8)))
    assert charts.changed_streams(0)[1] == {stream: 10 * stream for stream in range(1, 8)}


def test_whoever_was_away_for_very_long_is_told_of_every_chart(
    monkeypatch: pytest.MonkeyPatch, characteristic: Characteristic
) -> None:
    monkeypatch.setattr(charts, "MOST_SEALS", 1)
    made = Stream.objects.create(pk=5, characteristic=characteristic.header, key="M1", created_at=0)
    assert charts.changed_streams(0) == (charts.newest_seal(), {made.pk: 0})
