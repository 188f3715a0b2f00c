"""Human numbers: type-site-year-sequence, gapless, never reused, taken last in the transaction."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from gemba.quality.records import store
from gemba.quality.records.models import Header
from gemba.quality.records.types import RecordType
from gemba.quality.records.work import Work


def take_number(kind: RecordType, header: Header, work: Work) -> str:
    """The next number, such as ``NCR-HALLE-26-0117``; the counter stays locked until the commit.

    The year is the year at the record's site.
    """
    year = work.now.astimezone(ZoneInfo(header.site.zone)).year
    key = f"{kind.prefix}-{header.site_id}-{year % 100:02d}"
    value = store.fetch(
        "INSERT INTO records_counter (key, value) VALUES (%s, 1) "
        "ON CONFLICT (key) DO UPDATE SET value = records_counter.value + 1 RETURNING value",
        [key],
    )[0][0]
    return f"{key}-{value:04d}"
