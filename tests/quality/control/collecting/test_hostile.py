"""Whatever somebody sends: an answer for each reading, the good ones stored, and the store sound."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collected.door import ANNA, Door, changed
from gemba.quality.control.collecting import queries
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.records.trail import verify

pytestmark = pytest.mark.django_db
_sources, _looks = count(1), count(1)

words = st.text(max_size=90) | st.text("a1;=%\x00\ud800\u00a0\n ", max_size=12) | st.just("")
big = st.integers(-(2**70), 2**70) | st.integers(-2, 3)
zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(timezones=st.none() | zones) | st.sampled_from(
    [datetime.max.replace(tzinfo=timezone.utc), datetime.min.replace(tzinfo=timezone.utc)]  # noqa: UP017
)
junk = st.fixed_dictionaries(
    {},
    optional={
        "source": words,
        "sequence": big,
        "characteristic": words,
        "text": words | st.decimals().map(str),
        "unit": words | st.sampled_from(["in", "um", "kg", "°C"]),
        "stream": st.dictionaries(words | st.just("machine"), words, max_size=3),
        "measured_at": st.none() | moments,
        "operator": words,
        "lot": words,
        "serial": words,
        "subgroup": words,
        "purpose": words | st.just("study"),
        "validity": words | st.just("excluded"),
        "confirmed": st.booleans(),
        "kind": words | st.sampled_from(["void", "correction", "remeasure"]),
        "about": st.none() | big,
        "note": words,
    },
)


@pytest.fixture
def door() -> Door:
    return Door(stream_keys="machine")


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(junk, min_size=1, max_size=6))
def test_no_reading_breaks_the_door_or_harms_its_company(door: Door, given: list[dict[str, object]]) -> None:
    source = f"press-{next(_sources)}"
    good = door.reading("10.00", source=source, sequence=0, stream={"machine": "M1"})
    odd: list[Reading] = [
        changed(good, **({"sequence": number + 1} | more)) for number, more in enumerate(given)
    ]
    receipts = door.send(*odd, good, actor=ANNA)
    assert [(r.source, r.sequence) for r in receipts] == [(r.source, r.sequence) for r in (*odd, good)]
    assert receipts[-1].status == "accepted" or any(r.sequence == 0 and r.source == source for r in odd)
    again = door.send(*odd, good, actor=ANNA)
    for before, after in zip(receipts, again, strict=True):
        assert (before.status, before.reading, before.quarantine, before.reasons) == (
            after.status,
            after.reading,
            after.quarantine,
            after.reasons,
        )
    for receipt, reading in zip(receipts, odd, strict=False):
        kept = queries.quarantined_reading(receipt.quarantine or 0)
        assert kept is None or kept.reading == reading
    if next(_looks) % 20 == 0:
        assert verify().sound
